import { LeatError, type Task, TaskError } from "@leat/core";
import type { ReportReply } from "@leat/scheduler";
import { nameOf } from "./task-name.ts";

/** Why an attempt is ended that the scheduler does not count as this worker's any more. */
export function leaseLost(task: Task): TaskError {
  const message =
    `The scheduler took ${nameOf(task)} away from this worker: an operator ended the attempt, or the worker was not heard ` +
    "for too long. Look at the network and at the scheduler's workerTimeoutSeconds if nobody ended it.";
  return new TaskError("TASK_LEASE_LOST", task.id, message);
}

/**
 * Whether the result of an attempt counts for nothing. A report that is sent again after its reply was lost is refused as
 * well: then the task has the status that the first one gave it.
 */
export function isLost(
  error: Error | undefined,
  { accepted, status }: Pick<ReportReply, "accepted" | "status">,
): boolean {
  if (accepted) return false;
  return error === undefined ? status !== "DONE" : LeatError.is(error) && error.code === "TASK_LEASE_LOST";
}
