import assert from "node:assert/strict";
import { given, type Statements } from "./statements.ts";
import { assertNoLeftovers, MIB, notHanging, pattern, rejectsWith, withClient } from "./tools.ts";

export const existence: Statements = {
  "exists() is false before any write, and asking changes nothing": async (workspace) => {
    assert.equal(await workspace.target("a/b.txt").exists(), false);
    assert.equal(await workspace.target("a").exists(), false);
    await assertNoLeftovers(workspace);
  },

  "exists() is true as soon as writing has resolved": async (workspace) => {
    const target = workspace.target("a.txt");
    await target.writeText("a");
    assert.equal(await target.exists(), true);
  },

  "a second client sees a file as soon as writing has resolved": async (workspace) => {
    await withClient(given(workspace, "openSecondClient")(), async (second) => {
      assert.equal(await second.target("a.txt").exists(), false);
      await workspace.target("a.txt").writeText("a");
      assert.equal(await second.target("a.txt").exists(), true);
      assert.equal(await second.target("a.txt").readText(), "a");
    });
  },

  "exists() is false while a writer is open, however much it has written": async (workspace) => {
    const target = workspace.target("a.bin");
    const writer = await workspace.fileSystem.openWrite(target.path);
    for (let part = 0; part < 20; part++) {
      await writer.write(pattern(MIB));
      assert.equal(await target.exists(), false);
    }
    await writer.abort();
  },

  "exists() is true for a directory that has a file": async (workspace) => {
    await workspace.target("dir/a.txt").writeText("a");
    assert.equal(await workspace.target("dir").exists(), true);
    assert.equal(await workspace.fileSystem.isDirectory(workspace.target("dir").path), true);
    assert.equal(await workspace.fileSystem.isDirectory(workspace.target("dir/a.txt").path), false);
  },

  "exists() is false for the beginning of a name": async (workspace) => {
    await workspace.target("ab.txt").writeText("a");
    await workspace.target("dir-two/a.txt").writeText("a");
    for (const path of ["a", "ab", "ab.tx", "dir", "dir-two/a"]) {
      assert.equal(await workspace.target(path).exists(), false, path);
    }
  },

  "a path that ends in a slash is a directory, never a file": async (workspace) => {
    await workspace.target("dir/a.txt").writeText("a");
    assert.equal(await workspace.target("dir/").exists(), true);
    assert.equal(await workspace.target("dir/a.txt/").exists(), false);
  },

  "the root exists and is a directory": async ({ fileSystem, root }) => {
    assert.equal(await fileSystem.exists(root), true);
    assert.equal(await fileSystem.isDirectory(root), true);
  },

  "exists() of the root rejects when the store behind it is missing": async ({ faults }) => {
    await withClient(given(faults, "missing")(), async (client) => {
      await rejectsWith(client.fileSystem.exists(client.root), "TARGET_NOT_FOUND", "TARGET_UNAVAILABLE");
    });
  },

  "exists() is false below a missing directory": async (workspace) => {
    assert.equal(await workspace.target("no/such/directory/a.txt").exists(), false);
  },

  "exists() rejects when the store cannot be reached": async ({ faults }) => {
    await withClient(given(faults, "unreachable")(), async (client) => {
      await rejectsWith(client.target("a.txt").exists(), "TARGET_UNAVAILABLE");
    });
  },

  "exists() rejects when the store does not let the client in": async ({ faults }) => {
    await withClient(given(faults, "unauthorized")(), async (client) => {
      await rejectsWith(client.target("a.txt").exists(), "TARGET_FORBIDDEN");
    });
  },

  "exists() rejects within its deadline when the server never answers": async ({ faults }) => {
    await withClient(given(faults, "silent")(), async (client) => {
      await notHanging(rejectsWith(client.target("a.txt").exists(), "TARGET_TIMEOUT", "TARGET_UNAVAILABLE"));
    });
  },

  "exists() rejects with the reason of a signal that is aborted": async (workspace) => {
    const reason = new Error("enough");
    await workspace.target("a.txt").writeText("a");
    const answer = workspace.target("a.txt").exists({ signal: AbortSignal.abort(reason) });
    await assert.rejects(answer, reason);
  },

  "exists() is false below a file": async (workspace) => {
    await workspace.target("file").writeText("a");
    assert.equal(await workspace.target("file/x").exists(), false);
  },

  "exists() is true for a link to a file and false for one that leads nowhere": async (workspace) => {
    const makeLink = given(workspace, "makeLink");
    await workspace.target("a.txt").writeText("a");
    await makeLink("a.txt", "good");
    await makeLink("nothing.txt", "dangling");
    assert.equal(await workspace.target("good").exists(), true);
    assert.equal(await workspace.target("dangling").exists(), false);
  },
};
