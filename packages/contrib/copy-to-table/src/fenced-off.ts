import { TaskError } from "@leat/core";
import type { Marker } from "./dialect.ts";

/** Says that an attempt came too late. */
export function fencedOff(taskId: string, { table, updateId }: Marker, cause?: unknown): TaskError {
  return new TaskError(
    "TASK_LEASE_LOST",
    taskId,
    `A newer attempt at ${updateId} has taken the place of this one, whose work on ${table} does not count. See at the scheduler who has the task now.`,
    { cause, details: { table, updateId } },
  );
}
