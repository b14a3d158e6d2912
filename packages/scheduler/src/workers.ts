import type { PendingCounts, RunningElsewhere, WorkerReply } from "./api.ts";
import type { Attempt } from "./attempt.ts";
import { failAttempt, suspendAttempt } from "./attempts.ts";
import { dismissHelper } from "./helpers.ts";
import { setMembership } from "./lifecycle.ts";
import type { Membership } from "./membership.ts";
import type { State } from "./state.ts";
import { forgetSuspensions } from "./suspensions.ts";
import { detailsOf } from "./task-record.ts";
import { WorkerRecord } from "./worker-record.ts";

/** The worker called: it is alive. Makes it known if it was not. */
export function meetWorker(state: State, id: string): WorkerRecord {
  return touchWorker(state, id) ?? addWorker(state, id);
}

/** The worker called: it is alive, if the scheduler knows it. */
export function touchWorker(state: State, id: string): WorkerRecord | undefined {
  const worker = state.workers.get(id);
  if (worker !== undefined) worker.lastActiveAt = state.now;
  return worker;
}

function addWorker(state: State, id: string): WorkerRecord {
  const number = ++state.workersSeen;
  const { epoch, workerTimeoutSeconds } = state.config;
  const worker = new WorkerRecord(id, number, `${epoch}-${number}`, state.now, workerTimeoutSeconds * 1000);
  state.workers.set(id, worker);
  state.deadlines.arm(worker);
  state.emit({ type: "worker:added", at: state.now, worker: id });
  return worker;
}

export function workerReply(worker: WorkerRecord | undefined): WorkerReply {
  return { session: worker?.session ?? "", workerState: worker?.disabled === true ? "disabled" : "active" };
}

/** What time does to a worker. */
export function workerDue(state: State, worker: WorkerRecord): void {
  if (worker.silentAt <= state.now) return loseWorker(state, worker);
  worker.messages = worker.messages.filter(({ expiresAt }) => expiresAt > state.now);
  state.deadlines.arm(worker);
}

/** The worker was silent for too long: its attempts fail. */
function loseWorker(state: State, worker: WorkerRecord): void {
  forget(state, worker, "worker:lost", (attempt) => loseAttempt(state, attempt));
}

/** The worker said good-bye: what it holds is for others. */
export function dismissWorker(state: State, worker: WorkerRecord): void {
  state.deadlines.disarm(worker);
  forget(state, worker, "worker:left", (attempt) => suspendAttempt(state, attempt, "worker left"));
}

/** Afterwards nobody can tell that the worker ever registered a task. */
function forget(
  state: State,
  worker: WorkerRecord,
  type: "worker:lost" | "worker:left",
  end: (attempt: Attempt) => void,
): void {
  state.workers.delete(worker.id);
  dismissHelper(state, worker);
  forgetSuspensions(state, worker);
  state.emit({ type, at: state.now, worker: worker.id });
  for (const attempt of worker.attempts) end(attempt);
  move(state, worker, (from) => state.memberships.without(from, worker));
  state.memberships.forget(worker);
}

function loseAttempt(state: State, attempt: Attempt): void {
  const explanation = `Worker "${attempt.worker.id}" was silent for ${state.config.workerTimeoutSeconds} seconds.`;
  for (const task of attempt.tasks) detailsOf(task).explanation = explanation;
  failAttempt(state, attempt, "worker lost");
}

/** The worker can run nothing any more. What it runs goes on, and what it cares about stays. */
export function disableWorker(state: State, worker: WorkerRecord): void {
  if (worker.disabled) return;
  worker.disabled = true;
  dismissHelper(state, worker);
  forgetSuspensions(state, worker);
  state.emit({ type: "worker:disabled", at: state.now, worker: worker.id });
  move(state, worker, (from) => state.memberships.withoutRunner(from, worker));
}

function move(state: State, worker: WorkerRecord, to: (from: Membership) => Membership): void {
  for (const from of Array.from(worker.memberships)) {
    if (from.tasks.length === 0) continue;
    const target = to(from);
    for (const task of from.tasks.slice()) setMembership(state, task, target);
  }
}

export function countPending(worker: WorkerRecord): PendingCounts {
  const counts = { pending: 0, uniquePending: 0, pendingLastScheduled: 0 };
  for (const membership of worker.memberships) {
    if (!membership.isRunner(worker)) continue;
    counts.pending += membership.pending;
    if (membership.runners.length === 1) counts.uniquePending += membership.pending;
    if (membership.runners.at(-1) === worker) counts.pendingLastScheduled += membership.pending;
  }
  return counts;
}

/** Own tasks that others run. */
export function runningElsewhere(state: State, worker: WorkerRecord): RunningElsewhere[] {
  const found: RunningElsewhere[] = [];
  for (const attempt of state.attempts.values()) {
    if (attempt.worker === worker) continue;
    for (const task of attempt.tasks) {
      if (task.membership.isRunner(worker)) found.push({ taskId: task.id, worker: attempt.worker.id });
    }
  }
  return found;
}

/** When the next FAILED task that the worker can run becomes PENDING; `null` when none waits for a retry. */
export function nextReadyAt(worker: WorkerRecord): number | null {
  let next = Infinity;
  for (const membership of worker.memberships) {
    if (membership.isRunner(worker)) next = Math.min(next, membership.nextRetry());
  }
  return next === Infinity ? null : next;
}
