import { UsageError } from "@leat/core";
import { RUNNERS, type RunOptions } from "./run.ts";
import { isAmount, wrongPolicy } from "./tuning.ts";

/** Refuses options of a run that make no sense, before anything is looked at. @throws UsageError `OPTION_INVALID` */
export function checkOptions(options: RunOptions): void {
  checkCounts(options);
  checkPlaces(options);
  const { timeoutSeconds, retry } = options;
  if (timeoutSeconds !== undefined && !(timeoutSeconds > 0)) {
    throw invalidOption("timeoutSeconds", timeoutSeconds, "a number above 0");
  }
  for (const [name, value, cure] of wrongPolicy(retry)) throw invalidOption(name, value, cure);
}

function checkCounts({ workers = 1, checks = 1, resources = {} }: RunOptions): void {
  const isCount = (value: number) => Number.isSafeInteger(value) && value > 0;
  if (!isCount(workers)) throw invalidOption("workers", workers, "a whole number of at least 1");
  if (!isCount(checks)) throw invalidOption("checks", checks, "a whole number of at least 1");
  for (const [name, units] of Object.entries(resources)) {
    if (!isAmount(units)) throw invalidOption(`resources.${name}`, units, "a number of at least 0");
  }
}

function checkPlaces({ runner = "inline", module, resources = {}, scheduler }: RunOptions): void {
  if (!RUNNERS.includes(runner)) throw invalidOption("runner", runner, `one of ${RUNNERS.join(", ")}`);
  if (runner === "process" && module === undefined) {
    throw invalidOption("module", module, "the module that exports the tasks, for child processes to load");
  }
  if (scheduler !== undefined && Object.keys(resources).length > 0) {
    throw invalidOption("resources", "given with a shared scheduler", "its limits to the scheduler itself");
  }
}

function invalidOption(name: string, value: unknown, cure: string): UsageError {
  return new UsageError("OPTION_INVALID", `The option ${name} is ${String(value)}. Give ${cure}.`);
}
