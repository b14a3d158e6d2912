import { flattenOutputs } from "./requirements.ts";
import type { Task } from "./task.ts";

/** Names of targets, as they show themselves. */
export interface RemovedOutputs {
  readonly removed: readonly string[];
  /** Those that were not there. */
  readonly absent: readonly string[];
  /** Those whose kind cannot be removed by Leat. */
  readonly kept: readonly string[];
}

/** Removes the outputs of a task, directories with all that is in them, so that it is to be run again. */
export async function removeOutputs(task: Task): Promise<RemovedOutputs> {
  const removed: string[] = [];
  const absent: string[] = [];
  const kept: string[] = [];
  for (const target of flattenOutputs(task.output(), task)) {
    if (target.remove === undefined) kept.push(String(target));
    else if (await target.remove({ recursive: true })) removed.push(String(target));
    else absent.push(String(target));
  }
  return { removed, absent, kept };
}
