import { LeatError, type Task, TaskError, UsageError } from "@leat/core";
import { nameOf } from "./task-name.ts";

/** What keeps a task from being completed in this run. */
export interface Obstacle {
  readonly task: Task;
  /** The end of a sentence that begins with the task. */
  readonly reason: string;
  /** What was thrown, if something was. */
  readonly error?: Error | undefined;
}

/** Some of the tasks that a running one asked for will not be complete. */
export function unmetNeed(owner: Task, obstacles: readonly Obstacle[]): TaskError {
  const reasons = obstacles.map(({ task, reason }) => `${nameOf(task)} ${reason}`).join("; ");
  const cause = obstacles.find(({ error }) => error !== undefined)?.error;
  const message = `What ${nameOf(owner)} needs is not complete: ${reasons}.`;
  return new TaskError("TASK_NEED_UNMET", owner.id, message, { cause });
}

/** All that a task asked for is there, but others had the places or the resources until the run was over. */
export function noPlace(owner: Task): TaskError {
  const message = `${nameOf(owner)} has what it needs, but was not given a place to go on.`;
  return new TaskError("TASK_NEED_UNMET", owner.id, message);
}

export function isUnmetNeed(error: unknown): boolean {
  return LeatError.is(error) && error.code === "TASK_NEED_UNMET";
}

/** The answers of an earlier attempt are given again by their order, so a later one has to ask the same. */
export function changedNeed(
  owner: Task,
  number: number,
  before: readonly string[],
  now: readonly string[],
): UsageError {
  const list = (ids: readonly string[]): string => (ids.length === 0 ? "nothing" : ids.join(", "));
  const message =
    `${nameOf(owner)} asked in call ${number + 1} of need() for ${list(now)}, an earlier attempt for ${list(before)}. ` +
    "Make what it needs, and the order of the calls, depend on parameters and inputs only.";
  return new UsageError("NEED_CHANGED", message);
}

export function lateNeed(owner: Task): UsageError {
  const message = `${nameOf(owner)} called need() after its attempt had ended. Await need() within run().`;
  return new UsageError("NEED_INVALID", message);
}

export function batchNeed(owner: Task): UsageError {
  const message = `${nameOf(owner)} called need() while it runs for several tasks at once. Set maxBatchSize of its class to 1.`;
  return new UsageError("NEED_INVALID", message);
}
