import { createHash } from "node:crypto";
import type { Scheduler } from "@leat/scheduler";

/** A live attempt, named as commands name it. */
export interface Run {
  readonly worker: string;
  /** One of the tasks of the attempt. */
  readonly taskId: string;
  readonly token: string;
}

/**
 * Finds the attempt that a Luigi worker means: it knows no tokens, only ids of tasks. For a batch it makes a task of
 * its own, the runner, whose id it announces; the scheduler does not know that one.
 */
export class Runs {
  readonly #scheduler: Scheduler;
  /** By the id of the runner's task. */
  readonly #runners = new Map<string, Run>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** The attempt at the task or of the runner; of the worker, if one is given. */
  find(taskId: string, worker?: string, family?: string): Run | undefined {
    const runner = this.#liveRunner(taskId);
    const run = runner ?? this.#runOf(taskId) ?? this.#unannounced(worker, family);
    return worker === undefined || run?.worker === worker ? run : undefined;
  }

  /** The worker runs a batch under the id of a task that it made for it. */
  announce(taskId: string, worker: string, batchId: string): void {
    for (const run of this.#batchesOf(worker)) {
      if (batchIdOf(run.members) === batchId) this.#runners.set(taskId, run);
    }
  }

  /** Tokens of the attempts that the worker says it runs. */
  tokens(worker: string, taskIds: readonly string[]): string[] {
    return taskIds.flatMap((taskId) => this.find(taskId, worker)?.token ?? []);
  }

  #runOf(taskId: string): Run | undefined {
    const attempt = this.#scheduler.attempt(taskId);
    return attempt && { ...attempt, taskId };
  }

  #liveRunner(taskId: string): Run | undefined {
    const run = this.#runners.get(taskId);
    if (run === undefined || this.#scheduler.attempt(run.taskId)?.token === run.token) return run;
    this.#runners.delete(taskId);
    return undefined;
  }

  /** Announcements are gone when leatd starts anew: the only batch of the family must be the one that is meant. */
  #unannounced(worker: string | undefined, family: string | undefined): Run | undefined {
    if (worker === undefined || family === undefined) return undefined;
    const announced = new Set([...this.#runners.values()].map(({ token }) => token));
    const batches = this.#batchesOf(worker).filter(
      ({ token, taskId }) => !announced.has(token) && this.#scheduler.task(taskId)?.family === family,
    );
    return batches.length === 1 ? batches[0] : undefined;
  }

  #batchesOf(worker: string): (Run & { readonly members: readonly string[] })[] {
    const members = new Map<string, string[]>();
    for (const taskId of this.#scheduler.worker(worker)?.running ?? []) {
      const token = this.#scheduler.attempt(taskId)?.token;
      if (token !== undefined) members.set(token, [...(members.get(token) ?? []), taskId]);
    }
    return [...members]
      .filter(([, taskIds]) => taskIds.length > 1)
      .map(([token, taskIds]) => ({ worker, token, taskId: taskIds[0] as string, members: taskIds }));
  }
}

/** As luigid computes it. */
export function batchIdOf(taskIds: readonly string[]): string {
  return createHash("md5").update(taskIds.join("|")).digest("hex");
}
