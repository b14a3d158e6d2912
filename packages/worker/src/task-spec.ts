import type { TaskSpec } from "@leat/scheduler";
import type { PlannedTask } from "./plan.ts";

/** A task of a plan as the scheduler is told of it. */
export function specOf({ task, state, requires, error }: PlannedTask): TaskSpec {
  const taskId = task.id;
  if (state === "complete") return { taskId, status: "DONE" };
  if (state === "missing") return { taskId, runnable: false };
  if (state === "broken") {
    return { taskId, status: "UNKNOWN", runnable: false, explanation: error?.message ?? "" };
  }
  return { taskId, deps: requires, priority: task.priority, resources: task.resources };
}
