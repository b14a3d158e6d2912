import assert from "node:assert/strict";
import { LeatError } from "@leat/core";
import type { FileWorkspace } from "../file-workspace.ts";
import { having, type Statements } from "./statements.ts";
import { eachOf, listed, pathOf, pathsOf, rejectsWith, writeFiles } from "./tools.ts";

/** Names that something between a program and its store is likely to change, by what is special in them. */
export const FILE_NAMES: Readonly<Record<string, string>> = {
  "a blank inside": "a b",
  "a blank in front": " a",
  "a blank at the end": "a ",
  "a plus": "a+b",
  "an escape of URLs": "a%20b",
  "a lone percent sign": "100%",
  "an escape of a dot": "%2e",
  "a climb in escapes": "%2e%2e%2fa",
  "a NUL in escapes": "a%00b",
  "three dots": "...",
  "two dots in front": "..a",
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

/** What no name may be, by what it would do where it is taken for more than a name. */
const ATTACKS: Readonly<Record<string, string>> = {
  "climbs out": "../a.txt",
  "climbs out of the place": "x/../../../../../../../../etc/passwd",
  "climbs to the file itself": "x/../a.txt",
  "climbs at its end": "x/..",
  "ends a text of C": "a.txt\0b",
  "ends a line": "a\nb",
  "ends a line at its end": "a.txt\n",
  "goes to the beginning of a line": "a\rb",
  "has a command of FTP": "a\r\nDELE a.txt",
  "has a header of HTTP": "a\r\nx-amz-acl: public-read",
};

/** Bytes of the longest key that stores have to hold. */
const LONG_BYTES = 1000;

export const names: Statements = {
  "a file has exactly the name that it was given": async (workspace) => {
    await eachOf(allowed(workspace), ([label, name]) => workspace.target(`names/${name}`).writeText(label));
    await eachOf(allowed(workspace), async ([label, name]) => {
      assert.equal(await workspace.target(`names/${name}`).exists(), true, label);
      assert.equal(await workspace.target(`names/${name}`).readText(), label);
    });
    const paths = allowed(workspace).map(([, name]) => `names/${name}`);
    assert.deepEqual(await listed(workspace, "names"), pathsOf(workspace, ...paths));
  },

  "a file is moved, copied and removed under exactly its name": async (workspace) => {
    await eachOf(allowed(workspace), async ([label, name]) => {
      const [from, to] = [workspace.target(`from/${name}`), workspace.target(`to/${name}`)];
      const plain = workspace.target(`plain/${label}`);
      await plain.writeText(label);
      await plain.copyTo(from);
      await from.moveTo(to);
      assert.equal(await to.readText(), label);
      assert.equal(await to.remove(), true, label);
      assert.equal(await to.exists(), false, label);
    });
  },

  "a directory has exactly the name that it was given": async (workspace) => {
    await eachOf(allowed(workspace), async ([label, name]) => {
      const directory = `directories/${name}`;
      await workspace.target(`${directory}/a.txt`).writeText(label);
      assert.deepEqual(await listed(workspace, directory), pathsOf(workspace, `${directory}/a.txt`), label);
      assert.equal(await workspace.target(directory).remove({ recursive: true }), true, label);
    });
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
    for (const [label, bad] of Object.entries(ATTACKS)) {
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
      for (const operation of operations) await refused(operation(), label);
    }
    await rejectsWith(fileSystem.exists(""), "PATH_INVALID");
    assert.equal(await workspace.target("a.txt").readText(), "a");
  },

  "a path of a thousand bytes is written, listed, read and removed": async (workspace) => {
    const target = workspace.target(longName(workspace));
    await target.writeText("long");
    assert.equal(await target.readText(), "long");
    assert.deepEqual(await listed(workspace, "long"), [target.path]);
    assert.equal(await target.remove(), true);
    assert.equal(await target.exists(), false);
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

/** A name below `long/` with which the path has a thousand bytes behind the root. */
function longName(workspace: FileWorkspace): string {
  const before =
    Buffer.byteLength(pathOf(workspace, "long/")) - Buffer.byteLength(workspace.root.replace(/\/$/, "")) - 1;
  const name = "0123456789-abcdefghi/".repeat(LONG_BYTES / 20).slice(0, LONG_BYTES - before);
  return `long/${name.replace(/\/$/, "x")}`;
}

async function refused(operation: Promise<unknown>, label: string): Promise<void> {
  const [outcome] = await Promise.allSettled([operation]);
  const code =
    outcome.status === "rejected" && LeatError.is(outcome.reason) ? outcome.reason.code : outcome.status;
  assert.equal(code, "PATH_INVALID", `a path that ${label}`);
}

/** Labels and names that the store must be able to hold. */
function allowed(workspace: FileWorkspace): [string, string][] {
  return Object.entries(FILE_NAMES).filter(([label]) => !workspace.refusedNames?.includes(label));
}
