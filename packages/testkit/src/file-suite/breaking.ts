import assert from "node:assert/strict";
import type { ConnectionCut, FileStoreClient } from "../file-workspace.ts";
import { given, type Statements } from "./statements.ts";
import {
  assertNoLeftovers,
  hashOf,
  listed,
  MIB,
  notHanging,
  pathsOf,
  pattern,
  rejectsWith,
  withClient,
} from "./tools.ts";

/** More than the buffers on the way hold: some of it is still to come when something breaks. */
const CONTENT = pattern(8 * MIB);
const OLD = Buffer.from("what was there before");

/** Commands are short: a file is written with some hundred bytes of them. */
const COMMAND_BYTES = 40;
const COMMAND_CUTS = 20;

/** Takes the place of a cut for which too few bytes have come. */
const NO_CUT: ConnectionCut = {
  direction: "upstream",
  kind: "reset",
  afterBytes: Number.MAX_SAFE_INTEGER,
};

export const breaking: Statements = {
  "a connection for commands that is cut leaves the old file or the whole new one, and the next try succeeds":
    async (workspace) => {
      await withClient(given(workspace.faults, "commandCuttable")(), async (client) => {
        const target = client.target("a.bin");
        const content = CONTENT.subarray(0, 300_000);
        for (let index = 0; index < COMMAND_CUTS; index++) {
          await workspace.target("a.bin").writeBytes(OLD);
          await target.exists();
          client.cutNext(commandCut(index));
          const written = await outcomeOf(target.writeBytes(content));
          client.cutNext(NO_CUT);
          const expected = written === "done" ? content : OLD;
          assert.equal(hashOf(await workspace.target("a.bin").readBytes()), hashOf(expected), written);
          await target.writeBytes(content);
          assert.equal(await workspace.target("a.bin").size(), content.length);
        }
        assert.ok(client.cuts() > COMMAND_CUTS / 2, `there were ${client.cuts()} cuts`);
      });
      await assertNoLeftovers(workspace);
    },

  "a connection for commands that is cut while a file is read is an error, or the bytes come all the same":
    async (workspace) => {
      const content = CONTENT.subarray(0, 300_000);
      await workspace.target("a.bin").writeBytes(content);
      await withClient(given(workspace.faults, "commandCuttable")(), async (client) => {
        const target = client.target("a.bin");
        for (let index = 0; index < COMMAND_CUTS; index++) {
          await target.exists();
          client.cutNext(commandCut(index));
          await isWholeOrError(target.readBytes(), content);
          client.cutNext(NO_CUT);
          assert.equal(hashOf(await target.readBytes()), hashOf(content));
        }
        assert.ok(client.cuts() > COMMAND_CUTS / 2, `there were ${client.cuts()} cuts`);
      });
    },

  "a connection that is half closed while writing leaves the old content or the whole new one": async (
    workspace,
  ) => {
    for (const direction of ["downstream", "upstream"] as const) {
      await workspace.target("a.bin").writeBytes(OLD);
      await withClient(given(workspace.faults, "halfClosable")(), async (client) => {
        await isOldOrNew(client, async () => client.halfClose(direction));
      });
    }
  },

  "a connection that is half closed while reading is an error, or the bytes come all the same": async (
    workspace,
  ) => {
    await workspace.target("a.bin").writeBytes(CONTENT);
    for (const direction of ["downstream", "upstream"] as const) {
      await withClient(given(workspace.faults, "halfClosable")(), async (client) => {
        await isReadWhole(client, async () => client.halfClose(direction));
      });
    }
  },

  "a connection on which everything takes its time loses nothing": async (workspace) => {
    const content = CONTENT.subarray(0, MIB);
    await withClient(given(workspace.faults, "delayed")(), async (client) => {
      const target = client.target("slow/a.bin");
      await target.writeBytes(content);
      assert.equal(hashOf(await target.readBytes()), hashOf(content));
      await target.copyTo(client.target("slow/b.bin"));
      assert.deepEqual(await listed(client, "slow"), pathsOf(client, "slow/a.bin", "slow/b.bin"));
      assert.equal(await client.target("slow").remove({ recursive: true }), true);
    });
  },

  "a server that is killed while a file is written keeps the old content or the whole new one, and the next try succeeds":
    async (workspace) => {
      await withClient(given(workspace.faults, "killable")(), async (client) => {
        await client.target("a.bin").writeBytes(OLD);
        await isOldOrNew(
          client,
          () => client.kill(),
          () => client.restart(),
        );
        await client.target("a.bin").writeBytes(CONTENT);
        assert.equal(hashOf(await client.target("a.bin").readBytes()), hashOf(CONTENT));
      });
    },

  "a server that is killed while a file is read is an error, or the bytes come all the same": async (
    workspace,
  ) => {
    await withClient(given(workspace.faults, "killable")(), async (client) => {
      await client.target("a.bin").writeBytes(CONTENT);
      await isReadWhole(client, () => client.kill());
      await client.restart();
      assert.equal(hashOf(await client.target("a.bin").readBytes()), hashOf(CONTENT));
    });
  },
};

function commandCut(index: number): ConnectionCut {
  return {
    direction: index % 2 === 0 ? "upstream" : "downstream",
    kind: index % 4 < 2 ? "reset" : "end",
    afterBytes: (index >> 1) * COMMAND_BYTES,
  };
}

/** "done", or the code of the error, which must be one of a store that cannot be reached. */
async function outcomeOf(transfer: Promise<unknown>): Promise<string> {
  const [outcome] = await Promise.allSettled([notHanging(transfer)]);
  if (outcome.status === "fulfilled") return "done";
  const error = await rejectsWith(
    Promise.reject(outcome.reason as Error),
    "TARGET_UNAVAILABLE",
    "TARGET_TIMEOUT",
  );
  return error.code;
}

async function isWholeOrError(reading: Promise<Buffer>, content: Buffer): Promise<void> {
  if ((await outcomeOf(reading)) === "done") assert.equal(hashOf(await reading), hashOf(content));
}

/** Breaks something in the middle of a write to a file that is there already. */
async function isOldOrNew(
  client: FileStoreClient,
  breakIt: () => Promise<void>,
  mend = async (): Promise<void> => undefined,
): Promise<void> {
  const target = client.target("a.bin");
  const writer = await client.fileSystem.openWrite(target.path);
  const write = async (): Promise<void> => {
    await writer.write(CONTENT.subarray(0, 2 * MIB));
    await breakIt();
    await writer.write(CONTENT.subarray(2 * MIB));
    await writer.commit();
  };
  const written = await outcomeOf(write());
  // Whether it can clean up depends on what is broken.
  if (written !== "done") await writer.abort().catch(() => undefined);
  await mend();
  const expected = written === "done" ? CONTENT : OLD;
  assert.equal(hashOf(await target.readBytes()), hashOf(expected), written);
}

/** Breaks something as soon as the first bytes of CONTENT have come. */
async function isReadWhole(client: FileStoreClient, breakIt: () => Promise<void>): Promise<void> {
  const read = async (): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of await client.target("a.bin").createReadStream()) {
      if (chunks.length === 0) await breakIt();
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  };
  await isWholeOrError(read(), CONTENT);
}
