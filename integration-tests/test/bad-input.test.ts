import { describe, expect, it } from "vitest";
import { fixture, useWorkspace } from "./support.ts";

const SONGS = fixture("songs.ts");
const FAILING = fixture("failing.ts");
const workspace = useWorkspace();

/** A command line that is refused: nothing on stdout, one message, exit code 2, and nothing was done. */
async function refusalOf(args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await workspace.leat(args);
  expect([exitCode, stdout]).toEqual([2, ""]);
  expect(workspace.list("out")).toEqual([]);
  return stderr.replace("a module prints to stdout\n", "");
}

const TOP = [SONGS, "TopSongs", "--date", "2026-11-20", "--country", "se"];

describe("a wrong command line", () => {
  const cases: [what: string, args: string[], message: string][] = [
    ["unknown command", ["rum"], 'leat: There is no command "rum". Did you mean run? See leat --help.\n'],
    [
      "no module",
      ["run"],
      "leat: leat run needs a module and a task: leat run MODULE TASK [--param value …].\n",
    ],
    ["no task", ["run", SONGS], "leat: leat run needs a task: leat run MODULE TASK [--param value …].\n"],
    ["no module to list", ["list"], "leat: leat list needs a module: leat list MODULE.\n"],
    ["too much to list", ["list", SONGS, "x"], 'leat: "x" is one argument too many. It lists one module.\n'],
    [
      "unknown task",
      ["run", SONGS, "TopSong"],
      'leat: There is no task "TopSong". Did you mean TopSongs? A task needs "export" before its class.\n',
    ],
    [
      "nothing near the task",
      ["plan", SONGS, "Xylophone"],
      'leat: There is no task "Xylophone". There are AllCountries, Loud, Parts, Plays, TopSongs. A task needs "export" before its class.\n',
    ],
    [
      "unparsable date",
      ["run", SONGS, "Plays", "--date", "20.11.2026"],
      'leat: Parameter Plays.date does not accept "20.11.2026": it is not of the form YYYY-MM-DD. Give a date such as 2026-11-20.\n',
    ],
    [
      "no such day",
      ["run", SONGS, "Plays", "--date=2026-02-30"],
      'leat: Parameter Plays.date does not accept "2026-02-30": there is no such day. Give a date such as 2026-11-20.\n',
    ],
    [
      "missing parameter",
      ["run", SONGS, "TopSongs", "--date", "2026-11-20"],
      "leat: TopSongs needs --country. Give text: --country STRING.\n",
    ],
    [
      "unknown flag",
      ["run", ...TOP, "--contry", "se"],
      'leat: There is no flag "--contry". Did you mean --country? See --help.\n',
    ],
    [
      "flag without value",
      ["run", ...TOP, "--workers"],
      "leat: The flag --workers needs a value: --workers N.\n",
    ],
    [
      "flag whose value was forgotten",
      ["run", SONGS, "TopSongs", "--country", "--date", "2026-11-20"],
      "leat: The flag --country needs a value. If --date is meant, write --country=--date.\n",
    ],
    [
      "an argument too many",
      ["run", ...TOP, "extra"],
      'leat: "extra" is one argument too many. Parameters are given as --name value, switches as --name or --name=false.\n',
    ],
    [
      "bad --workers",
      ["run", ...TOP, "--workers", "many"],
      'leat: --workers does not accept "many". Give a whole number of at least 1.\n',
    ],
    [
      "no workers",
      ["run", ...TOP, "--workers=0"],
      'leat: --workers does not accept "0". Give a whole number of at least 1.\n',
    ],
    [
      "bad --runner",
      ["run", ...TOP, "--runner", "docker"],
      'leat: --runner does not accept "docker". Give one of inline, process.\n',
    ],
    [
      "bad --log-level",
      ["run", ...TOP, "--log-level", "loud"],
      'leat: --log-level does not accept "loud". Give one of debug, info, warn, error, silent.\n',
    ],
    [
      "switch with a wrong value",
      ["run", ...TOP, "--json=yes"],
      'leat: --json does not accept "yes". Give one of true, false.\n',
    ],
    [
      "abstract class",
      ["run", FAILING, "Half"],
      "leat: Half is abstract: it lacks output() or run(). Add them, or run a task that extends it.\n",
    ],
    [
      "circle of tasks",
      ["run", FAILING, "Chicken"],
      "leat: Tasks require each other in a circle: Chicken() → Egg() → Chicken(). Remove one of these requirements.\n",
    ],
    [
      "circle of tasks in a plan",
      ["plan", FAILING, "Egg"],
      "leat: Tasks require each other in a circle: Egg() → Chicken() → Egg(). Remove one of these requirements.\n",
    ],
  ];

  it.each(cases)("%s", async (_, args, message) => {
    expect(await refusalOf(args)).toBe(message);
  });
});

describe("a bad module", () => {
  const place = (name: string) => `${workspace.path}/${name}`;

  it("that is not there", async () => {
    expect(await refusalOf(["run", "nowhere.ts", "X"])).toBe(
      `leat: There is no module nowhere.ts. Give the path of a .ts or .js file that exports tasks, relative to ${workspace.path}.\n`,
    );
  });

  it("whose extension was forgotten", async () => {
    workspace.write("songs.ts", "");
    expect(await refusalOf(["list", "songs"])).toBe(
      "leat: There is no module songs. Did you mean songs.ts?\n",
    );
  });

  it("that is a directory", async () => {
    workspace.write("folder.ts/x", "");
    expect(await refusalOf(["list", "folder.ts"])).toContain("There is no module folder.ts.");
  });

  it.each(["bad.ts", "bad.mjs"])("with a syntax error: file and line (%s)", async (name) => {
    workspace.write(name, 'import { Task } from "leat";\n\nexport class Bad extends Task {\n  run( { }\n}\n');
    const message = await refusalOf(["run", name, "Bad"]);
    expect(message).toContain(`leat: Cannot load the module ${name}: `);
    expect(message).toContain(`${place(name)}:5`);
  });

  it("with a syntax error in what it imports", async () => {
    workspace.write("bad.ts", "export const x = ;\n");
    workspace.write("tasks.ts", 'export * from "./bad.ts";\n');
    expect(await refusalOf(["list", "tasks.ts"])).toContain(`${place("bad.ts")}:1`);
  });

  it.each(["throws.ts", "throws.mjs"])("that throws: what, and where (%s)", async (name) => {
    workspace.write(
      name,
      '\nfunction settings() {\n  throw new RangeError("no settings");\n}\nsettings();\n',
    );
    const message = await refusalOf(["run", name, "X"]);
    expect(message).toContain(
      `leat: Cannot load the module ${name}: RangeError: no settings\n    at settings`,
    );
    expect(message).toContain(`${place(name)}:3`);
    expect(message).toContain(`${place(name)}:5`);
    expect(message).not.toContain("node:internal");
  });

  it("that throws what is no error", async () => {
    workspace.write("throws.ts", 'throw "a text";\n');
    expect(await refusalOf(["run", "throws.ts", "X"])).toContain(
      "A value that is no error was thrown: a text",
    );
  });

  it("that imports what is not installed", async () => {
    workspace.write("tasks.ts", 'import "no-such-package";\n');
    const message = await refusalOf(["list", "tasks.ts"]);
    expect(message).toContain("Cannot find package 'no-such-package'");
    expect(message).toContain(place("tasks.ts"));
  });

  it("that exports no tasks", async () => {
    workspace.write("tasks.ts", 'import { WrapperTask } from "leat";\nclass Hidden extends WrapperTask {}\n');
    const message = 'leat: The module tasks.ts exports no tasks. Put "export" before their classes.\n';
    expect(await refusalOf(["run", "tasks.ts", "Hidden"])).toBe(message);
    expect(await refusalOf(["list", "tasks.ts"])).toBe(message);
  });

  it("that exports two tasks of one name", async () => {
    workspace.write(
      "other.ts",
      'import { WrapperTask } from "leat";\nexport class All extends WrapperTask {}\n',
    );
    workspace.write(
      "tasks.ts",
      'import { WrapperTask } from "leat";\nexport { All as Other } from "./other.ts";\nexport class All extends WrapperTask {}\n',
    );
    expect(await refusalOf(["run", "tasks.ts", "All"])).toContain("exports two tasks with the name All");
  });

  it("whose task has no name", async () => {
    workspace.write(
      "tasks.ts",
      'import { WrapperTask } from "leat";\nexport default class extends WrapperTask {}\n',
    );
    expect(await refusalOf(["list", "tasks.ts"])).toContain(
      "Name the class, also where it is the default export.",
    );
  });

  it("that is not a module", async () => {
    workspace.write("data.json", "{}");
    expect(await refusalOf(["list", "data.json"])).toContain("Cannot load the module data.json");
  });
});
