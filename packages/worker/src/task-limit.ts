import type { Logger } from "@leat/core";
import type { PlannedState, PlannedTask } from "./plan.ts";
import type { RunOptions } from "./run.ts";

/** Keeps a run from doing more than so many tasks. What it does can be done to its end: requirements come first. */
export class TaskLimit {
  readonly #limit: number;
  readonly #stuckStates: ReadonlySet<PlannedState>;
  readonly #leftOut = new Set<string>();

  constructor({ taskLimit = Infinity, retryExternalSeconds }: RunOptions) {
    this.#limit = taskLimit;
    this.#stuckStates = new Set(retryExternalSeconds === undefined ? ["missing", ...NEVER_RUN] : NEVER_RUN);
  }

  leavesOut(taskId: string): boolean {
    return this.#leftOut.has(taskId);
  }

  /** Chooses from the tasks of a plan, in their order. What cannot run in this run takes no place. */
  choose(tasks: Iterable<PlannedTask>, log: Logger): void {
    const stuck = new Set<string>();
    let chosen = 0;
    for (const { task, state, requires } of tasks) {
      if (this.#stuckStates.has(state) || requires.some((id) => stuck.has(id))) stuck.add(task.id);
      else if (state === "incomplete" && ++chosen > this.#limit) this.#leftOut.add(task.id);
    }
    if (this.#leftOut.size === 0) return;
    log.warn(`The run does ${this.#limit} of ${chosen} tasks, its limit. The rest is left for a later run.`);
  }
}

const NEVER_RUN: readonly PlannedState[] = ["broken", "disabled"];
