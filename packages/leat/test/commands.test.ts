import { existsSync, readdirSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { leat, TASKS, useDirectory } from "./command-line.ts";

const write = useDirectory();
const SILENT = ["--log-level", "silent", "--Store-prefix", ""];
const runEverything = (...args: string[]) => leat(["run", TASKS, "Everything", ...SILENT, ...args]);

describe("leat tree", () => {
  it("shows what complete tasks require as well, unlike plan", async () => {
    write({ "in/a": "", "in/b": "" });
    await runEverything();
    expect((await leat(["plan", TASKS, "Everything"])).stdout).toBe("Everything(names=a,b): complete\n");
    expect((await leat(["tree", TASKS, "Everything"])).stdout).toBe(`Everything(names=a,b): complete
├─ Copy(name=a, min_size=0): complete
│  └─ Source(name=a): complete
└─ Copy(name=b, min_size=0): complete
   └─ Source(name=b): complete
`);
  });

  it("gives the same as JSON", async () => {
    write({ "in/a": "" });
    const { stdout } = await leat(["tree", TASKS, "Copy", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject([
      { task: "Copy(name=a, min_size=0)", state: "pending", requires: [expect.stringMatching(/^Source_a_/)] },
      { task: "Source(name=a)", state: "complete", requires: [] },
    ]);
  });
});

describe("leat path", () => {
  it("shows the tasks on all ways to tasks of a name, with their outputs", async () => {
    const { stdout, exitCode } = await leat(["path", TASKS, "Everything", "Source", "--names", "a"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^Everything\(names=a\)\nCopy\(name=a, min_size=0\)\n {2}.*out\/a-0\nSource\(name=a\)\n {2}.*in\/a\n$/,
    );
  });

  it("leaves out what is on no way", async () => {
    const { stdout } = await leat(["path", TASKS, "Everything", "Copy", "--json"]);
    const tasks = JSON.parse(stdout) as { id: string; outputs: string[] }[];
    expect(tasks.map(({ id }) => id.replace(/_.*/, ""))).toEqual(["Everything", "Copy", "Copy"]);
    expect(tasks[1]?.outputs).toEqual([expect.stringContaining("out/a-0")]);
  });
});

describe("pictures", () => {
  it("draw Graphviz with the way of the data", async () => {
    write({ "in/a": "" });
    const { stdout } = await leat(["plan", TASKS, "Copy", "--format", "dot"]);
    expect(stdout).toMatch(/^digraph plan \{\n {2}rankdir=LR;\n/);
    expect(stdout).toMatch(/ {2}"Source_a_\w+" \[label="Source\(name=a\)\\ncomplete", fillcolor="#d9ead3"/);
    expect(stdout).toMatch(/ {2}"Source_a_\w+" -> "Copy_\w+";\n/);
  });

  it("draw Mermaid, and escape what is not plain text", async () => {
    const { stdout } = await leat(["plan", TASKS, "Copy", "--name", '"]<b>|', "--format", "mermaid"]);
    expect(stdout).toMatch(/^flowchart LR\n/);
    expect(stdout).toContain('t0["Source(name=#34;#93;#60;b#62;#124;)<br>external"]:::external\n');
    expect(stdout).toContain("  t0 --> t1\n");
    expect(stdout).toContain("  classDef blocked fill:");
  });

  it("draw a tree's states", async () => {
    expect((await leat(["tree", TASKS, "Copy", "--format", "mermaid"])).stdout).toContain(":::pending");
  });
});

describe("leat clean", () => {
  const outputs = () => (existsSync("out") ? readdirSync("out") : []);

  it("removes the outputs of the task, and names them", async () => {
    write({ "in/a": "", "in/b": "" });
    await runEverything();
    const { stdout, exitCode } = await leat(["clean", TASKS, "Copy", "--yes"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Copy\(name=a, min_size=0\)\n {2}.*out\/a-0\nRemoved 1\.\n$/);
    expect(outputs()).toEqual(["b-0"]);
    expect((await leat(["clean", TASKS, "Copy", "--yes"])).stdout).toBe("There is nothing to remove.\n");
  });

  it("removes those upstream when asked, but never those of external tasks", async () => {
    write({ "in/a": "", "in/b": "" });
    await runEverything();
    expect((await leat(["clean", TASKS, "Everything", "--upstream", "--yes"])).stdout).toContain(
      "Removed 2.\n",
    );
    expect(outputs()).toEqual([]);
    expect(readdirSync("in")).toEqual(["a", "b"]);
  });

  it("removes nothing when it can ask nobody", async () => {
    write({ "in/a": "" });
    await leat(["run", TASKS, "Copy", ...SILENT]);
    const { exitCode, stderr } = await leat(["clean", TASKS, "Copy"]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe("leat: leat clean asks before it removes, and stdin is no terminal. Give --yes.\n");
    expect(outputs()).toEqual(["a-0"]);
  });
});

describe("--force", () => {
  const ran = (stdout: string) => /\* (\d+) ran successfully/.exec(stdout)?.[1] ?? "0";

  it("runs tasks of a name again, and what depends on them", async () => {
    write({ "in/a": "", "in/b": "" });
    expect(ran((await runEverything()).stdout)).toBe("3");
    expect(ran((await runEverything()).stdout)).toBe("0");
    expect(ran((await runEverything("--force", "Copy")).stdout)).toBe("3");
    expect(ran((await runEverything("--force", "Everything")).stdout)).toBe("1");
    expect(ran((await runEverything("--force", "Everything,Copy")).stdout)).toBe("3");
  });

  it("has a form for all that is upstream, where external tasks are only looked for", async () => {
    write({ "in/a": "", "in/b": "" });
    await runEverything();
    const { stdout, exitCode } = await runEverything("--force-upstream");
    expect([ran(stdout), exitCode]).toEqual(["3", 0]);
  });
});

describe("exit codes of a run", () => {
  it.each([
    ["missing data, as recommended", [], {}, 20],
    ["from a flag", ["--retcode-missing-data", "5"], {}, 5],
    ["from a file", [], { "luigi.cfg": "[retcode]\nmissing_data = 3\n" }, 3],
    [
      "from a flag before a file",
      ["--retcode-missing-data", "5"],
      { "luigi.cfg": "[retcode]\nmissing_data = 3\n" },
      5,
    ],
    ["of a task that was not run, when the others are 0", ["--retcode-missing-data", "0"], {}, 25],
    ["all 0, as Luigi's defaults", ["--retcode-missing-data=0", "--retcode-not-run=0"], {}, 0],
  ])("%s", async (_, args, files, code) => {
    write(files);
    expect((await runEverything(...args)).exitCode).toBe(code);
  });

  it("is never success by itself: the facts stay", async () => {
    const { stdout } = await runEverything("--retcode-missing-data=0", "--retcode-not-run=0", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ succeeded: false, status: "MISSING_EXT", exitCode: 0 });
  });

  it("of an error that nobody foresaw", async () => {
    const args = ["path", TASKS, "Thrower", "Thrower"];
    const { exitCode, stderr } = await leat(args);
    expect(exitCode).toBe(40);
    expect(stderr).toMatch(/^leat: Error: no output today\n +at .*tasks\.ts/);
    write({ "leat.toml": "[retcode]\nunhandled_exception = 4\n" });
    expect((await leat(args)).exitCode).toBe(4);
  });
});

it("the summary has as many lines as asked for, by a flag of ours, one of Luigi's, or a file", async () => {
  const isCut = async (...args: string[]) => (await runEverything(...args)).stdout.includes("        ...\n");
  expect(await isCut()).toBe(false);
  expect(await isCut("--summary-lines", "1")).toBe(true);
  expect(await isCut("--execution-summary-summary-length", "1")).toBe(true);
  write({ "leat.toml": "[execution_summary]\nsummary_length = 1\n" });
  expect(await isCut()).toBe(true);
  expect(await isCut("--summary-lines", "0")).toBe(false);
});

describe("leat list", () => {
  it("tells settings from tasks, and gives their flags", async () => {
    const { stdout } = await leat(["list", TASKS]);
    expect(stdout).toContain("Store (settings)\n  --Store-prefix");
    expect(stdout).toMatch(/^Copy\n {2}--name {6}Accepts text\. Default a\.\n {2}--min-size /);
  });
});

describe("help", () => {
  it.each(["run", "plan", "tree", "path", "clean", "list", "config", "grep", "completion"])(
    "of %s names all of its flags, and needs no module",
    async (command) => {
      for (const flag of ["--help", "-h", "--help-all"]) {
        const { exitCode, stdout, stderr } = await leat([command, flag]);
        expect([exitCode, stderr]).toEqual([0, ""]);
        expect(stdout).toMatch(new RegExp(`^Usage: leat ${command} `));
        expect(stdout).toContain("-h, --help");
      }
    },
  );

  it("of a task has its parameters; with --help-all also flags for all tasks of a class", async () => {
    const short = await leat(["run", TASKS, "Copy", "--help"]);
    expect(short.stdout).toMatch(
      /Parameters:\n {2}--name STRING +Accepts text\. Default a\.\n {2}--min-size INT/,
    );
    expect(short.stdout).not.toContain("--Kinds-day");
    const all = await leat(["run", TASKS, "Copy", "--help-all"]);
    expect(all.stdout).toContain("--Kinds-day DATE");
    expect(all.stdout).toContain("--retcode-task-failed CODE");
  });
});

it("ranges are found by their names, and take tasks of the module", async () => {
  const { stdout, exitCode } = await leat([
    "plan",
    TASKS,
    "RangeDaily",
    "--of=Kinds",
    "--start=2026-11-01",
    "--stop=2026-11-03",
    '--of-params={"count": 2}',
    "--param-name=day",
  ]);
  expect(exitCode).toBe(0);
  expect(stdout.match(/─ Kinds\(day=2026-11-0[12], count=2/g)).toHaveLength(2);
});

it("Graphviz reads the picture, where it is installed", async (context) => {
  const { stdout } = await leat(["plan", TASKS, "Everything", "--format", "dot"]);
  const { error, stderr, status } = spawnSync("dot", ["-Tcanon"], { input: stdout, encoding: "utf8" });
  if (error !== undefined) context.skip("there is no program dot here");
  expect([status, stderr]).toEqual([0, ""]);
});
