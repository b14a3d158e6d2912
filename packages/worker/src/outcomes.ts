import type { Plan, PlannedState, PlannedTask } from "./plan.ts";

/** What became of a task. `pending`: it could have run and did not. The others as in the plan. */
export type OutcomeState = "succeeded" | "failed" | "pending" | Exclude<PlannedState, "incomplete">;

export interface Outcome {
  readonly state: OutcomeState;
  /** Some attempt failed, whatever became of the task afterwards. */
  readonly everFailed: boolean;
  /** Why the last attempt failed, or why the task could not be planned. */
  readonly error: Error | undefined;
  /** It failed, and another attempt will follow. */
  readonly willRetry: boolean;
  /** Duration of the attempt that succeeded, without what it waited for others. */
  readonly seconds: number | undefined;
}

/** What became of each task of a plan, filled in while it runs. */
export class Outcomes {
  readonly #graph: Pick<Plan, "tasks">;
  /** Those of tasks that ran. */
  readonly #ended = new Map<string, Outcome>();
  readonly #elsewhere = new Map<string, string>();

  /** @param graph may grow while it runs */
  constructor(graph: Pick<Plan, "tasks">) {
    this.#graph = graph;
  }

  /** @param taskId of a task in the plan */
  get(taskId: string): Outcome {
    return this.#ended.get(taskId) ?? untouched(this.#graph.tasks.get(taskId) as PlannedTask);
  }

  succeeded(taskId: string, seconds: number): void {
    const everFailed = this.#ended.get(taskId)?.everFailed ?? false;
    this.#ended.set(taskId, {
      state: "succeeded",
      everFailed,
      error: undefined,
      willRetry: false,
      seconds,
    });
  }

  /** Another worker has made its output. */
  completed(taskId: string): void {
    const everFailed = this.#ended.get(taskId)?.everFailed ?? false;
    const ended = { error: undefined, willRetry: false, seconds: undefined };
    this.#ended.set(taskId, { state: "complete", everFailed, ...ended });
  }

  /** What it made is gone: it is as it was planned anew. */
  reopened(taskId: string): void {
    this.#ended.delete(taskId);
  }

  failed(taskId: string, error: Error, willRetry = false): void {
    this.#ended.set(taskId, { state: "failed", everFailed: true, error, willRetry, seconds: undefined });
  }

  /** The last attempt ended because something else could not be completed; whether it failed before is kept. */
  heldUp(taskId: string, error: Error): void {
    const everFailed = this.#ended.get(taskId)?.everFailed ?? false;
    this.#ended.set(taskId, { state: "pending", everFailed, error, willRetry: false, seconds: undefined });
  }

  /** Whether nothing is left to do for a task. */
  isDone(taskId: string): boolean {
    const { state } = this.get(taskId);
    return state === "complete" || state === "succeeded";
  }

  /** Notes which of the tasks other workers were seen to run, or to have begun. */
  runningElsewhere(tasks: readonly { readonly taskId: string; readonly worker: string }[]): void {
    for (const { taskId, worker } of tasks) this.#elsewhere.set(taskId, worker);
  }

  /** How many tasks of the plan each other worker was seen to run, in the order in which they were seen. */
  otherWorkers(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const [taskId, worker] of this.#elsewhere) {
      if (this.#graph.tasks.has(taskId)) counts.set(worker, (counts.get(worker) ?? 0) + 1);
    }
    return counts;
  }

  /** The other worker that was seen to run a task. */
  otherWorkerOf(taskId: string): string | undefined {
    return this.#elsewhere.get(taskId);
  }
}

function untouched({ state, error }: PlannedTask): Outcome {
  return {
    state: state === "incomplete" ? "pending" : state,
    everFailed: false,
    error,
    willRetry: false,
    seconds: undefined,
  };
}
