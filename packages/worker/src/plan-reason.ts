import { flattenOutputs, LeatError, type Task } from "@leat/core";
import type { Plan, PlannedTask } from "./plan.ts";
import { hideSecrets } from "./secrets.ts";
import { withoutControls } from "./task-name.ts";

/** Targets, by name, for which a task is not complete. */
export interface Lacking {
  /** Those that are not there. */
  readonly targets: readonly string[];
  /** Those that are there and count as absent, with the reason as the end of a sentence. */
  readonly stale: readonly { readonly target: string; readonly reason: string }[];
}

/**
 * Why a task stands in a plan as it does, as plain JSON. `complete`: its targets are there. `missing`: it can be run at once.
 * `waits`: other tasks, by id, have to be completed first. `external`: something outside Leat makes it. `disabled`: it is not to
 * be run. `broken`: it cannot be told.
 */
export type PlanReason =
  | { readonly kind: "complete"; readonly targets: readonly string[] }
  | ({ readonly kind: "missing" } & Lacking)
  | ({ readonly kind: "waits"; readonly for: readonly string[] } & Lacking)
  | ({ readonly kind: "external" } & Lacking)
  | ({ readonly kind: "disabled" } & Lacking)
  | { readonly kind: "broken"; readonly message: string; readonly code?: string };

/** Why a task of a plan is to be run, or not. */
export function reasonOf(plan: Pick<Plan, "tasks">, taskId: string): PlanReason {
  const planned = plan.tasks.get(taskId) as PlannedTask;
  const { task, state, error } = planned;
  if (state === "complete") return { kind: "complete", targets: outputNames(task) };
  if (state === "broken") {
    const message = error?.message ?? "";
    return { kind: "broken", message, ...(LeatError.is(error) ? { code: error.code } : {}) };
  }
  const lacking = lackingOf(planned);
  if (state === "missing") return { kind: "external", ...lacking };
  if (state === "disabled") return { kind: "disabled", ...lacking };
  const open = planned.requires.filter((id) => plan.tasks.get(id)?.state !== "complete");
  return open.length === 0 ? { kind: "missing", ...lacking } : { kind: "waits", for: open, ...lacking };
}

function lackingOf({ task, lacking }: PlannedTask): Lacking {
  const named = lacking.map(({ target, reason }) => ({ target: shown(String(target), task), reason }));
  return {
    targets: named.filter(({ reason }) => reason === undefined).map(({ target }) => target),
    stale: named.flatMap(({ target, reason }) => (reason === undefined ? [] : { target, reason })),
  };
}

/** A task whose `complete()` is its own may have an `output()` that throws now. */
function outputNames(task: Task): string[] {
  try {
    return flattenOutputs(task.output(), task).map((target) => shown(String(target), task));
  } catch {
    return [];
  }
}

function shown(name: string, task: Task): string {
  return withoutControls(hideSecrets(name, task));
}
