import type { Attempt } from "./attempt.ts";
import { refresh, setDeps, spreadDisabled } from "./graph.ts";
import type { AttemptPart, SchedulerPart, SnapshotRecord, TaskPart, WorkerPart } from "./snapshot.ts";
import { enrollHelper } from "./helpers.ts";
import type { State } from "./state.ts";
import { TaskRecord } from "./task-record.ts";
import { WorkerRecord } from "./worker-record.ts";

/** Brings a new state to that of the snapshot. */
export function restoreSnapshot(state: State, snapshot: Iterable<SnapshotRecord>): void {
  const tasks: TaskPart[] = [];
  for (const part of snapshot) {
    if (part.kind === "scheduler") restoreScheduler(state, part);
    else if (part.kind === "worker") restoreWorker(state, part);
    else if (part.kind === "attempt") restoreAttempt(state, part);
    else {
      restoreTask(state, part);
      tasks.push(part);
    }
  }
  connect(state, tasks);
  for (const task of state.tasks.values()) {
    refresh(state, task);
    state.deadlines.arm(task);
  }
}

function restoreScheduler(state: State, part: SchedulerPart): void {
  state.now = part.now;
  state.paused = part.paused;
  state.tasksSeen = part.tasksSeen;
  state.workersSeen = part.workersSeen;
  state.attemptsStarted = part.attemptsStarted;
  state.messagesSent = part.messagesSent;
  state.resources.limits.clear();
  for (const [name, limit] of Object.entries(part.limits)) state.resources.limits.set(name, limit);
  for (const [family, params] of Object.entries(part.batchedParams)) {
    state.ready.batches.batchedParams.set(family, params);
  }
}

function restoreWorker(state: State, part: WorkerPart): void {
  const timeoutMs = state.config.workerTimeoutSeconds * 1000;
  const worker = new WorkerRecord(part.id, part.number, part.session, part.startedAt, timeoutMs);
  worker.lastActiveAt = part.lastActiveAt;
  worker.lastGetWorkAt = part.lastGetWorkAt ?? -Infinity;
  worker.processes = part.processes;
  worker.assistant = part.assistant;
  worker.families = part.families ?? [];
  worker.disabled = part.disabled;
  worker.paused = part.paused ?? false;
  worker.info = part.info;
  worker.messages = [...part.messages];
  for (const [family, { params, maxSize }] of Object.entries(part.batchers)) {
    worker.batchers.set(family, { params, maxSize: maxSize ?? Infinity });
  }
  state.workers.set(part.id, worker);
  if (!worker.disabled) enrollHelper(state, worker);
  state.deadlines.arm(worker);
}

function restoreTask(state: State, part: TaskPart): void {
  const membership = state.memberships.of(
    part.runners.map((id) => workerOf(state, id)),
    part.stakeholders.map((id) => workerOf(state, id)),
  );
  const task = new TaskRecord(part.id, part.order, part.createdAt, membership);
  task.announced = true;
  task.updatedAt = part.updatedAt;
  task.status = part.status;
  task.family = part.family;
  task.module = part.module;
  task.params = part.params;
  task.priority = part.priority;
  task.resources = state.resourceSets.of(part.resources);
  task.runnable = part.runnable;
  task.batchable = part.batchable;
  task.acceptsMessages = part.acceptsMessages;
  task.workerDisabled = part.workerDisabled;
  task.lastWorker = part.lastWorker ?? undefined;
  task.lastStartedAt = part.lastStartedAt ?? NaN;
  task.expired = part.expired;
  task.retainUntil = part.retainUntil ?? Infinity;
  task.removeAt = part.removeAt ?? Infinity;
  restoreRare(task, part);
  state.include(task);
  if (part.suspendedBy !== undefined) state.suspended.set(task, workerOf(state, part.suspendedBy));
}

function restoreRare(task: TaskRecord, { failures, details }: TaskPart): void {
  if (failures !== null) {
    task.failures = {
      times: [...failures.times],
      firstAt: failures.firstAt ?? NaN,
      retryAt: failures.retryAt ?? Infinity,
      disabledUntil: failures.disabledUntil ?? Infinity,
      disabled: failures.disabled,
    };
  }
  if (details === null) return;
  const { responses, ...rest } = details;
  task.details = { ...rest, ...(responses.length === 0 ? {} : { responses: new Map(responses) }) };
}

function restoreAttempt(state: State, part: AttemptPart): void {
  const worker = workerOf(state, part.worker);
  const tasks = part.tasks.map((id) => taskOf(state, id));
  const attempt: Attempt = {
    token: part.token,
    number: part.number,
    worker,
    tasks,
    startedAt: part.startedAt,
    held: part.held === null ? undefined : new Map(part.held),
    batch: part.batch ?? undefined,
  };
  state.resources.retake(attempt.held);
  state.attempts.set(attempt.token, attempt);
  worker.attempts.add(attempt);
  for (const task of tasks) task.attempt = attempt;
}

/** Counts what each task waits for. Starts from the disabled ones, because what is behind them follows from them. */
function connect(state: State, parts: readonly TaskPart[]): void {
  for (const part of parts) {
    setDeps(
      state,
      taskOf(state, part.id),
      part.deps.map((id) => taskOf(state, id)),
    );
  }
  for (const task of state.tasks.values()) task.disabledDeps = 0;
  for (const task of state.tasks.values()) {
    if (task.status === "DISABLED") spreadDisabled(state, task, false);
  }
}

function taskOf(state: State, id: string): TaskRecord {
  return state.tasks.get(id) as TaskRecord;
}

function workerOf(state: State, id: string): WorkerRecord {
  return state.workers.get(id) as WorkerRecord;
}
