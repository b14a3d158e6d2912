import { type EventBus, type Logger, type Absence, Task, UsageError } from "@leat/core";
import { Expansion } from "./expansion.ts";
import { inOrder } from "./plan-order.ts";

/**
 * What planning found out about a task. `complete`: nothing to do, its requirements were not looked at. `incomplete`: to be
 * run. `disabled`: as `incomplete`, but not to be run. `missing`: external and not there. `broken`: `complete()` or `requires()`
 * threw, or gave something wrong.
 */
export type PlannedState = "complete" | "incomplete" | "disabled" | "missing" | "broken";

export interface PlannedTask {
  readonly task: Task;
  readonly state: PlannedState;
  /** Ids of what it requires, each once; empty unless `incomplete` or `disabled`. */
  readonly requires: readonly string[];
  /** Outputs that are not there, as far as its `complete()` tells. */
  readonly lacking: readonly Absence[];
  /** Why it is broken. */
  readonly error: Error | undefined;
}

/** The graph of a run. `tasks` is in an order in which requirements come before what requires them. */
export interface Plan {
  readonly requested: readonly string[];
  readonly tasks: ReadonlyMap<string, PlannedTask>;
  /** Ids of what tasks asked for by `need()` while they ran. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

/** What planning needs besides tasks. */
export interface Planning {
  readonly events: EventBus;
  readonly log: Logger;
  /** Completeness checks under way at a time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  /** Tasks that are not asked whether they are complete: they are to run. */
  readonly isForced?: ((task: Task) => boolean) | undefined;
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
  return { requested: ids, tasks: inOrder(ids, found), needs: NO_NEEDS };
}

const NO_NEEDS: ReadonlyMap<string, readonly string[]> = new Map();

/** Finds what is to be added to a plan for tasks that were not requested; what is `known` already is not looked at. */
export async function planMore(
  tasks: readonly Task[],
  known: ReadonlyMap<string, PlannedTask>,
  planning: Planning,
): Promise<PlannedTask[]> {
  const found = await new Expansion(planning, known).expand(tasks);
  return [
    ...inOrder(
      tasks.map((task) => task.id),
      found,
    ).values(),
  ];
}

function refuseOther(value: unknown): void {
  if (Task.isTask(value)) return;
  const message = `Cannot run ${String(value)}: it is not a task. Give instances of tasks.`;
  throw new UsageError("DEPENDENCY_INVALID", message);
}
