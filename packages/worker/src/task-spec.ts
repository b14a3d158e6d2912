import type { RetryPolicy as TaskRetryPolicy } from "@leat/core";
import type { RetryPolicy, TaskSpec } from "@leat/scheduler";
import { batchingOf, batchSpec } from "./batch.ts";
import type { PlannedTask } from "./plan.ts";
import { withDefaults } from "./retries.ts";
import { classOf } from "./task-name.ts";

/**
 * A task of a plan as the scheduler is told of it.
 *
 * @param ofRun the policy for tasks that have none of their own
 */
export function specOf(planned: PlannedTask, ofRun?: TaskRetryPolicy): TaskSpec {
  const { task, state, requires, error } = planned;
  const taskId = task.id;
  if (state === "complete") return { taskId, status: "DONE" };
  if (state === "missing") return { taskId, runnable: false };
  if (state === "broken") {
    return { taskId, status: "UNKNOWN", runnable: false, explanation: error?.message ?? "" };
  }
  const { priority, resources, retry = ofRun, owners, acceptsMessages } = task;
  return {
    taskId,
    deps: requires,
    priority,
    resources,
    ...(state === "disabled" && { status: "DISABLED" }),
    ...(retry !== undefined && { retry: schedulerPolicy(retry) }),
    ...(owners.length > 0 && { owners }),
    ...(acceptsMessages && { acceptsMessages }),
    ...(batchingOf(classOf(task)) !== undefined && batchSpec(task)),
  };
}

/**
 * A policy as the scheduler keeps it. What is left to chance is drawn once for each task: the scheduler itself knows no chance.
 *
 * @param random from 0 to 1
 */
export function schedulerPolicy(retry: TaskRetryPolicy, random = Math.random()): Partial<RetryPolicy> {
  const { count, delaySeconds, backoff, maxDelaySeconds, jitter } = withDefaults(retry);
  const part = 1 - jitter * random;
  return {
    retryCount: count + 1,
    retryDelaySeconds: delaySeconds * part,
    retryBackoff: backoff,
    maxRetryDelaySeconds: maxDelaySeconds * part,
  };
}

/** In the place of a policy, when the last error is not worth another attempt. */
export const NEVER_RETRIED: Partial<RetryPolicy> = { retryDelaySeconds: -1 };
