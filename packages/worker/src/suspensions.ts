import type { Task } from "@leat/core";
import type { Announcements } from "./announcements.ts";
import type { Attempt } from "./attempt.ts";
import { leaseLost } from "./lease.ts";
import { noPlace, unmetNeed } from "./need-errors.ts";
import type { NeedDesk } from "./need-desk.ts";
import type { RunGraph } from "./run-graph.ts";
import type { WorkerScheduler } from "./worker-scheduler.ts";

export interface SuspensionsOptions {
  readonly worker: string;
  readonly scheduler: WorkerScheduler;
  readonly graph: RunGraph;
  readonly desk: NeedDesk;
  readonly announce: Announcements;
}

/**
 * Attempts that wait in the middle of their run. To the scheduler each is a task that is pending with more requirements than
 * before: it holds no place and no resources. When the scheduler assigns it again, it goes on where it stands.
 */
export class Suspensions {
  readonly #options: SuspensionsOptions;
  readonly #waiting = new Map<string, Attempt>();

  constructor(options: SuspensionsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  get attempts(): Iterable<Attempt> {
    return this.#waiting.values();
  }

  get(taskId: string): Attempt | undefined {
    return this.#waiting.get(taskId);
  }

  delete({ task }: Attempt): boolean {
    return this.#waiting.delete(task.id);
  }

  /** Deals with new calls of `need`; tells whether the attempt has given its place away. */
  async ask(attempt: Attempt): Promise<boolean> {
    const { desk } = this.#options;
    if (this.#waiting.has(attempt.task.id)) {
      attempt.isReleased = false;
      await this.#waitFor(attempt, desk.openOf(attempt));
      return true;
    }
    if (!desk.isDecided(attempt)) return this.#suspend(attempt);
    desk.answer(attempt);
    return false;
  }

  /** The scheduler has a place for a waiting attempt; tells whether it goes on. */
  async resume(attempt: Attempt, token: string): Promise<boolean> {
    const { desk, announce } = this.#options;
    attempt.token = token;
    const unknown = desk.openOf(attempt).filter((id) => !attempt.waitsFor.has(id));
    if (unknown.length > 0 && !attempt.isReleased) return !(await this.#giveUp(attempt, unknown));
    this.#waiting.delete(attempt.task.id);
    attempt.resumeClock();
    announce.resumed(attempt.task);
    desk.answer(attempt);
    return true;
  }

  /**
   * Asks for a place for attempts that wait in vain, so that their code hears of it.
   *
   * @param isNew whether something failed since the last time; else only those can be concerned that were hindered then
   */
  async release(isNew: boolean): Promise<void> {
    for (const attempt of this.#waiting.values()) {
      if (attempt.isReleased || !(isNew || attempt.isHindered)) continue;
      if (!this.#options.desk.isDecided(attempt) || !attempt.isHindered) continue;
      attempt.isReleased = true;
      await this.#waitFor(attempt, []);
    }
  }

  /** The scheduler knows no more what these attempts wait for. Gives their tasks. */
  awaitAnew(): readonly Task[] {
    const waiting = [...this.#waiting.values()];
    for (const attempt of waiting) attempt.waitsFor = new Set();
    return waiting.map(({ task }) => task);
  }

  /** Ends all that wait, for nothing more will be run. */
  end(): void {
    const { desk, graph } = this.#options;
    for (const attempt of this.#waiting.values()) {
      const open = desk.openOf(attempt).flatMap((id) => graph.tasks.get(id) ?? []);
      const obstacles = open.map(({ task }) => ({ task, reason: "was not run" }));
      attempt.running.stop(open.length === 0 ? noPlace(attempt.task) : unmetNeed(attempt.task, obstacles));
    }
  }

  async #suspend(attempt: Attempt): Promise<boolean> {
    const { announce, desk, graph } = this.#options;
    const open = desk.openOf(attempt);
    this.#waiting.set(attempt.task.id, attempt);
    attempt.pauseClock();
    announce.suspended(
      attempt.task,
      open.flatMap((id) => graph.tasks.get(id)?.task ?? []),
    );
    return this.#giveUp(attempt, open);
  }

  /** Gives the place of an attempt back until these are complete as well. */
  async #giveUp(attempt: Attempt, ids: readonly string[]): Promise<true> {
    const { worker, scheduler } = this.#options;
    const { task, token } = attempt;
    attempt.waitsFor = new Set([...attempt.waitsFor, ...ids]);
    attempt.isReleased = false;
    const reply = await scheduler.report({
      worker,
      taskId: task.id,
      token,
      outcome: "PENDING",
      newDeps: ids,
      suspended: true,
    });
    if (!reply.accepted) attempt.running.stop(leaseLost(task));
    return true;
  }

  async #waitFor(attempt: Attempt, ids: readonly string[]): Promise<void> {
    const { worker, scheduler, graph } = this.#options;
    const taskId = attempt.task.id;
    attempt.waitsFor = new Set(ids);
    const deps = [...(graph.tasks.get(taskId)?.requires ?? []), ...ids];
    await scheduler.addTasks({ worker, tasks: [{ taskId, deps }] });
  }
}
