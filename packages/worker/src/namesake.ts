import { flattenOutputs, flattenRequirements, type Task, UsageError } from "@leat/core";
import { nameOf } from "./task-name.ts";

/**
 * Refuses a task that would pass for another one: equal tasks are done once, so that of two classes with one name the tasks
 * of the second would never run. A class that stands for another, as `externalize` makes, has its outputs.
 *
 * @throws UsageError `TASK_AMBIGUOUS`
 */
export function refuseNamesake(known: Task, task: Task): void {
  if (known.constructor === task.constructor) return;
  const [first, second] = [purposeOf(known), purposeOf(task)];
  if (first === second) return;
  const message = `Two classes have tasks ${nameOf(task)}: of one they ${first}, of the other they ${second}.`;
  const cure = "Give one of the classes a namespace or another name.";
  throw new UsageError("TASK_AMBIGUOUS", `${message} ${cure}`);
}

/** What a task is there for; of one that makes nothing, what it requires. */
function purposeOf(task: Task): string {
  const outputs = flattenOutputs(task.output(), task);
  if (outputs.length > 0) return `make ${outputs.join(", ")}`;
  const required = flattenRequirements(task.requires(), task);
  return required.length > 0 ? `require ${required.map(nameOf).join(", ")}` : "make and require nothing";
}
