import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

const LUIGI_VERSION = "3.8.1";

const run = promisify(execFile);

/** What a task is to Luigi, or why it cannot be made. */
export interface Described {
  readonly id: string;
  readonly display: string;
  readonly texts: Readonly<Record<string, string>>;
  /** Texts of the values that follow, which summaries need. */
  readonly successors: Readonly<Record<string, string | null>>;
  readonly error?: string;
}

/** One Python process for all: tasks go in as lines of JSON, descriptions come out. */
export async function describeWithLuigi(tasks: readonly object[]): Promise<Described[]> {
  const script = join(import.meta.dirname, "luigi_tasks.py");
  const python = spawn(await pythonWithLuigi(), [script], { stdio: ["pipe", "pipe", "inherit"] });
  const requests = Readable.from(tasks.map((task) => `${JSON.stringify(task)}\n`));
  const [lines, [exitCode]] = await Promise.all([
    text(python.stdout),
    once(python, "close") as Promise<[number]>,
    pipeline(requests, python.stdin),
  ]);
  if (exitCode !== 0) throw new Error(`Python ended with exit code ${exitCode}`);
  return lines
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Described);
}

/**
 * The Python that has Luigi: in a virtual environment under `LEAT_TOOLS_DIR` (default `~/.cache/leat-tools`), which is made
 * when it is not there. Needs `python3` with `venv`.
 */
async function pythonWithLuigi(): Promise<string> {
  const tools = process.env["LEAT_TOOLS_DIR"] ?? join(homedir(), ".cache", "leat-tools");
  const directory = join(tools, `luigi-${LUIGI_VERSION}`);
  const python = join(directory, "bin", "python");
  if (!existsSync(python)) await run("python3", ["-m", "venv", directory]);
  if (!(await hasLuigi(python)))
    await run(python, ["-m", "pip", "install", "--quiet", `luigi==${LUIGI_VERSION}`]);
  return python;
}

async function hasLuigi(python: string): Promise<boolean> {
  return run(python, ["-c", "import luigi"]).then(
    () => true,
    () => false,
  );
}
