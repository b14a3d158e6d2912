import { UsageError } from "@leat/core";
import { RUNNERS, type RunOptions } from "./run.ts";
import { isAmount, wrongPolicy } from "./tuning.ts";

/** Refuses options of a run that make no sense, before anything is looked at. @throws UsageError `OPTION_INVALID` */
export function checkOptions(options: RunOptions): void {
  checkCounts(options);
  checkPlaces(options);
  const { timeoutSeconds, retryExternalSeconds, retry } = options;
  for (const [name, value] of Object.entries({ timeoutSeconds, retryExternalSeconds })) {
    if (value !== undefined && !(value > 0)) throw invalidOption(name, value, "a number above 0");
  }
  for (const [name, value, cure] of wrongPolicy(retry)) throw invalidOption(name, value, cure);
}

function checkCounts({ workers, checks, taskLimit, maxReschedules, resources = {} }: RunOptions): void {
  checkCount(1, { workers, checks, taskLimit });
  checkCount(0, { maxReschedules });
  for (const [name, units] of Object.entries(resources)) {
    if (!isAmount(units)) throw invalidOption(`resources.${name}`, units, "a number of at least 0");
  }
}

function checkCount(minimum: number, counts: Readonly<Record<string, number | undefined>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (value === undefined || (Number.isSafeInteger(value) && value >= minimum)) continue;
    throw invalidOption(name, value, `a whole number of at least ${minimum}`);
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
