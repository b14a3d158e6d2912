import { type Task, UsageError } from "@leat/core";
import { nameOf } from "./task-name.ts";

const SHOWN_TASKS = 10;

/** @param tasks the members in order: each requires the next, the last requires the first */
export function cycleError(tasks: readonly Task[]): UsageError {
  const shown = tasks.slice(0, SHOWN_TASKS).map(nameOf);
  const hidden = tasks.length - shown.length;
  const more = hidden > 0 ? [`… ${hidden} more …`] : [];
  const path = [...shown, ...more, ...tasks.slice(0, 1).map(nameOf)].join(" → ");
  const message = `Tasks require each other in a circle: ${path}. Remove one of these requirements.`;
  return new UsageError("CYCLE", message);
}
