import { type Task, WrapperTask } from "@leat/core";

/**
 * True for a task that is nothing but a name for what it requires: there is nothing to run or to verify. A wrapper of another
 * copy of core is not recognised and takes the long way of any task, to the same end.
 */
export function isPlainWrapper(task: Task): boolean {
  return task.run === WrapperTask.prototype.run && task.complete === WrapperTask.prototype.complete;
}
