import type {
  Accepted,
  AddTasks,
  AddTasksReply,
  DisableWorker,
  GetWork,
  Heartbeat,
  HeartbeatReply,
  OnTask,
  RegisterBatcher,
  RegisterWorker,
  Report,
  ReportReply,
  SetPaused,
  SetWorkerPaused,
  SetWorkerProcesses,
  StatusReply,
  UnregisterWorker,
  UpdateRun,
  WorkerReply,
  WorkReply,
} from "./api.ts";
import type { Attempt } from "./attempt.ts";
import {
  completeAttempt,
  detach,
  failAttempt,
  findAttempt,
  lostAttempts,
  startAttempt,
  suspendAttempt,
  toAssignment,
} from "./attempts.ts";
import { gatherBatch, registerBatcher, toAttemptBatch } from "./batches.ts";
import { complete, endDisable, setStatus } from "./lifecycle.ts";
import { setFamilies } from "./helpers.ts";
import { deliver, leaveProcesses } from "./messages.ts";
import { requireTasks } from "./graph.ts";
import { addTasks, requirement } from "./registration.ts";
import { chooseTask } from "./selection.ts";
import type { State } from "./state.ts";
import { forgetSuspension, suspend, suspendedElsewhere } from "./suspensions.ts";
import { detailsOf, type TaskRecord } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";
import {
  countPending,
  disableWorker,
  dismissWorker,
  meetWorker,
  nextReadyAt,
  runningElsewhere,
  touchWorker,
  workerReply,
} from "./workers.ts";

export function onRegisterWorker(state: State, command: RegisterWorker): WorkerReply {
  const worker = meetWorker(state, command.worker);
  worker.processes = command.processes ?? worker.processes;
  worker.assistant ||= command.assistant === true;
  if (command.info !== undefined) worker.info = { ...worker.info, ...command.info };
  if (command.families !== undefined && !worker.disabled) setFamilies(state, worker, command.families);
  return workerReply(worker);
}

export function onRegisterBatcher(state: State, command: RegisterBatcher): WorkerReply {
  const worker = meetWorker(state, command.worker);
  registerBatcher(state, worker, command);
  return workerReply(worker);
}

export function onAddTasks(state: State, command: AddTasks): AddTasksReply {
  const worker = meetWorker(state, command.worker);
  const doneLately = worker.disabled ? [] : addTasks(state, worker, command);
  return { ...workerReply(worker), ...(doneLately.length > 0 && { doneLately }) };
}

export function onGetWork(state: State, command: GetWork): WorkReply {
  const worker = meetWorker(state, command.worker);
  worker.lastGetWorkAt = state.now;
  worker.assistant ||= command.assistant === true;
  const counts = countPending(worker);
  const attempts = worker.disabled ? takeBack(state, worker, command) : handOut(state, worker, command);
  // Named one by one: spreading would cost more than choosing the task.
  const reply: WorkReply = {
    session: worker.session,
    workerState: worker.disabled ? "disabled" : "active",
    pending: counts.pending,
    uniquePending: counts.uniquePending,
    pendingLastScheduled: counts.pendingLastScheduled,
    assignments: attempts.map(toAssignment),
    runningElsewhere: attempts.length === 0 ? runningElsewhere(state, worker) : [],
    nextReadyAt: nextReadyAt(worker),
    paused: state.paused || worker.paused,
  };
  const suspended = attempts.length === 0 ? suspendedElsewhere(state, worker) : [];
  return suspended.length === 0 ? reply : { ...reply, suspendedElsewhere: suspended };
}

function handOut(state: State, worker: WorkerRecord, { slots = 1, running }: GetWork): Attempt[] {
  const attempts = running === undefined ? [] : lostAttempts(worker, running).slice(0, slots);
  if (state.paused || worker.paused) return attempts;
  while (attempts.length < slots) {
    const task = chooseTask(state, worker);
    if (task === undefined) break;
    const members = gatherBatch(worker, task);
    attempts.push(startAttempt(state, worker, members, toAttemptBatch(worker, members)));
  }
  return attempts;
}

/** A disabled worker gets nothing, not even again what it never got: others can have that. */
function takeBack(state: State, worker: WorkerRecord, { running }: GetWork): Attempt[] {
  const lost = running === undefined ? [] : lostAttempts(worker, running);
  for (const attempt of lost) suspendAttempt(state, attempt, "worker disabled");
  return [];
}

export function onReport(state: State, command: Report): ReportReply {
  const worker = touchWorker(state, command.worker);
  const attempt = findAttempt(state, command);
  const task = state.tasks.get(command.taskId);
  if (attempt !== undefined) endAttempt(state, attempt, command);
  else if (command.suspended === false && task !== undefined) forgetSuspension(state, task, command.worker);
  const retryAt = task?.failures?.retryAt ?? Infinity;
  return {
    session: worker?.session ?? "",
    workerState: worker?.disabled === true ? "disabled" : "active",
    accepted: attempt !== undefined,
    status: task?.status ?? null,
    retryAt: retryAt === Infinity ? null : retryAt,
  };
}

function endAttempt(state: State, attempt: Attempt, command: Report): void {
  const { tasks } = attempt;
  if (command.explanation !== undefined) {
    for (const task of tasks) detailsOf(task).explanation = command.explanation;
  }
  for (const task of tasks) addDeps(state, task, attempt.worker, command.newDeps ?? []);
  if (command.outcome === "DONE") completeAttempt(state, attempt, "reported");
  else if (command.outcome === "FAILED") failAttempt(state, attempt, "reported");
  else suspendAttempt(state, attempt, "reported");
  if (command.suspended === true) for (const task of tasks) suspend(state, task, attempt.worker);
}

function addDeps(state: State, task: TaskRecord, worker: WorkerRecord, ids: readonly string[]): void {
  if (ids.length === 0) return;
  const cares = task.membership.isStakeholder(worker);
  const added = ids.filter((id) => id !== task.id).map((id) => requirement(state, id, worker, cares));
  requireTasks(state, task, [...task.deps, ...added]);
}

export function onUpdateRun(state: State, command: UpdateRun): Accepted {
  touchWorker(state, command.worker);
  const attempt = findAttempt(state, command);
  if (attempt === undefined) return { accepted: false };
  for (const task of attempt.tasks) showProgress(state, task, command);
  if (command.decreaseResources !== undefined && attempt.held !== undefined) {
    state.resources.decrease(attempt.held, command.decreaseResources);
  }
  return { accepted: true };
}

function showProgress(state: State, task: TaskRecord, command: UpdateRun): void {
  const { statusMessage, progressPercentage, trackingUrl } = command;
  const shown = {
    ...(statusMessage === undefined ? {} : { statusMessage }),
    ...(progressPercentage === undefined ? {} : { progressPercentage }),
    ...(trackingUrl === undefined ? {} : { trackingUrl }),
  };
  if (Object.keys(shown).length === 0) return;
  Object.assign(detailsOf(task), shown);
  state.emit({ type: "task:progress", at: state.now, taskId: task.id, ...shown });
}

export function onHeartbeat(state: State, command: Heartbeat): HeartbeatReply {
  const worker = touchWorker(state, command.worker);
  const isLive = (token: string) => state.attempts.get(token)?.worker === worker;
  return {
    ...workerReply(worker),
    stale: (command.running ?? []).filter((token) => worker === undefined || !isLive(token)),
    messages: worker === undefined ? [] : deliver(worker, command),
  };
}

export function onUnregisterWorker(state: State, command: UnregisterWorker): Accepted {
  const worker = state.workers.get(command.worker);
  if (worker !== undefined) dismissWorker(state, worker);
  return { accepted: worker !== undefined };
}

export function onForgive(state: State, { taskId }: OnTask): StatusReply {
  const task = state.tasks.get(taskId);
  if (task?.status === "FAILED") setStatus(state, task, "PENDING", "forgiven");
  return { status: task?.status ?? null };
}

export function onMarkDone(state: State, { taskId }: OnTask): StatusReply {
  const task = state.tasks.get(taskId);
  if (task === undefined) return { status: null };
  const { attempt } = task;
  if (attempt !== undefined || task.status === "FAILED" || task.status === "DISABLED") {
    detach(state, task);
    complete(state, task, "marked done", attempt);
  }
  return { status: task.status };
}

export function onReEnable(state: State, { taskId }: OnTask): StatusReply {
  const task = state.tasks.get(taskId);
  if (task?.failures?.disabled === true) endDisable(state, task, "re-enabled");
  return { status: task?.status ?? null };
}

export function onSetPaused(state: State, { paused }: SetPaused): void {
  if (state.paused === paused) return;
  state.paused = paused;
  state.emit({ type: "scheduler:paused", at: state.now, paused });
}

export function onSetWorkerPaused(state: State, command: SetWorkerPaused): Accepted {
  const worker = state.workers.get(command.worker);
  if (worker === undefined || worker.paused === command.paused) return { accepted: worker !== undefined };
  worker.paused = command.paused;
  state.emit({ type: "worker:paused", at: state.now, worker: worker.id, paused: worker.paused });
  return { accepted: true };
}

export function onDisableWorker(state: State, command: DisableWorker): Accepted {
  const worker = state.workers.get(command.worker);
  if (worker !== undefined) disableWorker(state, worker);
  return { accepted: worker !== undefined };
}

export function onSetWorkerProcesses(state: State, command: SetWorkerProcesses): Accepted {
  const worker = state.workers.get(command.worker);
  if (worker !== undefined) leaveProcesses(state, worker, command.processes);
  return { accepted: worker !== undefined };
}
