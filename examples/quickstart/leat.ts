import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What npm puts into `node_modules/.bin/leat`. */
const COMMAND = join(dirname(fileURLToPath(import.meta.resolve("leat"))), "cli.js");

/** Runs `leat` as a shell would. Resolves to its exit code. */
export async function leat(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  const release = passSignals(child);
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    return signal === null ? (code ?? 1) : 128 + constants.signals[signal];
  } finally {
    release();
  }
}

/** Lets the child decide when to end; the caller then still has a database to stop. */
function passSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  // A terminal sends the interrupt to the child as well.
  const ignore = (): void => undefined;
  process.on("SIGTERM", pass);
  process.on("SIGINT", ignore);
  return () => {
    process.off("SIGTERM", pass);
    process.off("SIGINT", ignore);
  };
}
