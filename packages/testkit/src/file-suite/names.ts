import assert from "node:assert/strict";
import type { FileWorkspace } from "../file-workspace.ts";
import { having, type Statements } from "./statements.ts";
import { listed, pathOf, pathsOf, rejectsWith, writeFiles } from "./tools.ts";

/** Names that something between a program and its store is likely to change, by what is special in them. */
export const FILE_NAMES: Readonly<Record<string, string>> = {
  "a blank inside": "a b",
  "a blank in front": " a",
  "a blank at the end": "a ",
  "a plus": "a+b",
  "an escape of URLs": "a%20b",
  "a lone percent sign": "100%",
  "a hash": "a#b",
  "a question mark": "a?b",
  "a query": "a?x=1&y=2;z",
  "single quotes": "it's",
  "double quotes": 'say "a"',
  "a variable of a shell": "$HOME",
  "a command of a shell": "`id`; rm -rf x | y > z",
  "an asterisk": "*",
  brackets: "[ab]",
  braces: "{a,b}",
  "a dash in front": "-rf",
  "a tilde in front": "~root",
  "a dot in front": ".a",
  "a dot at the end": "a.",
  "a backslash": "a\\b",
  "a colon": "a:b",
  "an at sign": "a@b",
  "a tab": "a\tb",
  "angle brackets": "<a&b>",
  "an emoji": "😀",
  "composed letters": "é".normalize("NFC"),
  "decomposed letters": "é".normalize("NFD"),
  "letters of other scripts": "日本語.עברית",
  "255 bytes": "n".repeat(255),
  "255 bytes of letters of two": `${"ä".repeat(127)}n`,
  "a kilobyte in all": Array.from({ length: 5 }, (_, index) => `${index}`.repeat(180)).join("/"),
};

export const names: Statements = {
  "a file has exactly the name that it was given": async (workspace) => {
    for (const [label, name] of allowed(workspace)) {
      await workspace.target(`names/${name}`).writeText(label);
    }
    for (const [label, name] of allowed(workspace)) {
      assert.equal(await workspace.target(`names/${name}`).exists(), true, label);
      assert.equal(await workspace.target(`names/${name}`).readText(), label);
    }
    const paths = allowed(workspace).map(([, name]) => `names/${name}`);
    assert.deepEqual(await listed(workspace, "names"), pathsOf(workspace, ...paths));
  },

  "a file is moved, copied and removed under exactly its name": async (workspace) => {
    for (const [label, name] of allowed(workspace)) {
      const [from, to] = [workspace.target(`from/${name}`), workspace.target(`to/${name}`)];
      await workspace.target("plain").writeText(label);
      await workspace.target("plain").copyTo(from);
      await from.moveTo(to);
      assert.equal(await to.readText(), label);
      assert.equal(await to.remove(), true, label);
      assert.equal(await to.exists(), false, label);
    }
  },

  "a directory has exactly the name that it was given": async (workspace) => {
    for (const [label, name] of allowed(workspace)) {
      const directory = `directories/${name}`;
      await workspace.target(`${directory}/a.txt`).writeText(label);
      assert.deepEqual(await listed(workspace, directory), pathsOf(workspace, `${directory}/a.txt`), label);
      assert.equal(await workspace.target(directory).remove({ recursive: true }), true, label);
    }
  },

  "a name that the store cannot hold is refused before anything is done": async (workspace) => {
    for (const label of workspace.refusedNames ?? []) {
      const name = FILE_NAMES[label];
      assert.ok(name !== undefined, `refusedNames has "${label}", which is no label of FILE_NAMES`);
      await rejectsWith(workspace.target(name).writeText("a"), "PATH_INVALID");
      await rejectsWith(workspace.target(name).exists(), "PATH_INVALID");
    }
  },

  "NUL, line ends and climbing are refused in every operation": async (workspace) => {
    const { fileSystem } = workspace;
    const good = pathOf(workspace, "a.txt");
    await workspace.target("a.txt").writeText("a");
    for (const bad of ["a\0b", "a\nb", "a\rb", "x/../a.txt", "x/..", "a.txt\n"]) {
      const path = pathOf(workspace, bad);
      const operations = [
        () => fileSystem.exists(path),
        () => fileSystem.mkdir(path),
        () => fileSystem.remove(path, { recursive: true }),
        () => fileSystem.list(path).next(),
        () => fileSystem.rename(path, good),
        () => fileSystem.rename(good, path),
        () => fileSystem.copy(path, good),
        () => fileSystem.copy(good, path),
        () => fileSystem.openRead(path),
        () => fileSystem.openWrite(path),
      ];
      for (const operation of operations) await rejectsWith(operation(), "PATH_INVALID");
    }
    await rejectsWith(fileSystem.exists(""), "PATH_INVALID");
    assert.equal(await workspace.target("a.txt").readText(), "a");
  },

  "a pattern names one file": async (workspace) => {
    await writeFiles(workspace, ["dir/a1", "dir/a2", "dir/b"]);
    for (const pattern of ["dir/*", "dir/a?", "dir/a[12]", "dir/{a1,b}"]) {
      assert.equal(await workspace.target(pattern).exists(), false, pattern);
      assert.equal(await workspace.target(pattern).remove({ recursive: true }), false, pattern);
    }
    assert.equal((await listed(workspace, "dir")).length, 3);
  },

  "a doubled slash makes another name": having("emptySegments", async (workspace) => {
    await workspace.target("dir//a.txt").writeText("two");
    assert.equal(await workspace.target("dir/a.txt").exists(), false);
    await workspace.target("dir/a.txt").writeText("one");
    assert.equal(await workspace.target("dir//a.txt").readText(), "two");
  }),

  "a doubled slash counts as one, unless it makes another name": async (workspace) => {
    if (workspace.fileSystem.capabilities.emptySegments) return;
    await workspace.target("dir//a.txt").writeText("one");
    assert.equal(await workspace.target("dir/a.txt").readText(), "one");
    const [two, one] = [pathOf(workspace, "dir//a"), pathOf(workspace, "dir/a")];
    assert.equal(workspace.fileSystem.isSamePath(two, one), true);
  },
};

/** Labels and names that the store must be able to hold. */
function allowed(workspace: FileWorkspace): [string, string][] {
  return Object.entries(FILE_NAMES).filter(([label]) => !workspace.refusedNames?.includes(label));
}
