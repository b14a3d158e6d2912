import assert from "node:assert/strict";
import { basename } from "node:path";
import { runUntilKilled } from "../child-process.ts";
import type { FileWorkspace } from "../file-workspace.ts";
import { given, type Statements } from "./statements.ts";

export const crashes: Statements = {
  "a process killed while it writes leaves no file, and what is left is named after the target": async (
    workspace,
  ) => {
    await killed(workspace, "write", "dir/a.bin");
    assert.equal(await workspace.target("dir/a.bin").exists(), false);
    for (const path of await workspace.leftovers()) assert.ok(basename(path).includes("a.bin"), path);
  },

  "a process killed before it commits leaves the old content, and the next run succeeds": async (
    workspace,
  ) => {
    const target = workspace.target("a.bin");
    await target.writeText("old");
    await killed(workspace, "write", "a.bin");
    assert.equal(await target.readText(), "old");
    await target.writeText("new");
    assert.equal(await target.readText(), "new");
  },

  "a process killed after it committed leaves the whole file": async (workspace) => {
    const content = await killed(workspace, "commit", "a.bin");
    assert.equal(await workspace.target("a.bin").exists(), true);
    assert.equal(await workspace.target("a.bin").size(), content.bytes);
  },
};

async function killed(workspace: FileWorkspace, scenario: "write" | "commit", path: string) {
  const child = given(workspace, "childModule");
  return runUntilKilled(child, { scenario, path });
}
