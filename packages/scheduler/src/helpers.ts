import { setMembership } from "./lifecycle.ts";
import type { State } from "./state.ts";
import type { TaskRecord } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

// A helper runs tasks of its families whoever registered them: those there are, and those to come.

/** The worker helps with these families from now on, and with no others. */
export function setFamilies(state: State, worker: WorkerRecord, families: readonly string[]): void {
  dismissHelper(state, worker);
  worker.families = [...new Set(families)];
  enrollHelper(state, worker);
  for (const task of state.tasks.values()) if (task.runnable) enlistHelpers(state, task);
}

/** Lists a worker under its families. */
export function enrollHelper(state: State, worker: WorkerRecord): void {
  for (const family of worker.families) {
    const helpers = state.helpers.get(family) ?? new Set();
    state.helpers.set(family, helpers.add(worker));
  }
}

export function dismissHelper(state: State, worker: WorkerRecord): void {
  for (const family of worker.families) {
    const helpers = state.helpers.get(family);
    helpers?.delete(worker);
    if (helpers?.size === 0) state.helpers.delete(family);
  }
}

/** Lets the helpers of its family run the task. They have no interest of their own in it. */
export function enlistHelpers(state: State, task: TaskRecord): void {
  for (const helper of state.helpers.get(task.family) ?? []) {
    setMembership(state, task, state.memberships.join(task.membership, helper, true, false));
  }
}
