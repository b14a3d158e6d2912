import type { Report, TaskSpec } from "@leat/scheduler";

/** What a worker knows beyond its plan, and a scheduler that forgot the worker has to be told again. */
export class RunMemory {
  /** Ids of tasks that this worker did. */
  readonly #done = new Set<string>();
  /** What running tasks asked for, by their ids. */
  readonly #needs = new Map<string, readonly string[]>();

  /** Whether this worker ran the task to its end. */
  hasDone(taskId: string): boolean {
    return this.#done.has(taskId);
  }

  /** Remembers a report that counts. */
  note({ taskId, outcome, newDeps = [] }: Report): void {
    if (outcome === "DONE") this.#done.add(taskId);
    if (newDeps.length > 0) this.#needs.set(taskId, [...(this.#needs.get(taskId) ?? []), ...newDeps]);
  }

  /** What is registered anew is what a waiting task waits for from now on. */
  noteRegistered(tasks: readonly TaskSpec[]): void {
    for (const { taskId, deps } of tasks) {
      if (deps !== undefined && this.#needs.has(taskId)) this.#needs.set(taskId, deps);
    }
  }

  /** A task that waits in the middle of its run is not handed out before what it waits for is done. */
  withNeeds(spec: TaskSpec): TaskSpec {
    const needs = this.#needs.get(spec.taskId) ?? [];
    return needs.length === 0 ? spec : { ...spec, deps: [...new Set([...(spec.deps ?? []), ...needs])] };
  }

  /** To be called when no task runs or waits any more. */
  clear(): void {
    this.#done.clear();
    this.#needs.clear();
  }
}
