import { findComplete } from "./find-complete.ts";
import type { Outcomes } from "./outcomes.ts";
import type { Plan } from "./plan.ts";

/**
 * Looks which of the tasks that this worker left undone are complete: others did them. What cannot be told now is left as the
 * worker knew it last.
 */
export async function noteCompletedElsewhere(plan: Plan, outcomes: Outcomes): Promise<void> {
  const left = [...plan.tasks.values()].filter(({ task }) => UNDONE.has(outcomes.get(task.id).state));
  for (const task of await findComplete(left.map(({ task }) => task))) outcomes.completed(task.id);
}

const UNDONE: ReadonlySet<string> = new Set(["pending", "failed", "missing"]);
