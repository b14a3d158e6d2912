import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { luigiPrograms } from "@leat-internal/dev-servers";
import { mkdtempSync } from "node:fs";
import { program } from "../lib/measure.ts";

const JOBS = fileURLToPath(new URL("../jobs/", import.meta.url));
const LEAT = fileURLToPath(new URL("../../packages/leat/dist/cli.js", import.meta.url));

/** Runs one command with so many tasks, which is what the user of one machine starts. */
export type Command = (url: string, tasks: number, folder: string) => Promise<void>;

export const luigiCommand: Command = (url, tasks, folder) =>
  program(
    [
      join(luigiPrograms(), "luigi"),
      ...jobArgs("--module", "tasks", tasks, folder),
      "--scheduler-url",
      url,
      "--log-level",
      "ERROR",
    ],
    { PYTHONPATH: JOBS, PYTHONDONTWRITEBYTECODE: "1" },
  );

export const leatCommand: Command = (url, tasks, folder) =>
  program([
    process.execPath,
    LEAT,
    ...jobArgs("run", join(JOBS, "tasks.ts"), tasks, folder),
    "--scheduler",
    url,
    "--log-level",
    "error",
  ]);

function jobArgs(command: string, module: string, tasks: number, folder: string): string[] {
  return [command, module, "Independent", "--n", String(tasks), "--folder", folder];
}

/** Seconds until all of so many processes, which start together with the same command, have ended. */
export async function secondsOf(
  command: Command,
  url: string,
  { processes, tasks, parent }: { processes: number; tasks: number; parent: string },
): Promise<number> {
  const folder = mkdtempSync(join(parent, "tasks-"));
  const start = performance.now();
  await Promise.all(Array.from({ length: processes }, () => command(url, tasks, folder)));
  return (performance.now() - start) / 1000;
}
