import type { EventBus } from "@leat/core";
import { failureOf, nameOf } from "@leat/worker";
import { noteBegin, noteEnd } from "./ending.ts";

/** Notes which attempts of a run are under way, for what is said when the process ends before them. */
export function followAttempts(events: EventBus): void {
  events.on("task:started", ({ task }) => {
    noteBegin(task.id, { name: nameOf(task), masked: (error) => failureOf(error, task) });
  });
  for (const name of ["task:succeeded", "task:failed"] as const) {
    events.on(name, ({ task }) => noteEnd(task.id));
  }
}
