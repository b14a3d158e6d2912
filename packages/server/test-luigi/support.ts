import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { LUIGI_VERSION, luigiPrograms, startLuigid } from "@leat-internal/dev-servers";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "../test/support.ts";

const here = fileURLToPath(new URL(".", import.meta.url));

export interface LuigiRun {
  readonly code: number | null;
  /** The execution summary, with the names of workers and hosts left out. */
  readonly summary: string;
  readonly output: string;
}

/** Runs a task of tasks.py to its end. Its outputs and its log are in `folder`. */
export function runLuigi(url: string, task: string, folder: string, ...args: string[]): Promise<LuigiRun> {
  return endOf(startLuigi(url, task, folder, ...args));
}

export function startLuigi(url: string, task: string, folder: string, ...args: string[]): ChildProcess {
  return spawnLuigi(url, here, folder, ["--module", "tasks", task, "--folder", folder, ...args]);
}

/**
 * Runs one of the examples that Luigi is published with to its end, in a folder of its own. They write below /tmp and
 * wait for seconds: here they write into the folder and do not wait.
 */
export function runExample(url: string, module: string, task: string, ...args: string[]): Promise<LuigiRun> {
  const folder = temporaryFolder();
  const examples = join(folder, "examples");
  mkdirSync(examples);
  for (const name of [`${module}.py`, "__init__.py"]) {
    const source = readFileSync(join(luigiExamples(), name), "utf8");
    writeFileSync(
      join(examples, name),
      source.replaceAll(/"\/(var\/)?tmp\//g, `"${folder}/`).replaceAll(/time\.sleep\(\d+\)/g, "pass"),
    );
  }
  return endOf(spawnLuigi(url, folder, folder, ["--module", `examples.${module}`, task, ...args]));
}

/** Folder of the examples, from the source that PyPI has. The first call fetches it. */
function luigiExamples(): string {
  const tools = join(luigiPrograms(), "..");
  const source = join(tools, `luigi-${LUIGI_VERSION}`);
  if (!existsSync(join(source, "examples"))) {
    const wanted = ["--no-binary", "luigi", "--no-deps", "--dest", tools, `luigi==${LUIGI_VERSION}`];
    execFileSync(join(tools, "bin", "pip"), ["download", "--quiet", ...wanted], { stdio: "inherit" });
    execFileSync("tar", ["xzf", `${source}.tar.gz`, "-C", tools]);
  }
  return join(source, "examples");
}

function spawnLuigi(url: string, modules: string, folder: string, args: readonly string[]): ChildProcess {
  const child = spawn(join(luigiPrograms(), "luigi"), [...args, "--scheduler-url", url], {
    cwd: folder,
    env: {
      ...process.env,
      PYTHONPATH: modules,
      PYTHONDONTWRITEBYTECODE: "1",
      LUIGI_CONFIG_PATH: join(here, "luigi.cfg"),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function endOf(child: ChildProcess): Promise<LuigiRun> {
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout as never), text(child.stderr as never)]);
  return { code: await ended, summary: summaryOf(stdout + stderr), output: stdout + stderr };
}

function summaryOf(output: string): string {
  const [, summary = ""] =
    /===== Luigi Execution Summary =====\n([\s\S]*?)\n===== Luigi Execution Summary =====/.exec(output) ?? [];
  return summary
    .replaceAll(/folder=\S+?([,)])/g, "folder$1")
    .replaceAll(/Worker\([^)]*\)/g, "Worker()")
    .trim();
}

/** Lines of the log in the order in which tasks ran. */
export function logOf(folder: string): string[] {
  return readFileSync(join(folder, "log"), "utf8").trim().split("\n");
}

/** A real luigid, stopped after the test. Resolves to its URL. */
export async function openLuigid(): Promise<string> {
  const luigid = await startLuigid();
  onTestFinished(() => luigid.stop());
  return luigid.url;
}
