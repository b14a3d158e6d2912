import type { Command, Scheduler, SchedulerEvent } from "@leat/scheduler";

/** One life of a worker: from its first call until it said good-bye, or was silent for too long. For `leat run` that is one run. */
export interface WorkerRun {
  readonly worker: string;
  /** What it said of itself: host, user, process, first task. */
  readonly info: { readonly [key: string]: string | number | boolean | null };
  readonly startedAt: number;
  /** `null`: it is alive. */
  readonly endedAt: number | null;
}

/** Finds out which workers came, went, or said more of themselves. */
export class WorkerRuns {
  readonly #scheduler: Scheduler;
  readonly #alive = new Map<string, WorkerRun>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
    for (const { worker } of scheduler.workers()) this.#look(worker);
  }

  /** Called right after the command, while the scheduler still tells of it. */
  changedBy(command: Command, events: readonly SchedulerEvent[]): readonly WorkerRun[] {
    const changed = events.flatMap((event) => this.#after(event));
    return command.type === "registerWorker" ? [...changed, ...this.#look(command.worker)] : changed;
  }

  #after(event: SchedulerEvent): readonly WorkerRun[] {
    if (event.type === "worker:added") return this.#look(event.worker);
    if (event.type !== "worker:lost" && event.type !== "worker:left") return [];
    const run = this.#alive.get(event.worker);
    this.#alive.delete(event.worker);
    return run === undefined ? [] : [{ ...run, endedAt: event.at }];
  }

  /** None for a worker that came and went in one step. */
  #look(worker: string): readonly WorkerRun[] {
    const view = this.#scheduler.worker(worker);
    if (view === undefined) return [];
    const run = { worker, info: view.info, startedAt: view.startedAt, endedAt: null };
    this.#alive.set(worker, run);
    return [run];
  }
}

/** Each run once, as it is at the end. */
export function latestOf(runs: readonly WorkerRun[]): readonly WorkerRun[] {
  if (runs.length < 2) return runs;
  const latest = new Map(runs.map((run) => [JSON.stringify([run.worker, run.startedAt]), run]));
  return [...latest.values()];
}
