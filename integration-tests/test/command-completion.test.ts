import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { beforeEach, describe, expect, it } from "vitest";
import { cliCommand, fixture, until, useWorkspace } from "./support.ts";

const SONGS = fixture("songs.ts");
const workspace = useWorkspace();

beforeEach(async () => {
  const [program = "", cli = ""] = cliCommand();
  chmodSync(workspace.write("bin/leat", `#!/bin/sh\nexec ${program} ${cli} "$@"\n`), 0o755);
});

async function inShell(shell: string, code: string): Promise<string[]> {
  const env = { PATH: `${workspace.path}/bin:${process.env["PATH"]}`, HOME: workspace.path };
  const { stdout, stderr } = await workspace.spawn(shell, ["-c", code], env).ended;
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

/** Candidates that a shell offers for a half written command line, in any order. */
const SHELLS: Readonly<Record<string, (line: string) => Promise<string[]>>> = {
  bash: (line) =>
    inShell(
      "bash",
      `source <(leat completion bash); COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
       $(complete -p leat | sed 's/.*-F \\([^ ]*\\).*/\\1/'); printf '%s\\n' "\${COMPREPLY[@]}"`,
    ),
  zsh: (line) =>
    inShell(
      "zsh",
      `compdef() { :; }; _files() { :; }; _describe() { printf '%s\\n' "\${(@)\${(P)2}%%:*}"; }
       source <(leat completion zsh); words=(${line}); CURRENT=$#words; _leat`,
    ),
  fish: async (line) => {
    const typed = line.replace(/ ""$/, " ");
    const lines = await inShell("fish", `leat completion fish | source; complete -C '${typed}'`);
    return lines.map((candidate) => candidate.split("\t")[0] ?? "");
  },
};

describe.each(["bash", "zsh", "fish"])("completion in %s", (shell) => {
  const complete = (line: string) => (SHELLS[shell] as (line: string) => Promise<string[]>)(line);

  it("offers commands, tasks, parameters, values", async (context) => {
    const { exitCode } = await workspace.spawn("sh", ["-c", `command -v ${shell}`]).ended;
    if (exitCode !== 0) context.skip(`there is no ${shell} here`);
    expect(await complete("leat pl")).toEqual(["plan"]);
    expect(await complete(`leat run ${SONGS} To`)).toEqual(["TopSongs"]);
    expect(await complete(`leat run ${SONGS} TopSongs --countr`)).toEqual(["--country"]);
    expect(await complete(`leat run ${SONGS} TopSongs --Plays`)).toEqual(["--Plays-date"]);
    expect((await complete(`leat run ${SONGS} TopSongs --runner ""`)).toSorted()).toEqual([
      "inline",
      "process",
    ]);
    expect(await complete(`leat run ${SONGS} TopSongs --force Top`)).toEqual(["TopSongs"]);
    expect((await complete('leat completion ""')).toSorted()).toEqual(["bash", "fish", "zsh"]);
  });
});

/** How a person's shell is made to complete, before the first line is typed. */
const INTERACTIVE: Readonly<Record<string, { readonly shell: string; readonly setUp: string }>> = {
  bash: { shell: "bash --norc --noprofile -i", setUp: "source <(leat completion bash)" },
  zsh: {
    shell: "zsh -f -i",
    setUp: "autoload -Uz compinit; compinit -u -d compdump; source <(leat completion zsh)",
  },
};

const hasScript = spawnSync("script", ["--version"]).status === 0;

describe.each(Object.keys(INTERACTIVE))("the Tab key in %s", (name) => {
  const { shell, setUp } = INTERACTIVE[name] as { shell: string; setUp: string };

  it("completes commands, tasks of the module, parameters of the task", async ({ skip }) => {
    const isHere = spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
    skip(!hasScript || !isHere, `there is no ${name} here, or no \`script\` of util-linux`);
    const PATH = `${workspace.path}/bin:${process.env["PATH"]}`;
    const terminal = workspace.spawn("script", ["-qec", shell, "/dev/null"], {
      PATH,
      HOME: workspace.path,
      TERM: "dumb",
      PS1: "> ",
    });
    let seen = "";
    terminal.process.stdout?.on("data", (text: string) => (seen += text));
    const type = (keys: string) => terminal.process.stdin?.write(keys);
    const shows = (text: string) => until(() => asSeen(seen).includes(text));
    type(`cd ${workspace.path}; cp ${SONGS} songs.ts; ${setUp}; echo rea''dy\r`);
    await shows("ready");
    type("leat pl\t");
    await shows("leat plan ");
    type("songs.ts TopS\t");
    await shows("leat plan songs.ts TopSongs ");
    type("--countr\t");
    await shows("leat plan songs.ts TopSongs --country ");
    expect(asSeen(seen)).toMatch(/leat plan songs\.ts TopSongs --country $/);
    terminal.process.kill();
    await terminal.ended;
  });
});

const BACKSPACE = "\b";

/** What stays on a line of a terminal: zsh takes a space back and writes it anew. */
function asSeen(written: string): string {
  return stripVTControlCharacters(written.replaceAll(new RegExp(`[^${BACKSPACE}]${BACKSPACE}`, "g"), ""));
}

it("offers nothing, quietly, for a module that cannot be loaded", async () => {
  workspace.write("bad.ts", "export const x = ;\n");
  const { exitCode, stdout, stderr } = await workspace.leat([
    "completion",
    "words",
    "--",
    "run",
    "bad.ts",
    "",
  ]);
  expect([exitCode, stdout, stderr]).toEqual([0, "", ""]);
});
