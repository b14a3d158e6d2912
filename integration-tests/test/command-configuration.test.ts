import { describe, expect, it } from "vitest";
import { fixture, useWorkspace } from "./support.ts";
import { openLeatd } from "./shared-support.ts";

const SONGS = fixture("songs.ts");
const workspace = useWorkspace();

/** A task that a hidden one stands between: children make it again by way of requires(). */
const TASKS = `import { ConfigTask, LocalTarget, p, Task } from "leat";
export class Store extends ConfigTask.with({ word: p.string(), other: p.string() }) {}
class Hidden extends Task.with({ size: p.int({ default: 1 }) }) {
  override output() { return new LocalTarget("out/hidden-" + this.size); }
  override async run() { await this.output().writeText(new Store().word + " " + new Store().other); }
}
export class Top extends Task.with({ size: p.int({ default: 1 }) }) {
  override requires() { return new Hidden(); }
  override output() { return new LocalTarget("out/top-" + this.size); }
  override async run() { await this.output().writeText(await this.input().readText() + " " + new Store().word); }
}
`;

describe("configuration", () => {
  it.each(["inline", "process"])("reaches tasks wherever they run: %s", async (runner) => {
    workspace.write("tasks.ts", TASKS);
    workspace.write("leat.toml", '[Hidden]\nsize = 7\n[Store]\nother = "${WORD}"\n');
    const args = ["run", "tasks.ts", "Top", "--Store-word", "said", "--runner", runner];
    const { exitCode, stderr } = await workspace.leat(args, { LEAT__TOP__SIZE: "3", WORD: "read" });
    expect([exitCode, stderr.match(/WARNING|ERROR/)]).toEqual([0, null]);
    expect(workspace.list("out")).toEqual(["hidden-7", "top-3"]);
    expect(workspace.read("out/top-3")).toBe("said read said");
  });

  it("is read from a file that LEAT_CONFIG_PATH names", async () => {
    workspace.write("elsewhere/luigi.cfg", "[core]\nlog_level = CRITICAL\n[retcode]\nmissing_data = 7\n");
    const args = ["run", SONGS, "TopSongs", "--country", "se", "--date", "2026-11-20"];
    const { exitCode, stderr } = await workspace.leat(args, { LEAT_CONFIG_PATH: "elsewhere/luigi.cfg" });
    expect([exitCode, stderr]).toEqual([7, "a module prints to stdout\n"]);
  });

  it("for a program that calls run() is what it loads itself", async () => {
    workspace.write("tasks.ts", TASKS);
    workspace.write("leat.toml", '[Store]\nword = "a"\nother = "b"\n');
    workspace.write(
      "program.mts",
      `import { loadConfiguration, run } from "leat";
       import { Store, Top } from "./tasks.ts";
       try { new Store(); } catch (error) { console.log((error as { code: string }).code); }
       await loadConfiguration();
       console.log(new Store().word, (await run([new Top()])).succeeded);`,
    );
    const { stdout } = await workspace.spawn(process.execPath, ["--import", "tsx", "program.mts"]).ended;
    expect(stdout).toBe("PARAMETER_MISSING\na true\n");
  });
});

describe("leat grep", () => {
  it("finds tasks of a scheduler by words and status, with what they require", async () => {
    const { url } = await openLeatd();
    workspace.write("in/plays-2026-11-20.tsv", "a song\n");
    const scheduler = ["--scheduler", url];
    const run = ["run", SONGS, "AllCountries", "--date", "2026-11-20", "--log-level", "silent"];
    expect((await workspace.leat([...run, ...scheduler])).exitCode).toBe(0);
    const { exitCode, stdout } = await workspace.leat(["grep", "TopSongs se", ...scheduler]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^TopSongs_\w*se\w*: DONE\n {2}requires Plays_\w+: DONE\n$/);
    expect((await workspace.leat(["grep", "--status", "failed", ...scheduler])).stdout).toBe("");
    const byFamily = await workspace.leat(["grep", "--family", "TopSongs", "--json", ...scheduler]);
    expect(JSON.parse(byFamily.stdout)).toHaveLength(3);
    const page = await workspace.leat(["grep", "--limit", "1", ...scheduler]);
    expect(page.stderr).toMatch(/^\d more\. Give a greater --limit\.\n$/);
  });

  it.each([
    [["grep", "x"], "leat: leat grep needs a scheduler to ask. Give its URL: leat grep --scheduler URL.\n"],
    [
      ["grep", "--status", "DON", "--scheduler", "http://localhost:1"],
      'leat: --status does not accept "DON". Give some of PENDING, RUNNING, BATCH_RUNNING, DONE, FAILED, DISABLED, UNKNOWN.\n',
    ],
    [
      ["grep", "--scheduler", "http://localhost:1"],
      "leat: Cannot read from the scheduler: http://localhost:1",
    ],
    [["grep", "--scheduler", "nowhere"], "leat: Cannot read from the scheduler: nowhere: Invalid URL."],
  ])("refuses %j", async (args, message) => {
    const { exitCode, stdout, stderr } = await workspace.leat(args);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});
