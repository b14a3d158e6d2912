import type { ChangeReason, TaskStatus } from "./api.ts";
import type { Attempt } from "./attempt.ts";
import { refresh, spreadDisabled, spreadUnmet, unindex } from "./graph.ts";
import type { Membership } from "./membership.ts";
import { countFailure, memoryOf, policyOf, retryTime } from "./retry.ts";
import type { State } from "./state.ts";
import type { TaskRecord } from "./task-record.ts";

/** The only way to change a status. Keeps the indexes, the dependents and the deadlines right. */
export function setStatus(
  state: State,
  task: TaskRecord,
  to: TaskStatus,
  reason: ChangeReason,
  attempt?: Attempt,
): void {
  const from = task.status;
  if (from === to) return;
  const wasDisabled = task.isDisabledOrBehind;
  task.status = to;
  state.suspended.delete(task);
  task.updatedAt = state.now;
  retain(state, task);
  if (task.failures !== undefined && to !== "FAILED") task.failures.retryAt = Infinity;
  state.emitStatus(task, from, reason, attempt);
  refresh(state, task);
  if (from === "DONE") spreadUnmet(state, task, 1);
  if (to === "DONE") spreadUnmet(state, task, -1);
  spreadDisabled(state, task, wasDisabled);
  settle(state, task);
}

/** A DONE task is kept for a while from now on. */
export function retain(state: State, task: TaskRecord): void {
  task.expired = false;
  task.retainUntil = task.status === "DONE" ? state.now + state.config.doneRetentionSeconds * 1000 : Infinity;
}

/** Sets the time at which the task is removed if nobody cares about it, and its next deadline. */
export function settle(state: State, task: TaskRecord): void {
  if (task.isRunning || task.membership.stakeholders.length > 0) {
    task.removeAt = Infinity;
    if (task.status !== "DONE") task.expired = false;
  } else if (task.removeAt === Infinity && !task.expired) {
    task.removeAt = state.now + state.config.removeDelaySeconds * 1000;
  }
  state.deadlines.arm(task);
}

export function setMembership(state: State, task: TaskRecord, membership: Membership): void {
  if (task.membership === membership) return;
  unindex(state, task);
  task.membership.remove(task);
  membership.add(task);
  const suspendedBy = state.suspended.get(task);
  if (suspendedBy !== undefined && !membership.isRunner(suspendedBy)) state.suspended.delete(task);
  refresh(state, task);
  settle(state, task);
}

/** The task is complete: its failures are forgotten and no disable is left. */
export function complete(state: State, task: TaskRecord, reason: ChangeReason, attempt?: Attempt): void {
  task.failures = undefined;
  task.workerDisabled = false;
  setStatus(state, task, "DONE", reason, attempt);
}

/** Counts a failure: the task waits for its retry, or is disabled when it failed too often. */
export function fail(state: State, task: TaskRecord, reason: ChangeReason, attempt?: Attempt): void {
  const policy = policyOf(task, state.config);
  const excessive = countFailure(task, policy, state.now);
  if (!excessive) return awaitRetry(state, task, reason, attempt);
  const memory = memoryOf(task);
  memory.disabled = true;
  memory.disabledUntil = state.now + state.config.disablePersistSeconds * 1000;
  setStatus(state, task, "DISABLED", reason, attempt);
}

/** The task is FAILED without a failure being counted, and waits for its retry. */
export function awaitRetry(state: State, task: TaskRecord, reason: ChangeReason, attempt?: Attempt): void {
  memoryOf(task).retryAt = retryTime(task, policyOf(task, state.config), state.now);
  setStatus(state, task, "FAILED", reason, attempt);
  task.membership.noteRetry(task);
  state.deadlines.arm(task);
}

/** Ends a disable by the scheduler and forgets the failures. A disable by a worker stays. */
export function endDisable(state: State, task: TaskRecord, reason: ChangeReason): void {
  task.failures = undefined;
  if (!task.workerDisabled) awaitRetry(state, task, reason);
}
