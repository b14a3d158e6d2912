import type { RunningElsewhere } from "./api.ts";
import { refresh, unindex } from "./graph.ts";
import type { State } from "./state.ts";
import type { TaskRecord } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** The task waits in the middle of its run by the worker, which alone is given it from now on. */
export function suspend(state: State, task: TaskRecord, worker: WorkerRecord): void {
  if (task.status !== "PENDING" || !task.membership.isRunner(worker)) return;
  unindex(state, task);
  state.suspended.set(task, worker);
  refresh(state, task);
}

/** The worker does not go on with the task: others may have it. */
export function forgetSuspension(state: State, task: TaskRecord, worker: string): void {
  if (state.suspended.get(task)?.id !== worker) return;
  unindex(state, task);
  state.suspended.delete(task);
  refresh(state, task);
}

/** The worker goes on with nothing. */
export function forgetSuspensions(state: State, worker: WorkerRecord): void {
  for (const task of state.suspended.keys()) forgetSuspension(state, task, worker.id);
}

/**
 * Own tasks that others suspended and for which something is done without this worker. What waits for this one, or for nobody,
 * is not among them: two workers never wait for each other.
 */
export function suspendedElsewhere(state: State, worker: WorkerRecord): RunningElsewhere[] {
  if (state.suspended.size === 0) return [];
  const suspended = [...state.suspended].filter(
    ([task, by]) => by !== worker && task.membership.isRunner(worker) && goesOn(state, task, by, worker),
  );
  // A restored state has them in another order.
  suspended.sort(([a], [b]) => a.order - b.order);
  return suspended.map(([task, by]) => ({ taskId: task.id, worker: by.id }));
}

function goesOn(state: State, task: TaskRecord, by: WorkerRecord, worker: WorkerRecord): boolean {
  if (task.readyIndex >= 0) return isTakenSoon(state, task, [by]);
  const upstream = new Set([task]);
  for (const { deps } of upstream) {
    for (const dep of deps) {
      if (upstream.has(dep) || dep.status === "DONE") continue;
      if (isUnderWayElsewhere(state, dep, worker)) return true;
      upstream.add(dep);
    }
  }
  return false;
}

function isUnderWayElsewhere(state: State, task: TaskRecord, worker: WorkerRecord): boolean {
  if (task.attempt !== undefined) return task.attempt.worker !== worker;
  const { membership, failures } = task;
  if (membership.isRunner(worker)) return false;
  if (task.readyIndex >= 0) return isTakenSoon(state, task, state.takersOf(task).runners);
  return membership.runners.length > 0 && (failures?.retryAt ?? Infinity) < Infinity;
}

/** A worker that runs nothing, and gets nothing for want of resources, does not stay. */
function isTakenSoon(state: State, task: TaskRecord, takers: readonly WorkerRecord[]): boolean {
  const isFree = state.resources.fits(task.resources);
  return takers.some((taker) => isFree || taker.attempts.size > 0);
}
