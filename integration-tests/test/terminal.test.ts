import { spawnSync } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { cliCommand, fixture, until, useWorkspace } from "./support.ts";

const hasScript = spawnSync("script", ["--version"]).status === 0;
const WITHOUT_SCRIPT = "there is no `script` of util-linux, which makes a pseudo terminal";
const workspace = useWorkspace();

interface Terminal {
  readonly env?: NodeJS.ProcessEnv;
  readonly columns?: number;
  readonly runner?: string;
  /** What the terminal shows before the tasks may go on. */
  readonly shows?: RegExp;
}

/** Runs gated tasks on a terminal; gives all that the terminal got. */
async function onTerminal({
  env = {},
  columns = 60,
  runner = "inline",
  shows = /0\/4, 3 running Gated\(n=1\)/,
}: Terminal): Promise<string> {
  const command = cliCommand("run", fixture("slow.ts"), "AllGated", "--workers", "3", "--runner", runner)
    .map((part) => `'${part}'`)
    .join(" ");
  const line = `stty cols ${columns}; ${command}`;
  const running = workspace.spawn("script", ["-qec", line, "/dev/null"], { TERM: "xterm", ...env });
  let seen = "";
  running.process.stdout?.on("data", (text: string) => (seen += text));
  await until(() => shows.test(stripVTControlCharacters(seen)));
  workspace.write("go", "");
  const { exitCode, stdout } = await running.ended;
  expect(exitCode).toBe(0);
  return stdout;
}

describe("on a terminal", () => {
  it("a line tells how far the run is, and is gone in the end", async ({ skip }) => {
    skip(!hasScript, WITHOUT_SCRIPT);
    const text = await onTerminal({});
    const lines = stripVTControlCharacters(text).split(/[\r\n]+/);
    expect(lines.filter((line) => /^\d\/4, /.test(line) && line.length >= 60)).toEqual([]);
    expect(text).toContain("\u001B[1m0/4");
    // The line is erased before the summary: no line of progress stands in front of another text.
    expect(lines).toContain("===== Luigi Execution Summary =====");
    expect(text.lastIndexOf("\u001B[2K")).toBeGreaterThan(text.lastIndexOf("running"));
  });

  it("nothing has colours when NO_COLOR is set", async ({ skip }) => {
    skip(!hasScript, WITHOUT_SCRIPT);
    const text = await onTerminal({ env: { NO_COLOR: "1" } });
    expect(text).not.toContain("\u001B[1m");
    expect(text).toContain("\u001B[2K");
  });

  it.each(["inline", "process"])(
    "files that are written are told of with size and rate (%s)",
    async (runner) => {
      if (!hasScript) return console.warn(WITHOUT_SCRIPT);
      const shows = /3 running Gated\(n=\d\) \(\d+ s\), gated-\d \d+ B, \d+ B\/s and 2 more/;
      expect(stripVTControlCharacters(await onTerminal({ columns: 200, runner, shows }))).toMatch(shows);
    },
  );
});
