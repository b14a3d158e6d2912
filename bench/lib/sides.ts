import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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
  /** Leat's; default `inline`. */
  readonly runner?: "inline" | "process";
}

/** `leat run`, a whole process. */
export function leatRun(job: Job): Side {
  const args = ["run", join(jobs, "tasks.ts"), ...argsOf(job), "--log-level", "error", ...runnerOf(job)];
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
        // Compiled modules are kept, as Leat's are, but not beside the sources.
        PYTHONDONTWRITEBYTECODE: "",
        PYTHONPYCACHEPREFIX: join(tmpdir(), "leat-bench-pycache"),
      }),
  };
}

function runnerOf({ runner }: Job): string[] {
  return runner === undefined ? [] : ["--runner", runner];
}

function argsOf({ task, flags = {}, workers = 1 }: Job): string[] {
  const given = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return [task, ...given, "--workers", String(workers)];
}

/** The shapes of graphs: the job that does n tasks, by what the graph is called. */
export const JOBS: Readonly<Record<string, (n: number) => Job>> = {
  independent: (n) => ({ task: "Independent", flags: { n } }),
  chain: (n) => ({ task: "Chain", flags: { n: n - 1 } }),
  "fan-in": (n) => ({ task: "FanIn", flags: { n } }),
  "layers of 50": (n) => ({ task: "LayeredTop", flags: { n } }),
  tree: (n) => ({ task: "Tree", flags: { n: 0, size: n } }),
};

/** A file for each of n tasks, made by GNU make with a shell for each, as make does it. */
export function makeRun(n: number): Side {
  return {
    name: "GNU make",
    async run(folder) {
      const targets = Array.from({ length: n }, (_, index) => `${folder}/out/leaf-${index}`);
      mkdirSync(join(folder, "out"));
      const rules = targets.map((target) => `${target}:\n\t@touch ${target}\n`);
      writeFileSync(join(folder, "Makefile"), `all: ${targets.join(" ")}\n${rules.join("")}`);
      await program(["make", "-s", "-f", join(folder, "Makefile")]);
    },
  };
}
