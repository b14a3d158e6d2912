import { Scheduler, type TaskSpec } from "@leat/scheduler";
import { noOps } from "./no-op-tasks.ts";

const worker = "bench";
let now = 1_700_000_000_000;

/** A scheduler that holds these tasks. */
export function holding(tasks: readonly TaskSpec[]): Scheduler {
  const scheduler = new Scheduler();
  // In parts, as workers send them.
  for (let at = 0; at < tasks.length; at += 5000) {
    scheduler.addTasks({ worker, tasks: tasks.slice(at, at + 5000) }, now++);
  }
  return scheduler;
}

/** Times of so many calls of getWork in microseconds, sorted. Each task that was taken is reported as done. */
export function getWorkMicros(scheduler: Scheduler, calls: number): number[] {
  const micros: number[] = [];
  for (let count = 0; count < calls; count++) {
    const start = performance.now();
    const { assignments } = scheduler.getWork({ worker, running: [] }, now++);
    micros.push((performance.now() - start) * 1000);
    for (const { taskId, token } of assignments) {
      scheduler.report({ worker, taskId, token, outcome: "DONE" }, now++);
    }
  }
  return micros.sort((a, b) => a - b);
}

/** Tasks of which so many are done, so many wait for what is not there, and `ready` can be run. */
export function mixed(done: number, blocked: number, ready: number): TaskSpec[] {
  return [
    ...noOps(done, "done").map((task) => ({ ...task, status: "DONE" as const })),
    ...noOps(blocked, "blocked").map((task) => ({ ...task, deps: ["missing"] })),
    ...noOps(ready, "ready"),
  ];
}
