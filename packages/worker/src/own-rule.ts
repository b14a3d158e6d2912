import { flattenOutputs, type Task } from "@leat/core";

/** Whether `complete()` is not that of `Task`, which is the first of its prototypes to have one, in whichever copy of core. */
export function hasOwnRule(task: Task): boolean {
  let first: object = task;
  for (let type: object | null = task; type !== null; type = Object.getPrototypeOf(type) as object | null) {
    if (Object.hasOwn(type, "complete")) first = type;
  }
  return task.complete !== (first as Task).complete;
}

/** Whether anything tells that a task is complete: one without outputs and a rule of its own runs every time. */
export function isVerifiable(task: Task): boolean {
  return hasOwnRule(task) || flattenOutputs(task.output(), task).length > 0;
}
