import { delimiter } from "node:path";
import { describe, expect, it } from "vitest";
import { leat, TASKS, useDirectory } from "./command-line.ts";

const write = useDirectory();

interface ConfigJson {
  readonly sources: readonly string[];
  readonly values: readonly { section: string; key: string; value: string; origin: string }[];
}

/** What `leat config` gives for a value, with where it is from. */
async function inForce(
  section: string,
  key: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stdout } = await leat(["config", TASKS, "--json"], env);
  const { values } = JSON.parse(stdout) as ConfigJson;
  const found = values.find((row) => row.section === section && row.key === key);
  return found === undefined ? "nowhere" : `${found.value} from ${found.origin}`;
}

describe("the order of what a value is taken from", () => {
  const files = {
    "luigi.cfg": "[core]\nworkers = 2\n[Copy]\nname = cfg\n",
    "leat.toml": "[core]\nworkers = 3\n[Copy]\nname = 'toml'\n",
    "more.toml": "[core]\nworkers = 4\n",
    "most.cfg": "[core]\nworkers = 5\n",
  };
  const path = { LEAT_CONFIG_PATH: ["more.toml", "most.cfg"].join(delimiter) };

  it("is luigi.cfg, leat.toml, LEAT_CONFIG_PATH, environment", async () => {
    expect(await inForce("core", "workers")).toBe("1 from default");
    write({ "luigi.cfg": files["luigi.cfg"] });
    expect(await inForce("core", "workers")).toBe("2 from luigi.cfg");
    write(files);
    expect(await inForce("core", "workers")).toBe("3 from leat.toml");
    expect(await inForce("core", "workers", path)).toBe("5 from most.cfg");
    const env = { ...path, LEAT__CORE__WORKERS: "6" };
    expect(await inForce("core", "workers", env)).toBe("6 from the environment");
  });

  it("is key by key", async () => {
    write(files);
    expect(await inForce("Copy", "name", path)).toBe("toml from leat.toml");
  });

  it("is code, --param, --Task-param, environment, file, default", async () => {
    write({ "leat.toml": "[Copy]\nmin_size = 3\n", "in/a": "", "in/b": "" });
    const idOf = async (args: readonly string[], env = {}) => {
      const { stdout } = await leat(["plan", TASKS, "Copy", ...args, "--json"], env);
      return (JSON.parse(stdout) as { tasks: { task: string }[] }).tasks.at(-1)?.task;
    };
    expect(await idOf([])).toBe("Copy(name=a, min_size=3)");
    const env = { LEAT__COPY__MIN_SIZE: "4" };
    expect(await idOf([], env)).toBe("Copy(name=a, min_size=4)");
    expect(await idOf(["--Copy-min-size", "5"], env)).toBe("Copy(name=a, min_size=5)");
    expect(await idOf(["--Copy-min-size", "5", "--min-size", "6"], env)).toBe("Copy(name=a, min_size=6)");
  });
});

describe("--Task-param", () => {
  it("reaches tasks that requires() makes, and may stand before the task", async () => {
    const { stdout } = await leat(["plan", TASKS, "--Copy-min-size", "7", "Everything"]);
    expect(stdout).toContain("Copy(name=a, min_size=7)");
    expect(stdout).toContain("Copy(name=b, min_size=7)");
  });

  it("honours an empty text", async () => {
    const { stdout } = await leat(["plan", TASKS, "Kinds", "--day=2026-11-20", "--Kinds-month="]);
    expect(stdout).toContain("month=, year=");
  });

  it("sets settings that tasks read while they run", async () => {
    write({ "in/a": "text" });
    const { exitCode } = await leat([
      "run",
      TASKS,
      "Copy",
      "--Store-prefix",
      "pre-",
      "--log-level",
      "silent",
    ]);
    expect(exitCode).toBe(0);
  });
});

describe("TOML", () => {
  it("gives numbers, booleans, dates, lists and tables as parameters read them", async () => {
    write({
      "leat.toml": `[Kinds]
day = 2026-11-20
count = 9007199254740991
ratio = 1e-7
loud = true
second = 2026-11-20T10:15:00
countries = ["se", "rs"]
list = [1, "a", [true]]
dict = { a = 1, b = "x" }
`,
    });
    const { stdout } = await leat(["plan", TASKS, "Kinds", "--json"]);
    const [{ task }] = (JSON.parse(stdout) as { tasks: [{ task: string }] }).tasks;
    for (const part of [
      "day=2026-11-20,",
      "count=9007199254740991,",
      "ratio=1e-07,",
      "loud=True,",
      "second=2026-11-20T101500,",
      "countries=se,rs,",
      'list=[1, "a", [true]],',
      'dict={"a": 1, "b": "x"},',
    ]) {
      expect(task).toContain(part);
    }
  });

  it("has names with dots in quotes", async () => {
    write({ "leat.toml": '["etl.daily.Spaced"]\nsize = 5\n' });
    expect(await inForce("etl.daily.Spaced", "size")).toBe("5 from leat.toml");
  });
});

describe("luigi.cfg", () => {
  const CFG = `# a comment
[DEFAULT]
root = /data
; another
[Store]
prefix: %(root)s/%(part)s = x
part = one
   two

   three

[core]
log-level = WARNING
[Kinds]
list = [1,
   2]
`;

  it("has colons, continued lines, dashes, DEFAULT and interpolation", async () => {
    write({ "luigi.cfg": CFG });
    expect(await inForce("Store", "prefix")).toBe(String.raw`/data/one\ntwo\n\nthree = x from luigi.cfg`);
    expect(await inForce("core", "log_level")).toBe("WARNING from luigi.cfg");
    expect(await inForce("Kinds", "list")).toBe(String.raw`[1,\n2] from luigi.cfg`);
  });

  it("gives its levels of the log their names here", async () => {
    write({ "luigi.cfg": "[core]\nlog_level = CRITICAL\n" });
    const { stderr } = await leat(["run", TASKS, "Copy"]);
    expect(stderr).toBe("");
  });

  it("may have settings that mean nothing here, which is said at level info", async () => {
    write({ "luigi.cfg": "[core]\nno_lock = true\n[email]\nformat = html\n" });
    const { stderr } = await leat(["run", TASKS, "Copy"]);
    expect(stderr).toContain(
      "INFO: [core] no_lock in luigi.cfg is a setting of Luigi that has no effect in Leat.",
    );
    expect(stderr).toContain("INFO: [email] in luigi.cfg is a setting of Luigi that has no effect in Leat.");
  });
});

describe("what nobody reads", () => {
  it.each([
    [
      "[Copy]\nmin_szie = 1\n",
      '[Copy] min_szie in leat.toml: There is no key "min_szie". Did you mean min_size?',
    ],
    ["[core]\nworker = 1\n", '[core] worker in leat.toml: There is no key "worker". Did you mean workers?'],
    ["[Coppy]\nname = 1\n", '[Coppy] in leat.toml: There is no section or task "Coppy". Did you mean Copy?'],
    [
      "[workerr]\ntimeout = 1\n",
      '[workerr] in leat.toml: There is no section or task "workerr". Did you mean worker?',
    ],
    [
      "[etl.daily.Spaced]\nsize = 1\n",
      '[etl] in leat.toml: TOML takes a name with a dot apart. Write ["etl.daily.Spaced"].',
    ],
  ])("is named in a warning with a suggestion: %s", async (text, warning) => {
    write({ "leat.toml": text });
    for (const command of ["plan", "tree", "run"]) {
      const { stderr } = await leat([command, TASKS, "Copy"]);
      expect(stderr).toContain(`WARNING: ${warning}\n`);
    }
  });

  it("in the environment is named as well", async () => {
    const { stderr } = await leat(["plan", TASKS, "Copy"], { LEAT__COPY__MIN_SZIE: "1" });
    expect(stderr).toContain(
      '[Copy] MIN_SZIE in the environment: There is no key "MIN_SZIE". Did you mean min_size?',
    );
  });

  it("is no warning when it is likely meant for another module", async () => {
    write({ "leat.toml": "[Xylophones]\nkeys = 30\n" });
    expect((await leat(["plan", TASKS, "Copy"])).stderr).toBe("");
    expect((await leat(["config", TASKS])).stderr).toContain('There is no section or task "Xylophones"');
  });
});

describe("leat config", () => {
  const SECRETS = `[Store]
prefix = "http://me:hush@host/x?token=hush2"
password = "hush3"
[Kinds]
pin = 12345
dict = { api_key = "hush4", b = "user=x password='hush5'" }
[Other]
value = "hush6"
`;

  it("masks secrets, in both forms of its result", async () => {
    write({ "leat.toml": SECRETS });
    for (const args of [[], ["--json"]]) {
      const { stdout, stderr } = await leat(["config", TASKS, ...args]);
      expect(stdout + stderr).not.toMatch(/hush|12345/);
      expect(stdout).toContain("http://me:***@host/x?token=***");
    }
    expect(await inForce("Kinds", "pin")).toBe("*** from leat.toml");
    expect(await inForce("Kinds", "dict")).toBe(`{"api_key":"***","b":"user=x password=***"} from leat.toml`);
  });

  it("does not show values of sections of which it does not know what is private", async () => {
    write({ "leat.toml": SECRETS });
    expect((await leat(["config"])).stdout).not.toMatch(/hush|12345|http/);
  });

  it("says what was read", async () => {
    expect((await leat(["config"])).stdout).toContain("# Read: nothing; all is as it is by default\n");
    write({ "leat.toml": "", "luigi.cfg": "" });
    expect((await leat(["config"])).stdout).toContain("# Read: luigi.cfg, leat.toml\n");
  });

  it("shows resources under their own names", async () => {
    write({ "leat.toml": "[resources]\nMy_DB = 2\n" });
    expect(await inForce("resources", "My_DB")).toBe("2 from leat.toml");
  });
});
