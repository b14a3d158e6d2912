import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const CLI = join(root, "packages/leat/dist/cli.js");

/** What a command line ended with. */
export interface Ended {
  /** `null` when it was killed. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that runs. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Path of a module of tasks beside the tests. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
}

/** A directory in which command lines run, which each test of a file finds empty. */
export function useWorkspace(): Workspace {
  const workspace = new Workspace();
  beforeEach(() => workspace.open());
  afterEach(() => workspace.remove());
  return workspace;
}

class Workspace {
  path = "";
  readonly #running = new Set<ChildProcess>();

  open(): void {
    this.path = mkdtempSync(join(tmpdir(), "leat-integration-"));
    // Modules written here import "leat" as a user's would.
    symlinkSync(join(root, "node_modules"), join(this.path, "node_modules"));
  }

  write(name: string, text: string): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  delete(name: string): void {
    rmSync(join(this.path, name), { force: true });
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), "utf8");
  }

  has(name: string): boolean {
    return existsSync(join(this.path, name));
  }

  /** Names in a folder, hidden ones too; none when there is no such folder. */
  list(folder: string): string[] {
    return this.has(folder) ? readdirSync(join(this.path, folder)).toSorted() : [];
  }

  /** Runs `leat` with these arguments to its end. */
  leat(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  /** Starts `leat` with these arguments. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    if (!existsSync(CLI)) throw new Error(`There is no ${CLI}. Build first: npm run build.`);
    return this.spawn(process.execPath, [CLI, ...args], env);
  }

  /** Starts any program here. */
  spawn(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
    const child = spawn(program, args, { cwd: this.path, env: { ...cleanEnv(), ...env } });
    this.#running.add(child);
    child.once("exit", () => this.#running.delete(child));
    return { process: child, ended: endOf(child) };
  }

  /** Removes the directory, and ends what a failed test left running in it. */
  remove(): void {
    for (const child of this.#running) child.kill("SIGKILL");
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Command line of `leat` itself, for programs that run another. */
export function cliCommand(...args: readonly string[]): string[] {
  return [process.execPath, CLI, ...args];
}

/** The environment without what a test runner puts into it. */
function cleanEnv(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NO_COLOR: __, FORCE_COLOR: ___, ...env } = process.env;
  return env;
}

async function endOf(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ["", ""];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, stdout, stderr };
}

/** Resolves when a condition holds; a test that waits in vain runs into its time limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
