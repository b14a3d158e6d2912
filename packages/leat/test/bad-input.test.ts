import { describe, expect, it } from "vitest";
import { leat, TASKS, useDirectory } from "./command-line.ts";

const write = useDirectory();

interface Input {
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** What is wrong, and what the message must name: the thing, the value, the cure. */
type Case = readonly [input: Input, ...parts: string[]];

const KINDS = [TASKS, "Kinds", "--day", "2026-11-20"];
const run = (...args: string[]): Input => ({ args: ["run", ...args] });
const kinds = (...args: string[]): Input => run(...KINDS, ...args);
const toml = (text: string): Input => ({ args: ["run", ...KINDS], files: { "leat.toml": text } });
const cfg = (text: string): Input => ({ args: ["run", ...KINDS], files: { "luigi.cfg": text } });
const env = (variables: Readonly<Record<string, string>>): Input => ({
  args: ["run", ...KINDS],
  env: variables,
});

async function refusal({ args, files = {}, env: variables = {} }: Input): Promise<string> {
  write(files);
  const { exitCode, stdout, stderr } = await leat(args, variables);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  return stderr;
}

/** Words by which a message tells what to do. */
const CURES =
  /Give|Did you mean|There are|See|Write|Take|Put|Set|Correct|Remove|Make|Break|Join|Add|Name|If .* is meant|Parameters are given|: leat \w+ [A-Z]+|: --[\w-]+ [A-Z]+|one module/;

function table(title: string, cases: readonly Case[]): void {
  describe(`malformed: ${title}`, () => {
    it.each(cases.map((each) => [named(each[0]), ...each] as const))("%s", async (_, input, ...parts) => {
      const message = await refusal(input);
      expect(message).toMatch(/^leat: [^\n]+\n$/);
      expect(message).not.toMatch(/\bat .*:\d+:\d+|\[object|undefined/);
      expect(message).toMatch(CURES);
      for (const part of parts) expect(message).toContain(part);
    });
  });
}

function named({ args, files = {}, env: variables = {} }: Input): string {
  const shown = args.filter((arg) => !KINDS.includes(arg)).join(" ");
  return [shown, ...Object.values(files), ...Object.entries(variables).map((pair) => pair.join("="))].join(
    " | ",
  );
}

table("commands", [
  [{ args: ["rum"] }, '"rum"', "Did you mean run?", "leat --help"],
  [{ args: ["trea"] }, '"trea"', "Did you mean tree"],
  [{ args: ["completions"] }, "Did you mean completion?"],
  [{ args: ["--workers", "2"] }, '"--workers"', "leat --help"],
  [{ args: [""] }, 'command ""', "There are run"],
  [{ args: ["xylophone"] }, '"xylophone"', "There are run"],
]);

table("what stands after a command", [
  [run(), "leat run needs a module and a task", "leat run MODULE TASK"],
  [{ args: ["plan"] }, "leat plan needs a module and a task"],
  [{ args: ["tree"] }, "leat tree needs a module and a task"],
  [{ args: ["clean"] }, "leat clean needs a module and a task"],
  [run(TASKS), "leat run needs a task"],
  [{ args: ["path", TASKS, "Everything"] }, "leat path needs TO", "MODULE TASK TO"],
  [
    { args: ["path", TASKS, "Everything", "Sauce"] },
    'TO: The graph has no task "Sauce". Did you mean Source?',
  ],
  [{ args: ["path", TASKS, "Everything", "Source", "x"] }, '"x"', "one argument too many"],
  [{ args: ["list"] }, "leat list needs a module"],
  [{ args: ["list", TASKS, "x"] }, '"x"', "one argument too many"],
  [{ args: ["config", TASKS, "x"] }, '"x"', "one argument too many"],
  [{ args: ["completion"] }, 'shell ""', "There are bash, zsh, fish"],
  [{ args: ["completion", "bsh"] }, '"bsh"', "Did you mean bash or zsh"],
  [{ args: ["completion", "bash", "zsh"] }, '"zsh"', "Give one shell"],
  [kinds("extra"), '"extra"', "one argument too many", "--name value"],
  [{ args: ["sweep"] }, "leat sweep needs a directory", "leat sweep DIRECTORY"],
  [{ args: ["sweep", "nowhere"] }, "Cannot sweep nowhere", "Give directories"],
  [{ args: ["grep", "x"] }, "leat grep needs a scheduler", "--scheduler URL"],
  [{ args: ["worker", TASKS] }, "leat worker", "--scheduler"],
]);

table("modules and tasks", [
  [run("nowhere.ts", "X"), "no module nowhere.ts", "Give the path"],
  [run("/no/such/folder/x.ts", "X"), "/no/such/folder/x.ts", "Give the path"],
  [run(TASKS.replace(".ts", ""), "X"), "Did you mean", "tasks.ts"],
  [
    { args: ["run", "empty.ts", "X"], files: { "empty.ts": "" } },
    "empty.ts exports no tasks",
    'Put "export"',
  ],
  [run(TASKS, "Kind"), 'task "Kind"', "Did you mean Kinds?"],
  [run(TASKS, "kinds"), '"kinds"', "Did you mean Kinds?"],
  [run(TASKS, "Spaced"), '"Spaced"', "Did you mean"],
  [run(TASKS, "etl.Spaced"), '"etl.Spaced"', "Did you mean etl.daily.Spaced?"],
  [run(TASKS, "Half"), "Half is abstract", "Add them"],
  [run(TASKS, "RangeDaili"), '"RangeDaili"', "Did you mean RangeDaily"],
  [run(TASKS, "Zzz"), '"Zzz"', "There are"],
]);

table("flags", [
  [kinds("--contry", "se"), '"--contry"', "Did you mean --country?"],
  [kinds("--Kinds-contry", "se"), '"--Kinds-contry"', "Did you mean --Kinds-country?"],
  [kinds("--some_num", "1"), '"--some_num"', "See --help"],
  [kinds("--worker", "2"), '"--worker"', "Did you mean --workers?"],
  [kinds("-x"), '"-x"', "See --help"],
  [kinds("--workers"), "--workers needs a value", "--workers N"],
  [kinds("--workers="), '""', "at least 1"],
  [kinds("--workers", "--json"), "--workers", "If --json is meant, write --workers=--json"],
  [kinds("--workers", "many"), '--workers does not accept "many"', "a whole number of at least 1"],
  [kinds("--workers", "0"), '"0"', "at least 1"],
  [kinds("--workers", "-1"), '"-1"', "at least 1"],
  [kinds("--workers", "1.5"), '"1.5"', "a whole number"],
  [kinds("--workers", "99999999999999999999"), "99999999999999999999", "a whole number"],
  [kinds("--runner", "docker"), '--runner does not accept "docker"', "inline, process"],
  [kinds("--log-level", "loud"), '--log-level does not accept "loud"', "debug, info, warn, error, silent"],
  [kinds("--summary-lines", "all"), '--summary-lines does not accept "all"', "at least 0"],
  [kinds("--execution-summary-summary-length", "all"), '"all"', "at least 0"],
  [kinds("--timeout", "soon"), '--timeout does not accept "soon"', "seconds"],
  [kinds("--worker-timeout", "1h"), '"1h"', "seconds"],
  [kinds("--retry-count", "0"), '--retry-count does not accept "0"', "at least 1"],
  [kinds("--retry-count", "2", "--retry-delay", "-1"), '--retry-delay does not accept "-1"', "seconds"],
  [kinds("--external-delay", "0"), '--external-delay does not accept "0"', "above 0"],
  [kinds("--max-reschedules", "-1"), '--max-reschedules does not accept "-1"', "at least 0"],
  [kinds("--max-tasks", "many"), '--max-tasks does not accept "many"', "at least 0"],
  [
    kinds("--worker-retry-external-tasks=maybe"),
    '--retry-external-tasks does not accept "maybe"',
    "true or false",
  ],
  [kinds("--retcode-task-failed", "256"), '--retcode-task-failed does not accept "256"', "from 0 to 255"],
  [kinds("--resources", "db"), '--resources does not accept "db"', "--resources db=2,disk=1"],
  [kinds("--resources", "db=many"), '--resources db does not accept "many"', "at least 0"],
  [kinds("--resources", "db=1,"), '--resources does not accept ""', "db=2,disk=1"],
  [kinds("--resources", "=1"), '"=1"', "db=2"],
  [kinds("--json=yes"), '--json does not accept "yes"', "true, false"],
  [kinds("--no-json=true"), '"--no-json"', "See --help"],
  [kinds("--force", "Kind"), '--force: The graph has no task "Kind". Did you mean Kinds?'],
  [kinds("--force="), '--force: The graph has no task ""', "There are Kinds"],
  [{ args: ["plan", ...KINDS, "--workers", "2"] }, '"--workers"', "See --help"],
  [{ args: ["plan", ...KINDS, "--scheduler", "nowhere"] }, "nowhere", "--scheduler"],
  [{ args: ["plan", ...KINDS, "--scheduler="] }, '--scheduler does not accept ""', "http://host:8082"],
  [{ args: ["plan", ...KINDS, "--schedule", "x"] }, '"--schedule"', "Did you mean --scheduler?"],
  [{ args: ["grep", "--status", "GONE", "--scheduler", "http://127.0.0.1:9"] }, '"GONE"', "PENDING"],
  [{ args: ["grep", "--limit", "0", "--scheduler", "http://127.0.0.1:9"] }, '"0"', "at least 1"],
  [{ args: ["sweep", ".", "--older-than", "1h"] }, '--older-than does not accept "1h"', "seconds such as 60"],
  [{ args: ["sweep", ".", "--older"] }, '"--older"', "Did you mean --older-than?"],
  [
    { args: ["plan", ...KINDS, "--format", "svg"] },
    '--format does not accept "svg"',
    "tree, json, dot, mermaid",
  ],
  [{ args: ["clean", TASKS, "Source", "--yes"] }, "Source(name=a) is external", "Remove them there"],
]);

table("texts of parameters", [
  [run(TASKS, "Kinds"), "Kinds needs --day", "--day DATE"],
  [run(TASKS, "Kinds", "--day", "20.11.2026"), 'Kinds.day does not accept "20.11.2026"', "2026-11-20"],
  [run(TASKS, "Kinds", "--day", "2026-02-30"), "2026-02-30", "there is no such day"],
  [run(TASKS, "Kinds", "--day="), 'Kinds.day does not accept ""', "a date such as"],
  [run(TASKS, "Kinds", "--day", "--count", "1"), "--day needs a value", "write --day=--count"],
  [run(TASKS, "Kinds", "--Kinds-day", "today"), 'Kinds.day (from the command line) does not accept "today"'],
  [kinds("--count", "one"), 'Kinds.count does not accept "one"', "a whole number"],
  [kinds("--count", "1e3"), '"1e3"', "a whole number"],
  [kinds("--count="), '""', "a whole number"],
  [kinds("--count", "9007199254740993"), "9007199254740993", "a whole number"],
  [kinds("--Kinds-count", "one"), 'Kinds.count (from the command line) does not accept "one"'],
  [kinds("--ratio", "half"), 'Kinds.ratio does not accept "half"', "Give"],
  [kinds("--share", "2"), 'Kinds.share does not accept "2"', "≥ 0 and ≤ 1"],
  [kinds("--loud=maybe"), 'Kinds.loud does not accept "maybe"', "true or false"],
  [kinds("--country", "no"), 'Kinds.country does not accept "no"', "one of se, rs, hr"],
  [kinds("--countries", "se,no"), 'Kinds.countries does not accept "se,no"', "se, rs, hr"],
  [kinds("--month", "2026-13"), 'Kinds.month does not accept "2026-13"', "Give"],
  [kinds("--year", "MMXXVI"), '"MMXXVI"', "Give"],
  [kinds("--hour", "2026-11-20T25"), "2026-11-20T25", "Give"],
  [kinds("--minute", "2026-11-20T1"), "2026-11-20T1", "Give"],
  [kinds("--second", "noon"), '"noon"', "Give"],
  [kinds("--interval", "2026-W99"), "2026-W99", "Give"],
  [kinds("--delta", "a while"), '"a while"', "Give"],
  [kinds("--list", "[1,"), "Kinds.list", "[1,", "Give"],
  [kinds("--list", '{"a": 1}'), "Kinds.list", "Give"],
  [kinds("--tuple", "1,2"), "Kinds.tuple", "Give"],
  [kinds("--dict", "[1]"), "Kinds.dict", "Give"],
  [kinds("--dict", "{a: 1}"), "Kinds.dict", "Give"],
  [kinds("--of", "Kind"), "Kinds.of", '"Kind"', "Did you mean Kinds?"],
  [kinds("--pin", "hush"), "Kinds.pin does not accept (private)", "a whole number"],
  [{ args: ["plan", TASKS, "Spaced"] }, '"Spaced"', "etl.daily.Spaced"],
  [{ args: ["tree", ...KINDS, "--count", "x"] }, 'Kinds.count does not accept "x"'],
  [run(TASKS, "RangeDaily", "--start", "2026-11-01"), "RangeDaily needs --of", "--of TASKCLASS"],
  [run(TASKS, "RangeDaily", "--of", "Kinbs"), "RangeDaily.of", "Kinbs", "Did you mean Kinds?"],
]);

table("leat.toml", [
  [toml("[core"), "leat.toml:1", "not TOML"],
  [toml("[core]\nworkers = \n"), "leat.toml:2", "not TOML"],
  [toml("[core]\n[core]\n"), "leat.toml:", "not TOML"],
  [toml("workers = 2\n"), 'leat.toml:1: "workers" is in no section', "Put it below [core]"],
  [toml("[core]\nworkers = 0\n"), '[core] workers in leat.toml does not accept "0"', "at least 1"],
  [toml("[core]\nworkers = [1]\n"), "[core] workers in leat.toml does not accept [1]", "a whole number"],
  [toml("[core]\nrunner = true\n"), '[core] runner in leat.toml does not accept "true"', "inline, process"],
  [
    toml('[core]\nlog_level = "LOUD"\n'),
    '[core] log_level in leat.toml does not accept "LOUD"',
    "debug, info",
  ],
  [toml("[worker]\ntimeout = -1\n"), '[worker] timeout in leat.toml does not accept "-1"', "seconds"],
  [
    toml("[retcode]\ntask_failed = 1000\n"),
    '[retcode] task_failed in leat.toml does not accept "1000"',
    "255",
  ],
  [toml("[execution_summary]\nsummary_length = 1.5\n"), 'does not accept "1.5"', "a whole number"],
  [toml("[resources]\ndb = true\n"), '[resources] db in leat.toml does not accept "true"', "at least 0"],
  [toml("[resources]\ndb = -1\n"), '[resources] db in leat.toml does not accept "-1"', "at least 0"],
  [toml('[Kinds]\ncount = "one"\n'), 'Kinds.count (from leat.toml) does not accept "one"', "a whole number"],
  [toml("[Kinds]\ncount = [1]\n"), "Kinds.count (from leat.toml)", "a whole number"],
  [toml('[Kinds]\ncountry = "no"\n'), 'Kinds.country (from leat.toml) does not accept "no"', "se, rs, hr"],
  [toml("[Kinds]\ncountries = [3]\n"), "Kinds.countries (from leat.toml)", "se, rs, hr"],
  [toml('[Kinds]\npin = "hush"\n'), "Kinds.pin (from leat.toml) does not accept (private)"],
  [toml('[Kinds]\ncountry = "${LEAT_NOT_SET}"\n'), "[Kinds] country in leat.toml", "LEAT_NOT_SET", "Set it"],
]);

table("luigi.cfg", [
  [cfg("workers = 2\n"), "luigi.cfg:1: workers is in no section", "[core]"],
  [cfg("[core\nworkers = 2\n"), "luigi.cfg:1: [core is no section", "Write [name]"],
  [cfg("[core]\nworkers\n"), 'luigi.cfg:2: "workers" is no setting', "Write key = value"],
  [cfg("[core]\n= 2\n"), 'luigi.cfg:2: "= 2" is no setting', "Write key = value"],
  [cfg("[core]\nworkers = 1\nworkers = 2\n"), "luigi.cfg:3: workers is there twice", "Take one"],
  [cfg("[core]\nworkers = 1\n[core]\n"), "luigi.cfg:3: the section [core] is there twice", "Join"],
  [
    cfg("[core]\nworkers = 2 ; two\n"),
    '[core] workers in luigi.cfg does not accept "2 ; two"',
    "a whole number",
  ],
  [cfg("[Kinds]\ncount = 50 %\n"), "[Kinds] count in luigi.cfg has a single %", "Write %%"],
  [cfg("[Kinds]\ncount = %(one)s\n"), "%(one)s", "there is no key one", "Add it"],
  [cfg("[Kinds]\ncount = %(count)s\n"), "refer to one another", "Break the circle"],
  [cfg("[Kinds]\ncount = ${LEAT_NOT_SET}\n"), "[Kinds] count in luigi.cfg", "LEAT_NOT_SET", "Set it"],
  [cfg("[Kinds]\ncount =\n"), 'Kinds.count (from luigi.cfg) does not accept ""', "a whole number"],
]);

table("environment", [
  [env({ LEAT_CONFIG_PATH: "nowhere.toml" }), "LEAT_CONFIG_PATH names nowhere.toml", "Correct the path"],
  [
    { args: ["run", ...KINDS], files: { "x.yaml": "" }, env: { LEAT_CONFIG_PATH: "x.yaml" } },
    "x.yaml is of no known format",
    "Name it .toml",
  ],
  [
    { args: ["run", ...KINDS], files: { "leat.toml/x": "" } },
    "Cannot read the configuration leat.toml",
    "Make it a file",
  ],
  [
    env({ LEAT__KINDS__COUNT: "one" }),
    'Kinds.count (from the environment) does not accept "one"',
    "a whole number",
  ],
  [env({ LEAT__CORE__WORKERS: "x" }), '[core] workers in the environment does not accept "x"', "at least 1"],
  [env({ LEAT__KINDS__PIN: "hush" }), "Kinds.pin (from the environment) does not accept (private)"],
]);

it("says where an error comes from when it is asked to", async () => {
  const { exitCode, stderr } = await leat(["run", TASKS, "Kind", "--verbose"]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^leat: UsageError: There is no task "Kind".*\n +at /);
});
