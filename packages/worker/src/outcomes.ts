import type { Plan, PlannedState } from "./plan.ts";

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
  readonly #outcomes = new Map<string, Outcome>();
  readonly #elsewhere = new Map<string, string>();

  constructor(plan: Plan) {
    for (const [id, { state, error }] of plan.tasks) {
      const outcome = state === "incomplete" ? "pending" : state;
      this.#outcomes.set(id, { state: outcome, everFailed: false, error, seconds: undefined });
    }
  }

  get(taskId: string): Outcome {
    return this.#outcomes.get(taskId) as Outcome;
  }

  succeeded(taskId: string, seconds: number): void {
    this.#outcomes.set(taskId, { ...this.get(taskId), state: "succeeded", seconds });
  }

  failed(taskId: string, error: Error): void {
    this.#outcomes.set(taskId, { state: "failed", everFailed: true, error, seconds: undefined });
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
