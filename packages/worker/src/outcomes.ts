import type { Plan, PlannedState, PlannedTask } from "./plan.ts";

/** What became of a task. `pending`: it could have run and did not. The others as in the plan. */
export type OutcomeState = "succeeded" | "failed" | "pending" | Exclude<PlannedState, "incomplete">;

export interface Outcome {
  readonly state: OutcomeState;
  /** Some attempt failed, whatever became of the task afterwards. */
  readonly everFailed: boolean;
  /** Why the last attempt failed, or why the task could not be planned. */
  readonly error: Error | undefined;
  /** Duration of the attempt that succeeded. */
  readonly seconds: number | undefined;
}

/** What became of each task of a plan, filled in while it runs. */
export class Outcomes {
  readonly #plan: Plan;
  /** Those of tasks that ran. */
  readonly #ended = new Map<string, Outcome>();
  readonly #elsewhere = new Map<string, string>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  /** @param taskId of a task in the plan */
  get(taskId: string): Outcome {
    return this.#ended.get(taskId) ?? untouched(this.#plan.tasks.get(taskId) as PlannedTask);
  }

  succeeded(taskId: string, seconds: number): void {
    const everFailed = this.#ended.get(taskId)?.everFailed ?? false;
    this.#ended.set(taskId, { state: "succeeded", everFailed, error: undefined, seconds });
  }

  failed(taskId: string, error: Error): void {
    this.#ended.set(taskId, { state: "failed", everFailed: true, error, seconds: undefined });
  }

  /** Notes which of the tasks other workers were seen to run. */
  runningElsewhere(tasks: readonly { readonly taskId: string; readonly worker: string }[]): void {
    for (const { taskId, worker } of tasks) this.#elsewhere.set(taskId, worker);
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
    seconds: undefined,
  };
}
