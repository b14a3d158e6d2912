import assert from "node:assert/strict";
import type { FileStoreClient } from "../file-workspace.ts";
import { given, having, type Statements } from "./statements.ts";
import { listed, pathOf, pathsOf, rejectsWith, writeFiles } from "./tools.ts";

/** More entries than stores and servers give at a time. */
const MANY = 1010;

export const directories: Statements = {
  "a directory can be made again, with files in it": async (workspace) => {
    const path = pathOf(workspace, "x/y/z");
    await workspace.fileSystem.mkdir(path);
    await workspace.fileSystem.mkdir(path);
    await workspace.target("x/y/z/a.txt").writeText("a");
    await workspace.fileSystem.mkdir(path);
    assert.equal(await workspace.target("x/y/z/a.txt").readText(), "a");
  },

  "a directory exists once it is made, also without files": having("directories", async (workspace) => {
    await workspace.fileSystem.mkdir(pathOf(workspace, "x/y"));
    assert.equal(await workspace.fileSystem.isDirectory(pathOf(workspace, "x/y")), true);
    assert.equal(await workspace.fileSystem.isDirectory(pathOf(workspace, "x")), true);
  }),

  "a directory can be made exclusively": having("directories", async (workspace) => {
    const path = pathOf(workspace, "x/y");
    await workspace.fileSystem.mkdir(path, { exclusive: true });
    await rejectsWith(workspace.fileSystem.mkdir(path, { exclusive: true }), "TARGET_EXISTS");
  }),

  "a directory is not made without parents unless they are asked for": having(
    "directories",
    async (workspace) => {
      const { fileSystem } = workspace;
      const [parent, child] = [pathOf(workspace, "x"), pathOf(workspace, "x/y")];
      await rejectsWith(fileSystem.mkdir(child, { parents: false }), "TARGET_NOT_FOUND");
      assert.equal(await fileSystem.exists(parent), false);
      await fileSystem.mkdir(parent, { parents: false });
      await fileSystem.mkdir(child, { parents: false });
      assert.equal(await fileSystem.isDirectory(child), true);
    },
  ),

  "a directory is not made where a file is": having("directories", async (workspace) => {
    await workspace.target("file").writeText("a");
    for (const path of ["file", "file/x", "file/x/y"]) {
      await rejectsWith(workspace.fileSystem.mkdir(pathOf(workspace, path)), "TARGET_NOT_DIRECTORY");
    }
    assert.equal(await workspace.target("file").readText(), "a");
  }),

  "eight clients make the same tree at once": async (workspace) => {
    const second = await workspace.openSecondClient?.();
    const clients = [workspace, second ?? workspace];
    const make = async (client: FileStoreClient): Promise<void> => {
      await client.fileSystem.mkdir(pathOf(client, "a/b/c/d/e"));
      await client.target("a/b/c/d/e/f/x.txt").writeText("x");
    };
    await Promise.all([0, 1, 2, 3].flatMap(() => clients.map(make)));
    await second?.dispose();
    assert.equal(await workspace.target("a/b/c/d/e/f/x.txt").readText(), "x");
  },

  "list() gives the full paths of files at any depth, and of files only": async (workspace) => {
    const files = ["dir/a.txt", "dir/.hidden", "dir/sub/b.txt", "dir/sub/sub/c.txt"];
    await writeFiles(workspace, [...files, "dir-two/x.txt", "other.txt"]);
    await workspace.fileSystem.mkdir(pathOf(workspace, "dir/empty"));
    const found = await listed(workspace, "dir");
    assert.deepEqual(found, pathsOf(workspace, ...files));
    for (const path of found) assert.equal(await workspace.fileSystem.exists(path), true);
    assert.deepEqual((await listed(workspace, "dir/")).length, files.length);
  },

  "list() gives one level when asked, directories with a slash": async (workspace) => {
    await writeFiles(workspace, ["dir/a.txt", "dir/sub/b.txt", "dir/sub/sub/c.txt", "dir/other/d.txt"]);
    const found = await listed(workspace, "dir", { recursive: false });
    assert.deepEqual(found, pathsOf(workspace, "dir/a.txt", "dir/other/", "dir/sub/"));
  },

  "list() leaves out what is in the making": async (workspace) => {
    const { fileSystem } = workspace;
    await workspace.target("dir/a.txt").writeText("a");
    const file = await fileSystem.openWrite(pathOf(workspace, "dir/b.txt"));
    await file.write(Buffer.from("b"));
    const directory = fileSystem.temporaryPath(pathOf(workspace, "dir/c"));
    assert.ok(directory.startsWith(pathOf(workspace, "dir/")), directory);
    await (await fileSystem.openWrite(`${directory}/d.txt`)).commit();
    const finished = pathsOf(workspace, "dir/a.txt");
    assert.deepEqual(await listed(workspace, "dir"), finished);
    assert.deepEqual(await listed(workspace, "dir", { recursive: false }), finished);
    await file.abort();
  },

  "list() gives more than a thousand files, each once, while others are made, and one removal takes them all":
    async (workspace) => {
      const files = Array.from({ length: MANY }, (_, index) => `dir/${index}.txt`);
      await writeFiles(workspace, files);
      const found: string[] = [];
      for await (const path of workspace.fileSystem.list(pathOf(workspace, "dir"))) {
        if (found.length % 400 === 0) await workspace.target(`dir/new-${found.length}.txt`).writeText("new");
        found.push(path);
      }
      assert.equal(new Set(found).size, found.length);
      const known = found.filter((path) => !path.includes("/new-"));
      assert.deepEqual(known.sort(), pathsOf(workspace, ...files));
      assert.equal(await workspace.target("dir").remove({ recursive: true }), true);
      assert.equal(await workspace.target("dir").exists(), false);
    },

  "list() of a missing directory is an error": async (workspace) => {
    await workspace.target("dir-two/a.txt").writeText("a");
    await rejectsWith(listed(workspace, "dir"), "TARGET_NOT_FOUND");
    await rejectsWith(listed(workspace, "dir", { recursive: false }), "TARGET_NOT_FOUND");
  },

  "list() of an empty directory is empty": having("directories", async (workspace) => {
    await workspace.fileSystem.mkdir(pathOf(workspace, "dir"));
    assert.deepEqual(await listed(workspace, "dir"), []);
    assert.deepEqual(await listed(workspace, "dir", { recursive: false }), []);
  }),

  "list() of a file is an error": async (workspace) => {
    await workspace.target("file").writeText("a");
    await rejectsWith(listed(workspace, "file"), "TARGET_NOT_DIRECTORY");
  },

  "list() gives links to files and does not follow links to directories": async (workspace) => {
    const makeLink = given(workspace, "makeLink");
    await writeFiles(workspace, ["dir/a.txt", "other/b.txt"]);
    await makeLink("other/b.txt", "dir/link.txt");
    await makeLink("other", "dir/link");
    await makeLink("nothing", "dir/dangling");
    assert.deepEqual(await listed(workspace, "dir"), pathsOf(workspace, "dir/a.txt", "dir/link.txt"));
  },
};
