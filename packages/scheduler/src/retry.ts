import type { RetryPolicy, SchedulerConfig } from "./api.ts";
import type { TaskRecord } from "./task-record.ts";

/** Failures of a task since it was last DONE or enabled again. */
export interface FailureMemory {
  /** Times of failures inside the window, oldest first. */
  times: number[];
  firstAt: number;
  /** When the FAILED task becomes PENDING; `Infinity` when it is not FAILED or never retried. */
  retryAt: number;
  /** When a disable by the scheduler ends; `Infinity` when there is none or it never ends. */
  disabledUntil: number;
  /** The scheduler disabled the task. */
  disabled: boolean;
}

export function memoryOf(task: TaskRecord): FailureMemory {
  task.failures ??= { times: [], firstAt: NaN, retryAt: Infinity, disabledUntil: Infinity, disabled: false };
  return task.failures;
}

export function policyOf(task: TaskRecord, config: SchedulerConfig): RetryPolicy {
  const own = task.details?.retry;
  return own === undefined ? config : { ...config, ...own };
}

/** Counts a failure. Says whether it is one too many. */
export function countFailure(task: TaskRecord, policy: RetryPolicy, now: number): boolean {
  const memory = memoryOf(task);
  memory.times.push(now);
  if (Number.isNaN(memory.firstAt)) memory.firstAt = now;
  forgetOld(memory, now - policy.disableWindowSeconds * 1000);
  return (
    memory.times.length >= policy.retryCount ||
    now >= memory.firstAt + policy.disableHardTimeoutSeconds * 1000
  );
}

function forgetOld(memory: FailureMemory, before: number): void {
  if ((memory.times[0] as number) >= before) return;
  memory.times = memory.times.filter((time) => time >= before);
}

/** When a task that has just failed is tried again; `Infinity` when never. */
export function retryTime(task: TaskRecord, policy: RetryPolicy, now: number): number {
  if (policy.retryDelaySeconds < 0) return Infinity;
  const earlier = Math.max(0, (task.failures?.times.length ?? 0) - 1);
  const seconds = policy.retryDelaySeconds * policy.retryBackoff ** earlier;
  return (
    now +
    Math.round(Math.min(seconds, Math.max(policy.maxRetryDelaySeconds, policy.retryDelaySeconds)) * 1000)
  );
}
