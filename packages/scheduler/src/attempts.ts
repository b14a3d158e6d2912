import type { Assignment, ChangeReason } from "./api.ts";
import type { Attempt, AttemptBatch } from "./attempt.ts";
import { complete, fail, setStatus } from "./lifecycle.ts";
import type { State } from "./state.ts";
import { byRank, type TaskDetails, type TaskRecord } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** Hands the task, or the members of a batch, to the worker. What they need is taken once. */
export function startAttempt(
  state: State,
  worker: WorkerRecord,
  tasks: readonly TaskRecord[],
  batch?: AttemptBatch,
): Attempt {
  const number = ++state.attemptsStarted;
  const first = tasks[0] as TaskRecord;
  const attempt: Attempt = {
    token: tokenOf(state, number),
    number,
    worker,
    tasks,
    startedAt: state.now,
    held: state.resources.take(first.resources),
    batch,
  };
  state.attempts.set(attempt.token, attempt);
  worker.attempts.add(attempt);
  for (const task of tasks) assign(state, task, attempt);
  return attempt;
}

function tokenOf(state: State, number: number): string {
  return `${state.config.epoch}-${number}`;
}

/** Whether an attempt of this token was ever begun. */
export function wasBegun(state: State, token: string): boolean {
  const number = Number(token.slice(token.lastIndexOf("-") + 1));
  return number >= 1 && number <= state.attemptsStarted && token === tokenOf(state, number);
}

function assign(state: State, task: TaskRecord, attempt: Attempt): void {
  task.attempt = attempt;
  task.lastWorker = attempt.worker.id;
  task.lastStartedAt = state.now;
  if (task.details !== undefined) dropProgress(task.details);
  setStatus(state, task, attempt.batch === undefined ? "RUNNING" : "BATCH_RUNNING", "assigned", attempt);
}

/** What the last attempt showed says nothing about this one. */
function dropProgress(details: TaskDetails): void {
  delete details.statusMessage;
  delete details.progressPercentage;
  delete details.trackingUrl;
}

/** Ends the attempt and gives back what it holds. The caller then gives each of its tasks a new status. */
function release(state: State, attempt: Attempt): void {
  state.resources.release(attempt.held);
  state.attempts.delete(attempt.token);
  attempt.worker.attempts.delete(attempt);
  for (const task of attempt.tasks) task.attempt = undefined;
}

export function completeAttempt(state: State, attempt: Attempt, reason: ChangeReason): void {
  release(state, attempt);
  for (const task of attempt.tasks) complete(state, task, reason, attempt);
}

export function failAttempt(state: State, attempt: Attempt, reason: ChangeReason): void {
  release(state, attempt);
  for (const task of attempt.tasks) fail(state, task, reason, attempt);
}

/** The attempt ended without a result; its tasks are to be run again. */
export function suspendAttempt(state: State, attempt: Attempt, reason: ChangeReason): void {
  release(state, attempt);
  for (const task of attempt.tasks) setStatus(state, task, "PENDING", reason, attempt);
}

/** Takes the task out of its attempt, which ends unless other members of a batch are left. */
export function detach(state: State, task: TaskRecord): void {
  const { attempt } = task;
  if (attempt === undefined) return;
  if (attempt.tasks.length === 1) return release(state, attempt);
  attempt.tasks = attempt.tasks.filter((other) => other !== task);
  task.attempt = undefined;
}

/** The live attempt that the worker means, or `undefined`. */
export function findAttempt(
  state: State,
  named: { readonly worker: string; readonly taskId: string; readonly token: string },
): Attempt | undefined {
  const attempt = state.attempts.get(named.token);
  if (attempt === undefined || attempt.worker.id !== named.worker) return undefined;
  const taskIds = attempt.batch?.taskIds ?? [(attempt.tasks[0] as TaskRecord).id];
  return taskIds.includes(named.taskId) ? attempt : undefined;
}

/** Attempts of the worker that it does not know of, best rank first. */
export function lostAttempts(worker: WorkerRecord, running: readonly string[]): Attempt[] {
  const known = new Set(running);
  const lost = [...worker.attempts].filter((attempt) => !known.has(attempt.token));
  return lost.sort((a, b) => byRank(a.tasks[0] as TaskRecord, b.tasks[0] as TaskRecord));
}

export function toAssignment(attempt: Attempt): Assignment {
  const task = attempt.tasks[0] as TaskRecord;
  const assignment: Assignment = {
    taskId: task.id,
    family: task.family,
    module: task.module,
    params: task.params,
    token: attempt.token,
    attempt: 1 + (task.failures?.times.length ?? 0),
  };
  return attempt.batch === undefined ? assignment : { ...assignment, batch: toBatch(attempt, attempt.batch) };
}

function toBatch(attempt: Attempt, batch: AttemptBatch): NonNullable<Assignment["batch"]> {
  const valuesOf = (name: string) => attempt.tasks.map((task) => task.params[name] as string);
  return {
    taskIds: attempt.tasks.map((task) => task.id),
    batchedParams: Object.fromEntries(batch.params.map((name) => [name, valuesOf(name)])),
  };
}
