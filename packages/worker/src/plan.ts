import { type EventBus, type Logger, Task, UsageError } from "@leat/core";
import { Expansion } from "./expansion.ts";
import { inOrder } from "./plan-order.ts";

/**
 * What planning found out about a task. `complete`: nothing to do, its requirements were not looked at. `incomplete`: to be
 * run. `missing`: external and not there. `broken`: `complete()` or `requires()` threw, or gave something wrong.
 */
export type PlannedState = "complete" | "incomplete" | "missing" | "broken";

export interface PlannedTask {
  readonly task: Task;
  readonly state: PlannedState;
  /** Ids of what it requires, each once; empty unless `incomplete`. */
  readonly requires: readonly string[];
  /** Why it is broken. */
  readonly error: Error | undefined;
}

/** The graph of a run. `tasks` is in an order in which requirements come before what requires them. */
export interface Plan {
  readonly requested: readonly string[];
  readonly tasks: ReadonlyMap<string, PlannedTask>;
}

/** What planning needs besides tasks. */
export interface Planning {
  readonly events: EventBus;
  readonly log: Logger;
  /** Completeness checks under way at a time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds all tasks that the requested ones need, asking each once whether it is complete. What a complete task requires is
 * not looked at. Rejects with the reason of the signal when that is aborted.
 *
 * @throws UsageError `CYCLE` when tasks require each other, `DEPENDENCY_INVALID` for a requested value that is no task
 */
export async function plan(requested: readonly Task[], planning: Planning): Promise<Plan> {
  for (const task of requested) refuseOther(task);
  const found = await new Expansion(planning).expand(requested);
  const ids = [...new Set(requested.map((task) => task.id))];
  return { requested: ids, tasks: inOrder(ids, found) };
}

function refuseOther(value: unknown): void {
  if (Task.isTask(value)) return;
  const message = `Cannot run ${String(value)}: it is not a task. Give instances of tasks.`;
  throw new UsageError("DEPENDENCY_INVALID", message);
}
