import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { luigiPrograms } from "@leat-internal/dev-servers";
import { program, type Side } from "./measure.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const jobs = join(root, "bench/jobs");
const CLI = join(root, "packages/leat/dist/cli.js");

/** A task of jobs/tasks.ts and jobs/tasks.py, with its flags. */
export interface Job {
  readonly task: string;
  readonly flags?: Readonly<Record<string, number>>;
  /** Default 1. */
  readonly workers?: number;
}

/** `leat run`, a whole process. */
export function leatRun(job: Job): Side {
  const args = ["run", join(jobs, "tasks.ts"), ...argsOf(job), "--log-level", "error"];
  return {
    name: "leat run",
    async run(folder) {
      if (!existsSync(CLI)) throw new Error(`There is no ${CLI}. Build first: npm run build.`);
      await program([process.execPath, CLI, ...args, "--folder", folder]);
    },
  };
}

/** Luigi with its own scheduler in the process, a whole process. */
export function luigiRun(job: Job): Side {
  const args = ["--module", "tasks", ...argsOf(job), "--local-scheduler", "--log-level", "ERROR"];
  return {
    name: "luigi --local-scheduler",
    run: (folder) =>
      program([join(luigiPrograms(), "luigi"), ...args, "--folder", folder], {
        PYTHONPATH: jobs,
        PYTHONDONTWRITEBYTECODE: "1",
      }),
  };
}

function argsOf({ task, flags = {}, workers = 1 }: Job): string[] {
  const given = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return [task, ...given, "--workers", String(workers)];
}

/** Two runs of the same in one folder; the second one finds all complete. */
export function twice(side: Side): Side {
  return {
    name: side.name,
    async run(folder) {
      await side.run(folder);
      await side.run(folder);
    },
  };
}
