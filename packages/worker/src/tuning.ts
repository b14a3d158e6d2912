import { type RetryPolicy, type Task, UsageError } from "@leat/core";
import { checkBatching } from "./batch.ts";
import { withDefaults } from "./retries.ts";
import { nameOf } from "./task-name.ts";

/** Refuses values that would make the scheduler or a timer do something else. @throws UsageError `OPTION_INVALID` */
export function checkTuning(task: Task): void {
  const { priority, timeoutSeconds } = task;
  if (!Number.isFinite(priority)) throw invalid(task, "priority", priority, "a finite number");
  if (timeoutSeconds !== undefined && !(timeoutSeconds > 0)) {
    throw invalid(task, "timeoutSeconds", timeoutSeconds, "a number above 0, or undefined for no limit");
  }
  for (const [name, value, cure] of wrongPolicy(task.retry)) throw invalid(task, name, value, cure);
  checkBatching(task);
  for (const [name, amount] of Object.entries(task.resources)) {
    if (!isAmount(amount)) throw invalid(task, `resources.${name}`, amount, "a number of at least 0");
  }
}

/** What is wrong with a policy of retries: the member, its value, and what it should be. */
export function wrongPolicy(policy: RetryPolicy | undefined): [string, unknown, string][] {
  if (policy === undefined) return [];
  const { count, delaySeconds, backoff, maxDelaySeconds, jitter } = withDefaults(policy);
  const rules: [string, unknown, boolean, string][] = [
    ["count", count, Number.isSafeInteger(count) && count >= 0, "a whole number of at least 0"],
    ["delaySeconds", delaySeconds, isAmount(delaySeconds), "a number of at least 0"],
    ["backoff", backoff, Number.isFinite(backoff) && backoff >= 1, "a number of at least 1"],
    ["maxDelaySeconds", maxDelaySeconds, isAmount(maxDelaySeconds), "a number of at least 0"],
    ["jitter", jitter, jitter >= 0 && jitter <= 1, "a number from 0 to 1"],
  ];
  return rules
    .filter(([, , isRight]) => !isRight)
    .map(([name, value, , cure]) => [`retry.${name}`, value, cure]);
}

/** Units of a resource: finite, not negative. */
export function isAmount(value: unknown): boolean {
  return Number.isFinite(value) && (value as number) >= 0;
}

function invalid(task: Task, member: string, value: unknown, cure: string): UsageError {
  return new UsageError("OPTION_INVALID", `${member} of ${nameOf(task)} is ${String(value)}. Give ${cure}.`);
}
