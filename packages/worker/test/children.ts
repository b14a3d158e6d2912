import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Task } from "@leat/core";
import { run, type RunOptions } from "../src/run.ts";
import { recordLog } from "./support.ts";

/** Runs tasks of a module in child processes, and reads what they leave in a folder. */
export function childrenOf(module: string, folder: () => string) {
  return {
    runInChildren: (tasks: readonly Task[], options: RunOptions = {}) =>
      run(tasks, { runner: "process", module, log: recordLog(), ...options }),
    read: (name: string) => readFileSync(join(folder(), name), "utf8"),
  };
}
