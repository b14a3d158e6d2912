import { type Task, UsageError } from "@leat/core";
import { nameOf } from "./task-name.ts";

/** Refuses values that would make the scheduler or a timer do something else. @throws UsageError `OPTION_INVALID` */
export function checkTuning(task: Task): void {
  const { priority, timeoutSeconds } = task;
  if (!Number.isFinite(priority)) throw invalid(task, "priority", priority, "a finite number");
  if (timeoutSeconds !== undefined && !(timeoutSeconds > 0)) {
    throw invalid(task, "timeoutSeconds", timeoutSeconds, "a number above 0, or undefined for no limit");
  }
  for (const [name, amount] of Object.entries(task.resources)) {
    if (!isAmount(amount)) throw invalid(task, `resources.${name}`, amount, "a number of at least 0");
  }
}

/** Units of a resource: finite, not negative. */
export function isAmount(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}

function invalid(task: Task, member: string, value: unknown, cure: string): UsageError {
  return new UsageError("OPTION_INVALID", `${member} of ${nameOf(task)} is ${String(value)}. Give ${cure}.`);
}
