import type { Target } from "./target.ts";
import type { Task } from "./task.ts";

/** A target that is not there, or counts as if it were not. */
export interface Absence {
  readonly target: Target;
  /** Why, as the end of a sentence; `undefined` when nothing is there. */
  readonly reason: string | undefined;
}

/** Looks why targets are absent that are known to be. */
export function absencesOf(targets: readonly Target[]): Promise<Absence[]> {
  return Promise.all(targets.map(async (target) => ({ target, reason: await target.absence?.() })));
}

/** Answers whether a task is complete; within one plan each task is asked once and the answer kept. */
export interface CompletionCheck {
  (task: Task): Promise<boolean>;
  /** Takes what is not there, so that a plan can show why the task is to be run. */
  readonly lacking?: (targets: readonly Absence[]) => void;
}

/** A check that asks each task once, by its id, and keeps the answers: for `complete()` outside of a plan. */
export function memoizedCheck(): CompletionCheck {
  const answers = new Map<string, Promise<boolean>>();
  const check = (task: Task): Promise<boolean> => {
    const answer = answers.get(task.id) ?? task.complete(check);
    answers.set(task.id, answer);
    return answer;
  };
  return check;
}
