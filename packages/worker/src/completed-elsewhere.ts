import { memoizedCheck, type Task } from "@leat/core";
import type { Outcomes } from "./outcomes.ts";
import type { Plan } from "./plan.ts";

/** Checks under way at a time. */
const CHECKS = 64;

/** Looks which of the tasks that this worker left undone are complete: others did them. */
export async function noteCompletedElsewhere(plan: Plan, outcomes: Outcomes): Promise<void> {
  const check = memoizedCheck();
  const left = [...plan.tasks.values()].filter(({ task }) => UNDONE.has(outcomes.get(task.id).state));
  for (let start = 0; start < left.length; start += CHECKS) {
    await Promise.all(left.slice(start, start + CHECKS).map(({ task }) => note(task)));
  }

  async function note(task: Task): Promise<void> {
    // What cannot be told now is left as the worker knew it last.
    if (await check(task).catch(() => false)) outcomes.completed(task.id);
  }
}

const UNDONE: ReadonlySet<string> = new Set(["pending", "failed", "missing"]);
