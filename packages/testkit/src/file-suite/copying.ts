import assert from "node:assert/strict";
import {
  type FileTarget,
  gzip,
  LeatError,
  MemoryFileSystem,
  MemoryTarget,
  type TransferProgress,
} from "@leat/core";
import type { FileWorkspace } from "../file-workspace.ts";
import { having, type Statements } from "./statements.ts";
import {
  assertNoLeftovers,
  assertNoTrace,
  hashOf,
  listed,
  MIB,
  pathOf,
  pathsOf,
  pattern,
  rejectsWith,
  writeFiles,
} from "./tools.ts";

export const copying: Statements = {
  "a file moves to a new directory": async (workspace) => {
    const content = pattern(MIB);
    await workspace.target("a.bin").writeBytes(content);
    await workspace.target("a.bin").moveTo(workspace.target("x/y/b.bin"));
    assert.equal(await workspace.target("a.bin").exists(), false);
    assert.equal(hashOf(await workspace.target("x/y/b.bin").readBytes()), hashOf(content));
  },

  "a moved file replaces the one that was there": async (workspace) => {
    await writeFiles(workspace, ["a.txt", "b.txt"]);
    await workspace.target("a.txt").moveTo(workspace.target("b.txt"));
    assert.equal(await workspace.target("b.txt").readText(), "a.txt");
    assert.equal(await workspace.target("a.txt").exists(), false);
  },

  "a directory moves with all that is in it": async (workspace) => {
    await writeFiles(workspace, ["dir/a.txt", "dir/sub/b.txt", "dir-two/c.txt"]);
    await workspace.fileSystem.rename(pathOf(workspace, "dir"), pathOf(workspace, "new/place"));
    assert.equal(await workspace.target("dir").exists(), false);
    const moved = pathsOf(workspace, "new/place/a.txt", "new/place/sub/b.txt");
    assert.deepEqual(await listed(workspace, "new/place"), moved);
    assert.equal(await workspace.target("new/place/sub/b.txt").readText(), "dir/sub/b.txt");
  },

  "a file of a directory that moves is whole wherever it is seen": having(
    "atomicRename",
    async (workspace) => {
      const content = pattern(100_000);
      await workspace.target("from/a.bin").writeBytes(content);
      const look = (): Promise<number> => bytesSeen(workspace.target("to/a.bin"));
      const seen = await whileMoving(workspace, "from", "to", look);
      assert.ok(seen.length > 0, "nothing was seen");
      assert.deepEqual(
        seen.filter((bytes) => bytes !== 0 && bytes !== content.length),
        [],
      );
    },
  ),

  "an exclusive move does not replace and does not nest": having("createOnly", async (workspace) => {
    await writeFiles(workspace, ["a.txt", "b.txt", "dir/c.txt", "from/d.txt"]);
    const move = (from: string, to: string): Promise<void> =>
      workspace.fileSystem.rename(pathOf(workspace, from), pathOf(workspace, to), { exclusive: true });
    await rejectsWith(move("a.txt", "b.txt"), "TARGET_EXISTS");
    await rejectsWith(move("a.txt", "dir"), "TARGET_EXISTS");
    await rejectsWith(move("from", "dir"), "TARGET_EXISTS");
    await rejectsWith(move("a.txt", "a.txt"), "TARGET_EXISTS");
    assert.equal(await workspace.target("b.txt").readText(), "b.txt");
    assert.deepEqual(await listed(workspace, "dir"), pathsOf(workspace, "dir/c.txt"));
    await move("a.txt", "new.txt");
    assert.equal(await workspace.target("new.txt").readText(), "a.txt");
  }),

  "of several exclusive moves to one path exactly one succeeds": having("createOnly", async (workspace) => {
    const sources = ["a", "b", "c", "d", "e"];
    await writeFiles(workspace, sources);
    const moves = sources.map((from) =>
      workspace.target(from).moveTo(workspace.target("to"), { exclusive: true }),
    );
    const outcomes = await Promise.allSettled(moves);
    assert.equal(outcomes.filter((outcome) => outcome.status === "fulfilled").length, 1);
    const winner = await workspace.target("to").readText();
    for (const from of sources) {
      assert.equal(await workspace.target(from).exists(), from !== winner, from);
    }
  }),

  "nothing moves into a directory": having("directories", async (workspace) => {
    await writeFiles(workspace, ["a.txt", "dir/b.txt", "from/c.txt"]);
    for (const from of ["a.txt", "from"]) {
      const move = workspace.fileSystem.rename(pathOf(workspace, from), pathOf(workspace, "dir"));
      await rejectsWith(move, "TARGET_IS_DIRECTORY");
    }
    assert.deepEqual(await listed(workspace, "dir"), pathsOf(workspace, "dir/b.txt"));
    assert.equal(await workspace.target("from/c.txt").exists(), true);
  }),

  "moving a missing file is an error and leaves the destination": async (workspace) => {
    await workspace.target("b.txt").writeText("b");
    await rejectsWith(workspace.target("a.txt").moveTo(workspace.target("b.txt")), "TARGET_NOT_FOUND");
    assert.equal(await workspace.target("b.txt").readText(), "b");
    const move = workspace.target("a.txt").moveTo(workspace.target("x/y/b.txt"));
    await rejectsWith(move, "TARGET_NOT_FOUND");
    assert.equal(await workspace.target("x").exists(), false);
  },

  "a file moved or copied onto itself stays": async (workspace) => {
    const target = workspace.target("a.txt");
    await target.writeText("a");
    await target.moveTo(workspace.target("a.txt"));
    await target.copyTo(workspace.target("a.txt"));
    assert.equal(await target.readText(), "a");
    await target.moveTo(workspace.target("a.txt", { format: gzip() }));
    assert.equal(await workspace.target("a.txt", { format: gzip() }).readText(), "a");
  },

  "a directory does not move below itself": async (workspace) => {
    await workspace.target("dir/a.txt").writeText("a");
    const move = workspace.fileSystem.rename(pathOf(workspace, "dir"), pathOf(workspace, "dir/sub"));
    await rejectsWith(move, "PATH_INVALID");
    assert.equal(await workspace.target("dir/a.txt").readText(), "a");
  },

  "a directory does not replace a file": having("directories", async (workspace) => {
    await writeFiles(workspace, ["dir/a.txt", "b.txt"]);
    const move = workspace.fileSystem.rename(pathOf(workspace, "dir"), pathOf(workspace, "b.txt"));
    await rejectsWith(move, "TARGET_NOT_DIRECTORY");
    assert.equal(await workspace.target("b.txt").readText(), "b.txt");
    assert.equal(await workspace.target("dir/a.txt").exists(), true);
  }),

  "the root is neither moved nor replaced": async (workspace) => {
    const { fileSystem, root } = workspace;
    const path = pathOf(workspace, "dir");
    // Should it be tried all the same, the signal stops it.
    const signal = AbortSignal.abort(new Error("the root would have been moved"));
    await rejectsWith(fileSystem.rename(root, path, { signal }), "PATH_INVALID");
    await rejectsWith(fileSystem.rename(path, root, { signal }), "PATH_INVALID");
    await rejectsWith(fileSystem.copy(path, root, { signal }), "PATH_INVALID");
  },

  "a copy leaves the source, has the same content and tells its size": async (workspace) => {
    const content = pattern(3 * MIB + 5);
    await workspace.target("a.bin").writeBytes(content);
    const [from, to] = [workspace.target("a.bin"), workspace.target("x/b.bin")];
    assert.equal(await workspace.fileSystem.copy(from.path, to.path), content.length);
    assert.equal(hashOf(await from.readBytes()), hashOf(content));
    assert.equal(hashOf(await to.readBytes()), hashOf(content));
    await from.writeText("changed");
    assert.equal(await to.size(), content.length);
    await assertNoLeftovers(workspace);
  },

  "a copy replaces the file that was there": async (workspace) => {
    await writeFiles(workspace, ["a.txt", "b.txt"]);
    await workspace.target("a.txt").copyTo(workspace.target("b.txt"));
    assert.equal(await workspace.target("b.txt").readText(), "a.txt");
    await assertNoLeftovers(workspace);
  },

  "an exclusive copy does not replace": having("createOnly", async (workspace) => {
    await writeFiles(workspace, ["a.txt", "b.txt"]);
    const copy = workspace.target("a.txt").copyTo(workspace.target("b.txt"), { exclusive: true });
    await rejectsWith(copy, "TARGET_EXISTS");
    assert.equal(await workspace.target("b.txt").readText(), "b.txt");
    await assertNoLeftovers(workspace);
  }),

  "what is missing, and a directory, cannot be copied": async (workspace) => {
    await writeFiles(workspace, ["dir/a.txt", "b.txt"]);
    const to = workspace.target("b.txt");
    await rejectsWith(workspace.target("no.txt").copyTo(to), "TARGET_NOT_FOUND");
    await rejectsWith(workspace.target("dir").copyTo(to), "TARGET_IS_DIRECTORY");
    assert.equal(await to.readText(), "b.txt");
    await assertNoLeftovers(workspace);
  },

  "a copy to another store and back tells how far it is": async (workspace) => {
    const content = pattern(MIB + 5);
    const elsewhere = new MemoryTarget("b.bin", { fileSystem: new MemoryFileSystem() });
    await workspace.target("a.bin").writeBytes(content);
    await tellsProgress(workspace.target("a.bin"), elsewhere, content.length);
    await tellsProgress(elsewhere, workspace.target("c.bin"), content.length);
    await tellsProgress(workspace.target("c.bin"), workspace.target("d.bin"), content.length);
    assert.equal(hashOf(await workspace.target("d.bin").readBytes()), hashOf(content));
  },

  "a file moves to another store and back": async (workspace) => {
    const content = pattern(MIB);
    const elsewhere = new MemoryTarget("b.gz", { fileSystem: new MemoryFileSystem(), format: gzip() });
    await workspace.target("a.bin").writeBytes(content);
    await workspace.target("a.bin").moveTo(elsewhere);
    assert.equal(await workspace.target("a.bin").exists(), false);
    await elsewhere.moveTo(workspace.target("c.bin"));
    assert.equal(hashOf(await workspace.target("c.bin").readBytes()), hashOf(content));
    assert.equal(await elsewhere.exists(), false);
  },

  "a file made at a temporary path appears when it is made": async (workspace) => {
    const target = workspace.target("x/a.txt");
    const result = await target.withTemporaryPath(async (path) => {
      const writer = await workspace.fileSystem.openWrite(path);
      await writer.write(Buffer.from("a"));
      await writer.commit();
      assert.equal(await target.exists(), false);
      return "made";
    });
    assert.equal(result, "made");
    assert.equal(await target.readText(), "a");
    await assertNoLeftovers(workspace);
  },

  "a directory made at a temporary path appears when it is made": async (workspace) => {
    for (const path of ["dir", "other/"]) {
      await workspace.target(path).withTemporaryPath(async (temporary) => {
        const writer = await workspace.fileSystem.openWrite(`${temporary.replace(/\/$/, "")}/a.txt`);
        await writer.commit();
      });
      assert.equal(await workspace.target(path).exists(), true, path);
    }
    assert.deepEqual(await listed(workspace, "dir"), pathsOf(workspace, "dir/a.txt"));
    await assertNoLeftovers(workspace);
  },

  "what is made at a temporary path does not replace": async (workspace) => {
    const target = workspace.target("a.txt");
    await target.writeText("old");
    const make = async (path: string): Promise<void> => {
      await (await workspace.fileSystem.openWrite(path)).commit();
    };
    await rejectsWith(target.withTemporaryPath(make), "TARGET_EXISTS");
    assert.equal(await target.readText(), "old");
    await assertNoLeftovers(workspace);
  },

  "a failure at a temporary path leaves nothing": async (workspace) => {
    const failure = new Error("the program broke");
    const made = workspace.target("a").withTemporaryPath(async (path) => {
      await (await workspace.fileSystem.openWrite(`${path}/b.txt`)).commit();
      throw failure;
    });
    await assert.rejects(made, failure);
    await assertNoTrace(workspace, "a");
  },
};

async function tellsProgress(from: FileTarget, to: FileTarget, bytes: number): Promise<void> {
  const seen: TransferProgress[] = [];
  await from.copyTo(to, { onProgress: (progress) => void seen.push(progress) });
  assert.equal(seen[0]?.bytes, 0);
  assert.ok(seen.every(({ totalBytes }) => totalBytes === bytes));
  assert.ok(seen.every((progress, index) => progress.bytes >= (seen[index - 1]?.bytes ?? 0)));
  const { from: source, to: destination, bytes: last, state } = seen.at(-1) as TransferProgress;
  assert.deepEqual([source, destination, last, state], [`${from}`, `${to}`, bytes, "done"]);
}

/** What `look` sees, time after time, while a directory goes to and fro. */
async function whileMoving<T>(
  workspace: FileWorkspace,
  one: string,
  other: string,
  look: () => Promise<T>,
): Promise<T[]> {
  const [here, there] = [pathOf(workspace, one), pathOf(workspace, other)];
  const seen: T[] = [];
  const state = { isMoving: true };
  const move = async (): Promise<void> => {
    for (let round = 0; round < 10; round++) {
      await workspace.fileSystem.rename(here, there);
      await workspace.fileSystem.rename(there, here);
    }
  };
  const moving = move().finally(() => (state.isMoving = false));
  while (state.isMoving) seen.push(await look());
  await moving;
  return seen;
}

/** The size of what can be read; 0 when it is not there. */
async function bytesSeen(target: FileTarget): Promise<number> {
  try {
    return (await target.readBytes()).length;
  } catch (error) {
    if (LeatError.is(error) && error.code === "TARGET_NOT_FOUND") return 0;
    throw error;
  }
}
