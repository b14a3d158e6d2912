import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import { cliCommand, fixture, until, useWorkspace } from "./support.ts";

const hasScript = spawnSync("script", ["--version"]).status === 0;
if (!hasScript) console.warn("skipped: there is no `script` of util-linux, which makes a pseudo terminal");
const WITHOUT_SCRIPT = "there is no `script` of util-linux, which makes a pseudo terminal";
const SONGS = fixture("songs.ts");
const PARTS = [SONGS, "Parts", "--count", "2"];
const workspace = useWorkspace();

/** Runs `leat` on a terminal, and types something once it asks. */
async function answered(
  typed: string,
  ...args: readonly string[]
): Promise<{ text: string; exitCode: number | null }> {
  const line = cliCommand(...args)
    .map((part) => `'${part}'`)
    .join(" ");
  const running = workspace.spawn("script", ["-qec", line, "/dev/null"], { TERM: "xterm" });
  let seen = "";
  running.process.stdout?.on("data", (text: string) => (seen += text));
  await until(() => seen.includes("[y/N]") || running.process.exitCode !== null);
  running.process.stdin?.write(typed);
  const { exitCode } = await running.ended;
  return { text: stripVTControlCharacters(seen), exitCode };
}

describe.skipIf(!hasScript)("leat clean on a terminal", () => {
  beforeEach(async () => {
    await workspace.leat(["run", ...PARTS, "--log-level", "silent"]);
    if (workspace.list("out").length === 0) throw new Error("the run made nothing to remove");
  });

  it.each(["y", "yes", "Y"])("removes what it names when the answer is %s", async (answer) => {
    const { text, exitCode } = await answered(`${answer}\r`, "clean", ...PARTS);
    expect(exitCode).toBe(0);
    expect(text).toMatch(/Parts\(.*\)\r?\n {2}.*out\/[^]*Remove these\? \[y\/N\] [^]*Removed \d+\./);
    expect(workspace.list("out")).toEqual([]);
  });

  it.each([
    ["n", "n\r"],
    ["nothing", "\r"],
    ["the end of input", "\u0004"],
    ["something else", "yesterday\r"],
  ])("removes nothing when the answer is %s", async (_, typed) => {
    const before = workspace.list("out");
    const { text, exitCode } = await answered(typed, "clean", ...PARTS);
    expect([exitCode, workspace.list("out")]).toEqual([0, before]);
    expect(text).toContain("Nothing was removed.");
  });

  it("removes nothing on the interrupt key", async () => {
    const before = workspace.list("out");
    const { exitCode } = await answered("\u0003", "clean", ...PARTS);
    expect(exitCode).not.toBeNull();
    expect(workspace.list("out")).toEqual(before);
  });
});

/** Begins a file, and is killed before it ends it. */
const KILLED = `
  import { LocalTarget } from "@leat/core";
  const stream = new LocalTarget("data/file").createWriteStream();
  stream.write("half", () => process.kill(process.pid, "SIGKILL"));`;

describe("leat sweep", () => {
  const sweep = (...args: string[]) => workspace.leat(["sweep", "data", "--older-than", "0", ...args]);

  beforeEach(async () => {
    workspace.write("data/whole", "whole");
    await workspace.spawn(process.execPath, ["--input-type=module", "-e", KILLED]).ended;
    if (workspace.list("data").length !== 2) throw new Error("the process left nothing behind");
  });

  it("removes what a process that was killed left half written, and nothing else", async () => {
    const { exitCode, stdout } = await sweep("--yes");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^data\/\.file\.leat-tmp-\S+\nRemoved 1\.\n$/);
    expect(workspace.list("data")).toEqual(["whole"]);
    expect((await sweep("--yes")).stdout).toBe("There is nothing to remove.\n");
  });

  it("says what may still become something, and leaves it", async () => {
    const { stdout } = await workspace.leat(["sweep", "data", "--yes"]);
    expect(stdout).toMatch(/ stays: it was written to less than 3600 s ago\nThere is nothing to remove\.\n$/);
    expect(workspace.list("data")).toHaveLength(2);
  });

  it("asks first", async () => {
    const { exitCode, stderr } = await sweep();
    expect([exitCode, stderr]).toEqual([
      2,
      "leat: leat sweep asks before it removes, and stdin is no terminal. Give --yes.\n",
    ]);
  });

  it("asks a person", async ({ skip }) => {
    skip(!hasScript, WITHOUT_SCRIPT);
    const { text } = await answered("y\r", "sweep", "data", "--older-than", "0");
    expect(text).toContain("Removed 1.");
    expect(workspace.list("data")).toEqual(["whole"]);
  });
});
