import type { Obstacle } from "./need-errors.ts";
import type { Outcomes } from "./outcomes.ts";
import type { PlannedTask } from "./plan.ts";
import type { RunGraph } from "./run-graph.ts";
import { nameOf } from "./task-name.ts";

/** Tells which tasks cannot be completed in this run any more, and why. */
export class Obstacles {
  readonly #graph: RunGraph;
  readonly #outcomes: Outcomes;
  /** Whether a task runs now, waits in the middle of its run, or is looked at again: what becomes of it is open. */
  readonly #isUnderWay: (id: string) => boolean;

  constructor(graph: RunGraph, outcomes: Outcomes, isUnderWay: (id: string) => boolean) {
    this.#graph = graph;
    this.#outcomes = outcomes;
    this.#isUnderWay = isUnderWay;
  }

  /** What stands in the way of each of these tasks; nothing where it can be completed, or is. */
  of(ids: readonly string[]): Obstacle[] {
    const clear = new Set<string>();
    return [...new Set(ids)].flatMap((id) => this.#obstacleOf(id, clear) ?? []);
  }

  /** @param clear tasks known to have no obstacle below them */
  #obstacleOf(start: string, clear: Set<string>): Obstacle | undefined {
    const seen = new Set<string>();
    const open = [start];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (seen.has(id) || clear.has(id)) continue;
      seen.add(id);
      const found = this.#ownObstacle(id);
      if (found !== undefined) return id === start ? found : this.#behind(start, found);
      if (this.#isWaiting(id)) open.push(...this.#graph.requirementsOf(id));
    }
    for (const id of seen) clear.add(id);
    return undefined;
  }

  #ownObstacle(id: string): Obstacle | undefined {
    const { task } = this.#graph.tasks.get(id) as PlannedTask;
    const { state, error, willRetry } = this.#outcomes.get(id);
    if (this.#isUnderWay(id) || willRetry) return undefined;
    if (state === "failed") return { task, reason: `failed: ${error?.message}`, error };
    if (state === "broken") return { task, reason: `cannot be planned: ${error?.message}`, error };
    if (state === "missing") return { task, reason: "is external and not there" };
    if (state === "disabled") return { task, reason: "is disabled" };
    return undefined;
  }

  #behind(start: string, { task, reason, error }: Obstacle): Obstacle {
    const behind = this.#graph.tasks.get(start) as PlannedTask;
    return { task: behind.task, reason: `waits for ${nameOf(task)}, which ${reason}`, error };
  }

  #isWaiting(id: string): boolean {
    return this.#outcomes.get(id).state === "pending" && !this.#isUnderWay(id);
  }
}
