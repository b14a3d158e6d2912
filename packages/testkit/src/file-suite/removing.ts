import assert from "node:assert/strict";
import { given, having, type Statements } from "./statements.ts";
import { listed, pathOf, pathsOf, rejectsWith, withClient, writeFiles } from "./tools.ts";

export const removing: Statements = {
  "a removed file is gone, and removing tells that it was there": async (workspace) => {
    const target = workspace.target("a.txt");
    await target.writeText("a");
    assert.equal(await target.remove(), true);
    assert.equal(await target.exists(), false);
  },

  "removing what is missing tells so": async (workspace) => {
    assert.equal(await workspace.target("no.txt").remove(), false);
    assert.equal(await workspace.target("no/such/directory.txt").remove(), false);
    assert.equal(await workspace.target("no").remove({ recursive: true }), false);
    await workspace.target("file").writeText("a");
    assert.equal(await workspace.target("file/x").remove({ recursive: true }), false);
    assert.equal(await workspace.target("file/").remove({ recursive: true }), false);
    assert.equal(await workspace.target("file").exists(), true);
  },

  "a directory with files is not removed unless recursively": async (workspace) => {
    await writeFiles(workspace, ["dir/a.txt", "dir/sub/b.txt"]);
    await rejectsWith(workspace.target("dir").remove(), "TARGET_NOT_EMPTY");
    assert.deepEqual(await listed(workspace, "dir"), pathsOf(workspace, "dir/a.txt", "dir/sub/b.txt"));
  },

  "an empty directory is removed": having("directories", async (workspace) => {
    const { fileSystem } = workspace;
    const path = pathOf(workspace, "dir");
    await fileSystem.mkdir(path);
    assert.equal(await fileSystem.remove(path), true);
    assert.equal(await fileSystem.exists(path), false);
  }),

  "a recursive removal takes hidden files and nested directories": async (workspace) => {
    await writeFiles(workspace, [
      "dir/.hidden",
      "dir/.hidden-directory/.hidden",
      "dir/a/b/c/d/e/deep",
      "other/kept",
    ]);
    assert.equal(await workspace.target("dir").remove({ recursive: true }), true);
    assert.equal(await workspace.target("dir").exists(), false);
    assert.equal(await workspace.target("dir/.hidden-directory/.hidden").exists(), false);
    assert.equal(await workspace.target("other/kept").exists(), true);
  },

  "a recursive removal removes links and does not follow them": async (workspace) => {
    const makeLink = given(workspace, "makeLink");
    await writeFiles(workspace, ["kept/a.txt", "dir/b.txt"]);
    await makeLink("kept", "dir/link");
    await makeLink("kept/a.txt", "dir/link.txt");
    await makeLink("nothing", "dir/dangling");
    await makeLink("kept", "link");
    assert.equal(await workspace.target("dir").remove({ recursive: true }), true);
    assert.equal(await workspace.target("dir").exists(), false);
    assert.equal(await workspace.target("link/").remove({ recursive: true }), true);
    assert.equal(await workspace.target("link").exists(), false);
    assert.equal(await workspace.target("kept/a.txt").readText(), "kept/a.txt");
  },

  "the root is never removed": async ({ fileSystem, root }) => {
    // Should it be tried all the same, the signal stops it.
    const signal = AbortSignal.abort(new Error("the root would have been removed"));
    for (const spelling of [root, `${root}/`]) {
      await rejectsWith(fileSystem.remove(spelling, { recursive: true, signal }), "PATH_INVALID");
      await rejectsWith(fileSystem.remove(spelling, { signal }), "PATH_INVALID");
    }
  },

  "a removal that fails in part removes the rest and names what remains": async (workspace) => {
    const readOnly = given(workspace.faults, "readOnly");
    await writeFiles(workspace, ["dir/a.txt", "dir/locked/b.txt", "dir/locked/c.txt", "dir/z/d.txt"]);
    await withClient(readOnly("dir/locked"), async (client) => {
      const error = await rejectsWith(client.target("dir").remove({ recursive: true }), "TARGET_FORBIDDEN");
      const remaining = pathsOf(client, "dir/locked/b.txt", "dir/locked/c.txt");
      assert.deepEqual(String(error.details["remaining"]).split("\n").sort(), remaining);
      assert.equal(error.details["remainingCount"], 2);
    });
    const left = pathsOf(workspace, "dir/locked/b.txt", "dir/locked/c.txt");
    assert.deepEqual(await listed(workspace, "dir"), left);
  },

  "removing one name leaves those that begin with it": async (workspace) => {
    await writeFiles(workspace, ["a/x.txt", "ab", "a.txt", "a-b/x.txt", "aa/x.txt"]);
    assert.equal(await workspace.target("a").remove({ recursive: true }), true);
    for (const kept of ["ab", "a.txt", "a-b/x.txt", "aa/x.txt"]) {
      assert.equal(await workspace.target(kept).exists(), true, kept);
    }
  },
};
