import { flattenOutputs, messageOf, type Target } from "@leat/core";
import type { Plan, PlannedTask } from "@leat/worker";

/** Tasks whose outputs are looked at together. */
const BATCH = 64;

/** For each task that is not complete, the outputs that are not there. */
export async function missingOutputs(plan: Plan): Promise<ReadonlyMap<string, readonly string[]>> {
  const missing = new Map<string, readonly string[]>();
  const incomplete = [...plan.tasks.values()].filter(({ state }) => state === "incomplete");
  for (let at = 0; at < incomplete.length; at += BATCH) {
    const batch = incomplete.slice(at, at + BATCH);
    const found = await Promise.all(batch.map(missingOf));
    for (const [index, { task }] of batch.entries()) missing.set(task.id, found[index] ?? []);
  }
  return missing;
}

async function missingOf({ task }: PlannedTask): Promise<string[]> {
  const found = await Promise.all(flattenOutputs(task.output(), task).map(missingText));
  return found.filter((text) => text !== undefined);
}

async function missingText(target: Target): Promise<string | undefined> {
  try {
    return (await target.exists()) ? undefined : String(target);
  } catch (error) {
    return `${target} (cannot tell: ${messageOf(error)})`;
  }
}
