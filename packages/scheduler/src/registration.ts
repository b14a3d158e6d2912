import type { AddTasks, TaskSpec } from "./api.ts";
import { enlistHelpers } from "./helpers.ts";
import { raisePriority, refresh, requireTasks, unindex } from "./graph.ts";
import { awaitRetry, complete, fail, retain, setMembership, setStatus, settle } from "./lifecycle.ts";
import type { State } from "./state.ts";
import { suspend } from "./suspensions.ts";
import { detailsOf, type TaskRecord } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** Registers all tasks of a command for an enabled worker. Returns the ids of those that are DONE too lately for that. */
export function addTasks(state: State, worker: WorkerRecord, command: AddTasks): string[] {
  const cares = command.assistant !== true;
  const doneLately: string[] = [];
  for (const spec of command.tasks) {
    const task = state.taskOf(spec.taskId);
    if (isTooEarly(state, task, spec)) doneLately.push(task.id);
    else addTask(state, task, worker, spec, cares);
  }
  return doneLately;
}

function addTask(state: State, task: TaskRecord, worker: WorkerRecord, spec: TaskSpec, cares: boolean): void {
  describe(state, task, spec);
  setNeeds(state, task, spec);
  join(state, task, worker, spec, cares);
  setRequirements(state, task, worker, spec, cares);
  raisePriority(state, task, spec.priority ?? 0);
  if (!task.isRunning) applyStatus(state, task, worker, spec);
  if (spec.suspended === true) suspend(state, task, worker);
  if (!task.announced) state.emitStatus(task, task.status, "registered");
  retain(state, task);
  task.removeAt = Infinity;
  settle(state, task);
}

/** A check that began before the task was DONE says PENDING. */
function isTooEarly(state: State, task: TaskRecord, spec: TaskSpec): boolean {
  if (task.status !== "DONE" || (spec.status ?? "PENDING") !== "PENDING") return false;
  if (spec.outputMissing === true) return false;
  return state.now - task.updatedAt < state.config.doneCooldownSeconds * 1000;
}

function describe(state: State, task: TaskRecord, spec: TaskSpec): void {
  if (task.module === "") task.module = spec.module ?? "";
  if (changesGroup(task, spec)) {
    unindex(state, task);
    if (task.family === "") task.family = spec.family ?? "";
    if (isEmpty(task.params)) task.params = spec.params ?? task.params;
    task.batchable = spec.batchable ?? task.batchable;
    refresh(state, task);
  }
  if (spec.acceptsMessages !== undefined) task.acceptsMessages = spec.acceptsMessages;
  describeRarely(task, spec);
}

/** What is said about the task decides with which others it can be in a batch. */
function changesGroup(task: TaskRecord, spec: TaskSpec): boolean {
  return (
    (task.family === "" && spec.family !== undefined) ||
    (spec.params !== undefined && isEmpty(task.params)) ||
    (spec.batchable !== undefined && spec.batchable !== task.batchable)
  );
}

function describeRarely(task: TaskRecord, spec: TaskSpec): void {
  if (spec.paramVisibilities !== undefined) detailsOf(task).paramVisibilities ??= spec.paramVisibilities;
  if (spec.retry !== undefined) detailsOf(task).retry = spec.retry;
  if (spec.owners !== undefined) detailsOf(task).owners = spec.owners;
  if (spec.label !== undefined) detailsOf(task).label = spec.label;
  if (spec.explanation !== undefined) detailsOf(task).explanation = spec.explanation;
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false;
  return true;
}

function setNeeds(state: State, task: TaskRecord, spec: TaskSpec): void {
  if (spec.resources === undefined) return;
  const needs = state.resourceSets.of(spec.resources);
  if (needs === task.resources) return;
  unindex(state, task);
  task.resources = needs;
  refresh(state, task);
}

/** A worker that could not tell whether the task is complete cannot run it. */
function join(state: State, task: TaskRecord, worker: WorkerRecord, spec: TaskSpec, cares: boolean): void {
  const runs = spec.runnable !== false && spec.status !== "FAILED" && spec.status !== "UNKNOWN";
  const withdraws = spec.status === "UNKNOWN" && task.membership.isRunner(worker);
  if (runs) task.runnable = true;
  const from = withdraws ? state.memberships.withoutRunner(task.membership, worker) : task.membership;
  setMembership(state, task, state.memberships.join(from, worker, runs, cares));
  if (runs) enlistHelpers(state, task);
  refresh(state, task);
}

function setRequirements(
  state: State,
  task: TaskRecord,
  worker: WorkerRecord,
  spec: TaskSpec,
  cares: boolean,
): void {
  if (spec.deps === undefined) return;
  const deps = spec.deps.map((id) => requirement(state, id, worker, cares));
  const suspendedBy = state.suspended.get(task);
  // Another worker does not know what was found out in the middle of the run.
  const isMore = suspendedBy !== undefined && suspendedBy !== worker;
  requireTasks(state, task, isMore ? [...task.deps, ...deps] : deps);
}

/** Finds a requirement or makes a placeholder for it; the worker cares about it as about the task. */
export function requirement(state: State, id: string, worker: WorkerRecord, cares: boolean): TaskRecord {
  const task = state.taskOf(id);
  if (cares) setMembership(state, task, state.memberships.join(task.membership, worker, false, true));
  if (!task.announced) {
    state.emitStatus(task, task.status, "required");
    settle(state, task);
  }
  return task;
}

function applyStatus(state: State, task: TaskRecord, worker: WorkerRecord, spec: TaskSpec): void {
  const status = spec.status ?? "PENDING";
  const disabledByScheduler = task.failures?.disabled === true;
  switch (status) {
    case "DONE":
      return complete(state, task, "registered");
    case "DISABLED":
      task.workerDisabled = true;
      return setStatus(state, task, "DISABLED", "registered");
    case "PENDING":
      task.workerDisabled = false;
      if (!disabledByScheduler) setStatus(state, task, "PENDING", "registered");
      return;
    case "FAILED":
      if (disabledByScheduler) return;
      return registerFailure(state, task);
    case "UNKNOWN":
      return registerUnknown(state, task, worker);
  }
}

function registerFailure(state: State, task: TaskRecord): void {
  if (!task.workerDisabled) return fail(state, task, "registered");
  task.workerDisabled = false;
  awaitRetry(state, task, "registered");
}

/** What another worker said about the task still holds when this one cannot tell. */
function registerUnknown(state: State, task: TaskRecord, worker: WorkerRecord): void {
  const { runners, stakeholders } = task.membership;
  const othersKnow = runners.length > 0 || stakeholders.some((other) => other !== worker);
  if (task.status === "DONE" || task.failures?.disabled === true || othersKnow) return;
  task.workerDisabled = false;
  setStatus(state, task, "UNKNOWN", "registered");
}
