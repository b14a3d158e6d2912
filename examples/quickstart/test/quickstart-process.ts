import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const DIRECTORY = fileURLToPath(new URL("..", import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly finished: Promise<Finished>;
  /** Kills it and all that it started in its process group, as a crash of the machine would. */
  kill(): void;
}

/** Runs a script of the quickstart as npm does. Variables given as `undefined` are not set. */
export function begin(
  script: "start.ts" | "sql.ts",
  environment: NodeJS.ProcessEnv,
  ...args: string[]
): Running {
  const child = spawn(process.execPath, ["--import", "tsx", script, ...args], {
    cwd: DIRECTORY,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const finished = async (): Promise<Finished> => {
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit") as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  };
  return { finished: finished(), kill: () => void process.kill(-(child.pid as number), "SIGKILL") };
}

export function runToEnd(...args: Parameters<typeof begin>): Promise<Finished> {
  return begin(...args).finished;
}

/** A directory for what a quickstart makes; as root, PostgreSQL runs under an account that has to get in. */
export function makeDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "leat-quickstart-"));
  chmodSync(directory, 0o755);
  return directory;
}
