import type { Scheduler } from "@leat/scheduler";
import { inSlices } from "./in-slices.ts";
import type { IndexedTask, TaskIndex } from "./task-index.ts";

/** What keeps waiting tasks from ever being run, unless somebody does something; the graver first. */
export const BLOCKERS = ["DISABLED", "FAILED"] as const;

export type Blocker = (typeof BLOCKERS)[number];

/** A pending task, and the gravest state among what it waits for, directly or not. */
export interface BlockedTask {
  readonly task: IndexedTask;
  readonly by: Blocker;
}

/**
 * Pending tasks that wait for one that failed or is disabled. Goes from these to what requires them, so that it costs nothing
 * while all is well. Commands may come in between: then a task may be left out.
 */
export function* blockedTasks(scheduler: Scheduler, index: TaskIndex): Generator<BlockedTask, void, void> {
  const seen = new Set<string>();
  for (const by of BLOCKERS) {
    const path = Array.from(index.select([by]), ({ taskId }) => taskId);
    for (let taskId = path.pop(); taskId !== undefined; taskId = path.pop()) {
      for (const dependent of scheduler.dependents(taskId)) {
        const task = index.get(dependent);
        if (task?.status !== "PENDING" || seen.has(dependent)) continue;
        seen.add(dependent);
        path.push(dependent);
        yield { task, by };
      }
    }
  }
}

/** How many tasks are blocked by what; what blocks none is not named. */
export async function countBlocked(
  scheduler: Scheduler,
  index: TaskIndex,
): Promise<{ readonly [By in Blocker]?: number }> {
  const counts: { [By in Blocker]?: number } = {};
  for await (const { by } of inSlices(blockedTasks(scheduler, index))) counts[by] = (counts[by] ?? 0) + 1;
  return counts;
}
