import { type Logger, type RetryPolicy, type Task } from "@leat/core";
import { toError } from "./errors.ts";
import { nameOf } from "./task-name.ts";

/** Fills what a policy leaves open. */
export function withDefaults(policy: RetryPolicy): Required<Omit<RetryPolicy, "when">> {
  return { delaySeconds: 0, backoff: 2, maxDelaySeconds: 3600, jitter: 0, ...policy };
}

/** Longest wait before the next attempt, when so many have failed. */
export function delayAfter(policy: RetryPolicy, failures: number): number {
  const { delaySeconds, backoff, maxDelaySeconds } = withDefaults(policy);
  return Math.min(delaySeconds * backoff ** (failures - 1), Math.max(maxDelaySeconds, delaySeconds));
}

/** Whether a policy, if there is one, wants another attempt after this error. */
export function isWorthRetrying(
  task: Task,
  policy: RetryPolicy | undefined,
  error: Error,
  log: Logger,
): boolean {
  try {
    return policy?.when?.(error) ?? true;
  } catch (thrown) {
    log.error(`retry.when of ${nameOf(task)} failed, so it is not tried again: ${toError(thrown).message}`);
    return false;
  }
}
