import assert from "node:assert/strict";
import type { ConnectionCut, CuttableFileStoreClient, FileWorkspace } from "../file-workspace.ts";
import { given, type Statements } from "./statements.ts";
import {
  assertNoLeftovers,
  eventually,
  hashOf,
  notHanging,
  pattern,
  rejectsWith,
  withClient,
} from "./tools.ts";

const ROUNDS = 10;
const TENTHS = 10;

/** Small, so that a hundred cuts take seconds; and larger than what is sent at once by most. */
const CONTENT = pattern(300_000);
const NEW = pattern(CONTENT.length + 1, 2);

export const cutting: Statements = {
  "an upload cut at every tenth, ten times each, leaves the old file or the whole new one, and the next try succeeds":
    async (workspace) => {
      await workspace.target("cut.bin").writeBytes(CONTENT);
      await cutEachTenth(workspace, "upstream", uploadIsWhole);
    },

  "a download cut at every tenth, ten times each, is an error or brings the bytes all the same": async (
    workspace,
  ) => {
    await workspace.target("cut.bin").writeBytes(CONTENT);
    await cutEachTenth(workspace, "downstream", downloadIsWhole);
  },
};

type Transfer = (workspace: FileWorkspace, client: CuttableFileStoreClient) => Promise<void>;

async function cutEachTenth(
  workspace: FileWorkspace,
  direction: ConnectionCut["direction"],
  transfer: Transfer,
): Promise<void> {
  await withClient(given(workspace.faults, "cuttable")(), async (client) => {
    for (let round = 0; round < ROUNDS; round++) {
      for (let tenth = 0; tenth < TENTHS; tenth++) {
        const afterBytes = Math.floor((CONTENT.length * tenth) / TENTHS) + round;
        client.cutNext({ direction, afterBytes, kind: round % 2 === 0 ? "reset" : "end" });
        await transfer(workspace, client);
        assert.equal(client.cuts(), round * TENTHS + tenth + 1, `cut after ${afterBytes} bytes`);
      }
      await assertNoLeftovers(workspace);
    }
    await client.fileSystem.close();
    await eventually(() => client.openConnections() === 0, "a connection was left open");
  });
}

async function uploadIsWhole(workspace: FileWorkspace, client: CuttableFileStoreClient): Promise<void> {
  const [target, seen] = [client.target("cut.bin"), workspace.target("cut.bin")];
  const writing = target.writeBytes(NEW);
  const [outcome] = await Promise.allSettled([notHanging(writing)]);
  if (outcome.status === "rejected") await rejectsWith(writing, "TARGET_UNAVAILABLE", "TARGET_TIMEOUT");
  const expected = outcome.status === "fulfilled" ? NEW : CONTENT;
  assert.equal(hashOf(await seen.readBytes()), hashOf(expected), outcome.status);
  // What is there before the next cut.
  await target.writeBytes(CONTENT);
  assert.equal(await seen.size(), CONTENT.length);
}

async function downloadIsWhole(_workspace: FileWorkspace, client: CuttableFileStoreClient): Promise<void> {
  const target = client.target("cut.bin");
  const reading = target.readBytes();
  const [outcome] = await Promise.allSettled([notHanging(reading)]);
  if (outcome.status === "fulfilled") return assert.equal(hashOf(outcome.value), hashOf(CONTENT));
  await rejectsWith(reading, "TARGET_UNAVAILABLE", "TARGET_TIMEOUT");
  assert.equal(hashOf(await target.readBytes()), hashOf(CONTENT));
}
