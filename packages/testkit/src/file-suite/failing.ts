import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import type { ConnectionCut, FileWorkspace } from "../file-workspace.ts";
import { given, having, type Statements } from "./statements.ts";
import {
  assertNoLeftovers,
  assertNoTrace,
  hashOf,
  MIB,
  notHanging,
  pattern,
  rejectionOf,
  rejectsWith,
  withClient,
} from "./tools.ts";

/** What a source gives before it fails: enough for a store to have sent some of it. */
const GIVEN_BEFORE = 6;

export const failing: Statements = {
  "an exception in the source leaves nothing, and is what writing rejects with": async (workspace) => {
    const failure = new Error("the source broke");
    await assert.rejects(workspace.target("a.bin").writeFrom(partsAnd(failure)), failure);
    await assertNoTrace(workspace, "a.bin");
  },

  "an exception in the source leaves what was there": async (workspace) => {
    await workspace.target("a.bin").writeText("old");
    const failure = new Error("the source broke");
    await assert.rejects(workspace.target("a.bin").writeFrom(partsAnd(failure)), failure);
    assert.equal(await workspace.target("a.bin").readText(), "old");
    await assertNoLeftovers(workspace);
  },

  "a source stream that fails leaves nothing": async (workspace) => {
    const failure = new Error("the stream broke");
    await assert.rejects(written(workspace, failure), failure);
    await assertNoTrace(workspace, "a.bin");
  },

  "a source stream that is destroyed without an error is not taken for its end": async (workspace) => {
    await notHanging(rejectionOf(written(workspace, undefined)));
    await assertNoTrace(workspace, "a.bin");
  },

  "a source stream that was destroyed before is not taken for an empty one": async (workspace) => {
    const source = new PassThrough().destroy();
    await notHanging(rejectionOf(workspace.target("a.bin").writeFrom(source)));
    await assertNoTrace(workspace, "a.bin");
  },

  "a stream that is destroyed leaves nothing": async (workspace) => {
    const stream = workspace.target("a.bin").createWriteStream();
    for (const part of parts()) stream.write(part);
    stream.destroy();
    await new Promise((resolve) => stream.once("close", resolve));
    await assertNoTrace(workspace, "a.bin");
  },

  "an abort rejects with its reason and leaves nothing": async (workspace) => {
    const stop = new AbortController();
    const reason = new Error("enough");
    async function* source(): AsyncGenerator<Buffer> {
      yield* parts();
      stop.abort(reason);
      // A source that never goes on, nor ends.
      await new Promise(() => undefined);
    }
    const writing = workspace.target("a.bin").writeFrom(source(), { signal: stop.signal });
    await assert.rejects(notHanging(writing), reason);
    await assertNoTrace(workspace, "a.bin");
  },

  "an abort ends a writer": async (workspace) => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const path = workspace.target("a.bin").path;
    const writer = await workspace.fileSystem.openWrite(path, { signal: stop.signal });
    await writer.write(pattern(MIB));
    stop.abort(reason);
    await assert.rejects(writer.commit(), reason);
    await assertNoTrace(workspace, "a.bin");
  },

  "a write below a file is refused and leaves the file": having("directories", async (workspace) => {
    await workspace.target("file").writeText("a");
    await rejectsWith(workspace.target("file/x").writeText("b"), "TARGET_NOT_DIRECTORY");
    await rejectsWith(workspace.target("file/x/y").writeText("b"), "TARGET_NOT_DIRECTORY");
    assert.equal(await workspace.target("file").readText(), "a");
    await assertNoLeftovers(workspace);
  }),

  "a write to the path of a directory is refused": having("directories", async (workspace) => {
    await workspace.target("dir/a.txt").writeText("a");
    await rejectsWith(workspace.target("dir").writeText("b"), "TARGET_IS_DIRECTORY");
    assert.equal(await workspace.target("dir/a.txt").readText(), "a");
    await assertNoLeftovers(workspace);
  }),

  "a write to a path that ends in a slash is refused": async (workspace) => {
    await rejectsWith(workspace.target("dir/").writeText("b"), "PATH_INVALID");
    await assertNoTrace(workspace, "dir");
  },

  "a full store says so, with the path, and keeps nothing": async ({ faults }) => {
    await withClient(given(faults, "full")(), async (client) => {
      const target = client.target("a.bin");
      const error = await rejectsWith(
        target.writeFrom(Array.from({ length: 32 }, () => pattern(MIB))),
        "TARGET_FULL",
      );
      assert.equal(error.details["path"], target.path);
      assert.equal(await target.exists(), false);
      // There is room again when nothing was left.
      await target.writeBytes(pattern(48 * 1024));
      assert.equal(hashOf(await target.readBytes()), hashOf(pattern(48 * 1024)));
    });
  },

  "a write that is not permitted says so, with the path, and keeps nothing": async (workspace) => {
    const readOnly = given(workspace.faults, "readOnly");
    await workspace.target("locked/old.txt").writeText("old");
    await withClient(readOnly("locked"), async (client) => {
      const target = client.target("locked/a.txt");
      const error = await rejectsWith(target.writeText("a"), "TARGET_FORBIDDEN");
      assert.equal(error.details["path"], target.path);
      await rejectsWith(client.target("locked/old.txt").writeText("new"), "TARGET_FORBIDDEN");
    });
    assert.equal(await workspace.target("locked/old.txt").readText(), "old");
    await assertNoTrace(workspace, "locked/a.txt");
  },

  "a connection that is cut while writing leaves the old content or the whole new one": async (workspace) => {
    await survivesCut(workspace, "reset");
  },

  "a connection that ends while writing leaves the old content or the whole new one": async (workspace) => {
    await survivesCut(workspace, "end");
  },

  "writing rejects when the store cannot be reached": async ({ faults }) => {
    await withClient(given(faults, "unreachable")(), async (client) => {
      await notHanging(rejectsWith(client.target("a.txt").writeText("a"), "TARGET_UNAVAILABLE"));
    });
  },
};

async function survivesCut(workspace: FileWorkspace, kind: ConnectionCut["kind"]): Promise<void> {
  const cuttable = given(workspace.faults, "cuttable");
  const content = pattern(4 * MIB);
  await workspace.target("a.bin").writeText("old");
  await withClient(cuttable(), async (client) => {
    client.cutNext({ direction: "upstream", afterBytes: MIB, kind });
    const [outcome] = await Promise.allSettled([notHanging(client.target("a.bin").writeBytes(content))]);
    const expected = outcome.status === "fulfilled" ? content : Buffer.from("old");
    assert.equal(hashOf(await workspace.target("a.bin").readBytes()), hashOf(expected));
  });
}

function* parts(): Generator<Buffer> {
  for (let index = 0; index < GIVEN_BEFORE; index++) yield pattern(MIB, index + 1);
}

function* partsAnd(failure: Error): Generator<Buffer> {
  yield* parts();
  throw failure;
}

/** Writes from a stream that is destroyed after some parts. */
async function written(workspace: FileWorkspace, failure: Error | undefined): Promise<void> {
  const source = new Readable({
    read() {
      const part = remaining.next();
      if (part.done === true) this.destroy(failure);
      else this.push(part.value);
    },
  });
  const remaining = parts();
  await workspace.target("a.bin").writeFrom(source);
}
