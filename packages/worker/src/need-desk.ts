import type { Task } from "@leat/core";
import type { Attempt } from "./attempt.ts";
import { cycleError } from "./cycle.ts";
import { batchNeed, changedNeed, lateNeed, unmetNeed } from "./need-errors.ts";
import type { Obstacles } from "./obstacles.ts";
import type { Outcomes } from "./outcomes.ts";
import type { RunGraph } from "./run-graph.ts";

export interface NeedDeskOptions {
  readonly graph: RunGraph;
  readonly outcomes: Outcomes;
  readonly obstacles: Obstacles;
  /** Plans tasks that are new, and makes the scheduler know them. */
  readonly plan: (tasks: readonly Task[]) => Promise<void>;
  /** An attempt has to wait. */
  readonly onAsking: () => void;
}

/**
 * Takes what attempts ask for by `need`. What is complete, or was answered to an earlier attempt of the task, is answered at
 * once; for the rest the worker has to suspend the attempt.
 */
export class NeedDesk {
  readonly #options: NeedDeskOptions;
  /** Attempts with calls that the worker has not looked at. */
  readonly #asking = new Set<Attempt>();
  /** For each task that runs or is to be tried again: the ids in each call that was answered. */
  readonly #answered = new Map<string, (readonly string[])[]>();
  #underWay = 0;

  constructor(options: NeedDeskOptions) {
    this.#options = options;
  }

  /** Whether some call is being looked into. */
  get isBusy(): boolean {
    return this.#underWay > 0 || this.#asking.size > 0;
  }

  /** Whether attempts are to be suspended. */
  get hasNews(): boolean {
    return this.#asking.size > 0;
  }

  /** Resolves to the token that the attempt has then. */
  async need(attempt: Attempt, tasks: readonly Task[]): Promise<string> {
    if (attempt.isOver) throw lateNeed(attempt.task);
    if (attempt.members.length > 1) throw batchNeed(attempt.task);
    const call = attempt.calls++;
    const ids = tasks.map((task) => task.id);
    if (this.#wasAnswered(attempt.task, call, ids)) return attempt.token;
    await this.#prepare(attempt.task, tasks, ids);
    if (attempt.isOver) throw lateNeed(attempt.task);
    if (!ids.every((id) => this.#options.outcomes.isDone(id))) await this.#wait(attempt, ids);
    this.#record(attempt.task, call, ids);
    return attempt.token;
  }

  /** Takes the attempts with new calls. */
  takeAsking(): Attempt[] {
    const asking = [...this.#asking];
    this.#asking.clear();
    return asking;
  }

  /** Whether it is known of all that an attempt asks for whether it will be complete. */
  isDecided(attempt: Attempt): boolean {
    const open = this.openOf(attempt);
    const obstacles = this.#options.obstacles.of(open);
    attempt.isHindered = obstacles.length > 0;
    return obstacles.length === open.length;
  }

  /** Ids of what an attempt asks for and what is not complete. */
  openOf(attempt: Attempt): string[] {
    return attempt.openIds.filter((id) => !this.#options.outcomes.isDone(id));
  }

  /** Lets the code of an attempt go on: what is not known to be hindered counts as complete. */
  answer(attempt: Attempt): void {
    const { requests } = attempt;
    attempt.requests = [];
    for (const { ids, resolve, reject } of requests) {
      const obstacles = this.#options.obstacles.of(ids);
      if (obstacles.length === 0) resolve();
      else reject(unmetNeed(attempt.task, obstacles));
    }
  }

  /** The attempt is over: nothing that it asked for is of interest. */
  close(attempt: Attempt, error: Error | undefined): void {
    attempt.isOver = true;
    this.#asking.delete(attempt);
    const { requests } = attempt;
    attempt.requests = [];
    for (const { reject } of requests) reject(error ?? lateNeed(attempt.task));
  }

  /** The task is not tried again: the answers that it had are forgotten. */
  forget(taskId: string): void {
    this.#answered.delete(taskId);
  }

  #wasAnswered(task: Task, call: number, ids: readonly string[]): boolean {
    const before = this.#answered.get(task.id)?.[call];
    if (before === undefined) return false;
    if (before.join("\n") !== ids.join("\n")) throw changedNeed(task, call, before, ids);
    return true;
  }

  #record(task: Task, call: number, ids: readonly string[]): void {
    const answered = this.#answered.get(task.id) ?? [];
    this.#answered.set(task.id, answered);
    answered[call] = ids;
  }

  async #prepare(owner: Task, tasks: readonly Task[], ids: readonly string[]): Promise<void> {
    const { graph, outcomes, plan } = this.#options;
    this.#underWay++;
    try {
      await plan(tasks);
    } finally {
      this.#underWay--;
    }
    const cycle = graph.findPath(ids, owner.id, (id) => outcomes.isDone(id));
    if (cycle !== undefined) throw cycleError([owner, ...cycle.slice(0, -1)]);
    graph.addNeeds(owner.id, ids);
  }

  #wait(attempt: Attempt, ids: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      attempt.requests.push({ ids, resolve, reject });
      this.#asking.add(attempt);
      this.#options.onAsking();
    });
  }
}
