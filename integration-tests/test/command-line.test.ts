import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fixture, useWorkspace } from "./support.ts";

const SONGS = fixture("songs.ts");
const DAY = ["--date", "2026-11-20"];
const workspace = useWorkspace();

function givePlays(): void {
  workspace.write("in/plays-2026-11-20.tsv", "a song\nanother song\n");
}

describe("leat run", () => {
  it.each(["inline", "process"])("runs a task and what it requires, %s", async (runner) => {
    givePlays();
    const args = ["run", SONGS, "AllCountries", ...DAY, "--workers", "3", "--runner", runner];
    const { exitCode, stdout, stderr } = await workspace.leat(args);
    expect(stdout).toBe(`
===== Luigi Execution Summary =====

Scheduled 5 tasks of which:
* 1 complete ones were encountered:
    - 1 Plays(date=2026-11-20)
* 4 ran successfully:
    - 1 AllCountries(date=2026-11-20)
    - 3 TopSongs(date=2026-11-20, country=hr, top=10) ...

This progress looks :) because there were no failed tasks or missing dependencies

===== Luigi Execution Summary =====

`);
    expect(exitCode).toBe(0);
    expect(workspace.read("out/top-se-2026-11-20.tsv")).toBe("se\ta song\nse\tanother song\n");
    expect(workspace.list("out")).toHaveLength(3);
    expect(stderr).toContain("INFO: TopSongs(date=2026-11-20, country=se, top=10) begins.\n");
    expect(stderr).toMatch(/INFO: AllCountries\(date=2026-11-20\) is done, after \d+\.\d s\.\n/);
  });

  it("does nothing the second time", async () => {
    givePlays();
    await workspace.leat(["run", SONGS, "AllCountries", ...DAY]);
    const { exitCode, stdout } = await workspace.leat(["run", SONGS, "AllCountries", ...DAY]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Did not run any tasks");
  });

  it("takes parameters in both forms, and switches", async () => {
    givePlays();
    const top = ["--TopSongs-country", "se", "--top=1", ...DAY];
    expect((await workspace.leat(["run", SONGS, "TopSongs", ...top])).exitCode).toBe(0);
    expect(workspace.read("out/top-se-2026-11-20.tsv")).toBe("se\ta song\n");
    expect((await workspace.leat(["run", SONGS, "Loud", "--with-echo"])).exitCode).toBe(0);
    expect(workspace.read("out/loud")).toBe("hey hey");
  });

  it.each(["inline", "process"])(
    "keeps stdout for its result, not for prints of tasks, %s",
    async (runner) => {
      const args = [
        "run",
        SONGS,
        "Parts",
        "--count",
        "1",
        "--runner",
        runner,
        "--json",
        "--log-level",
        "silent",
      ];
      const { stdout, stderr } = await workspace.leat(args);
      expect(JSON.parse(stdout)).toMatchObject({ status: "SUCCESS" });
      expect(stderr).toContain("a module prints to stdout\n");
      expect(stderr).toContain("a task prints to stdout\n");
    },
  );

  it("gives its result as JSON", async () => {
    const { stdout, exitCode } = await workspace.leat(["run", SONGS, "AllCountries", ...DAY, "--json"]);
    expect(exitCode).toBe(20);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "MISSING_EXT",
      succeeded: false,
      exitCode: 20,
      message: "This progress looks :| because there were missing external dependencies",
      tasks: [
        { family: "Plays", parameters: { date: "2026-11-20" }, state: "missing", requires: [] },
        { family: "TopSongs", parameters: { country: "se", top: "10" }, state: "pending" },
        { family: "TopSongs", state: "pending" },
        { family: "TopSongs", state: "pending" },
        { family: "AllCountries", state: "pending" },
      ],
    });
  });

  it("writes plain lines when stderr is no terminal", async () => {
    givePlays();
    const { stderr } = await workspace.leat(["run", SONGS, "AllCountries", ...DAY], { FORCE_COLOR: "1" });
    const lines = stderr.trimEnd().split("\n");
    expect(lines.filter((line) => !/^(INFO: |a module prints)/.test(line))).toEqual([]);
  });

  it("says as much as it is told", async () => {
    const linesAt = async (level: string) => {
      const args = ["run", SONGS, "AllCountries", ...DAY, "--log-level", level];
      return (await workspace.leat(args)).stderr.split("\n").filter((line) => /^[A-Z]+: /.test(line));
    };
    expect(await linesAt("warn")).toEqual([
      "WARNING: Plays(date=2026-11-20) is external and not there: what requires it has to wait.",
    ]);
    expect(await linesAt("silent")).toEqual([]);
  });

  it("loads TypeScript without a build, where no package.json says what it is", async () => {
    const file = workspace.write(
      "tasks.ts",
      `import { LocalTarget, p, Task } from "leat";
       import { text } from "./text.ts";
       enum Size { Small, Large }
       const size: Size = await Promise.resolve(Size.Large);
       export class Writes extends Task.with({ n: p.int() }) {
         override output() { return new LocalTarget("written"); }
         override async run() { await this.output().writeText(text(size + this.n)); }
       }`,
    );
    workspace.write("text.ts", "export const text = (n: number): string => `n is ${n}`;");
    const { exitCode, stderr } = await workspace.leat(["run", file, "Writes", "--n", "2"]);
    expect(stderr).not.toContain("ExperimentalWarning");
    expect([exitCode, workspace.read("written")]).toEqual([0, "n is 3"]);
  });
});

describe("leat plan", () => {
  it("shows what would run, to make what, and runs nothing", async () => {
    givePlays();
    workspace.write("out/top-rs-2026-11-20.tsv", "");
    const { exitCode, stdout } = await workspace.leat(["plan", SONGS, "AllCountries", ...DAY]);
    expect(stdout).toBe(
      [
        "AllCountries(date=2026-11-20): will run after TopSongs(date=2026-11-20, country=se, top=10) and 1 more",
        "├─ TopSongs(date=2026-11-20, country=se, top=10): will run, to make out/top-se-2026-11-20.tsv",
        "│  └─ Plays(date=2026-11-20): complete: in/plays-2026-11-20.tsv",
        "├─ TopSongs(date=2026-11-20, country=rs, top=10): complete: out/top-rs-2026-11-20.tsv",
        "└─ TopSongs(date=2026-11-20, country=hr, top=10): will run, to make out/top-hr-2026-11-20.tsv",
        "   └─ Plays(date=2026-11-20): complete: in/plays-2026-11-20.tsv",
        "",
      ].join("\n"),
    );
    expect(exitCode).toBe(0);
    expect(workspace.list("out")).toEqual(["top-rs-2026-11-20.tsv"]);
  });

  it("shows what is in the way", async () => {
    const { stdout } = await workspace.leat(["plan", SONGS, "TopSongs", "--country", "se", ...DAY]);
    expect(stdout).toBe(
      [
        "TopSongs(date=2026-11-20, country=se, top=10): cannot run: waits for Plays(date=2026-11-20)",
        "└─ Plays(date=2026-11-20): missing: something else must make in/plays-2026-11-20.tsv",
        "",
      ].join("\n"),
    );
  });

  it("names the outputs that are missing, three of many", async () => {
    workspace.write("out/part-1", "");
    const { stdout } = await workspace.leat(["plan", SONGS, "Parts", "--count", "7"]);
    expect(stdout).toBe("Parts(count=7): will run, to make out/part-0, out/part-2, out/part-3 and 3 more\n");
  });

  it("gives all of it as JSON", async () => {
    workspace.write("out/part-1", "");
    const { stdout } = await workspace.leat(["plan", SONGS, "Parts", "--count", "3", "--json"]);
    const { requested, tasks } = JSON.parse(stdout) as { requested: string[]; tasks: object[] };
    expect(tasks).toEqual([
      {
        id: requested[0],
        task: "Parts(count=3)",
        state: "incomplete",
        reason: "will run, to make out/part-0, out/part-2",
        why: { kind: "missing", targets: ["out/part-0", "out/part-2"], stale: [] },
        requires: [],
      },
    ]);
  });
});

describe("leat list", () => {
  it("lists the tasks of a module with their parameters", async () => {
    const { exitCode, stdout } = await workspace.leat(["list", SONGS]);
    expect(exitCode).toBe(0);
    expect(stdout.split("\n").filter((line) => !line.startsWith(" "))).toEqual([
      "AllCountries",
      "Loud",
      "Parts",
      "Plays",
      "TopSongs",
      "",
    ]);
    expect(stdout).toContain("  --date  Day to rank. Accepts a date such as 2026-11-20. Required.\n");
    expect(stdout).toMatch(/ {2}--top {6}Accepts a whole number .* Default 10\.\n/);
  });

  it("gives the same as JSON", async () => {
    const { stdout } = await workspace.leat(["list", SONGS, "--json"]);
    expect(JSON.parse(stdout)).toContainEqual({
      family: "Loud",
      isConfig: false,
      parameters: [
        {
          name: "withEcho",
          flag: "--with-echo",
          type: "bool",
          required: false,
          description: "Say it twice.",
        },
      ],
    });
  });
});

describe("leat", () => {
  it.each([[], ["help"], ["--help"], ["-h"]])("shows its commands (%j)", async (...args) => {
    const { exitCode, stdout } = await workspace.leat(args);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Usage: leat COMMAND.*run MODULE TASK.*plan MODULE TASK.*list MODULE/s);
  });

  it("tells its version", async () => {
    const manifest = readFileSync(new URL("../../packages/leat/package.json", import.meta.url), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    expect(await workspace.leat(["--version"])).toMatchObject({
      exitCode: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
  });

  it.each(["run", "plan", "list"])("helps with %s", async (command) => {
    const { exitCode, stdout } = await workspace.leat([command, "-h"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: leat ${command} MODULE`);
    expect(stdout).toMatch(/-h, --help +Show this help\./);
  });

  it("helps with a task: its parameters, in its module", async () => {
    const { exitCode, stdout } = await workspace.leat(["run", SONGS, "TopSongs", "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Parameters:\n {2}--date DATE +Day to rank\..*--country STRING.*--top INT/s);
  });
});
