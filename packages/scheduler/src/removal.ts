import { hasDependents, requireTasks, setDeps, unindex } from "./graph.ts";
import { endDisable, setMembership, setStatus } from "./lifecycle.ts";
import { NO_RESOURCES } from "./resources.ts";
import type { State } from "./state.ts";
import type { TaskRecord } from "./task-record.ts";

/** What time does to a task. */
export function taskDue(state: State, task: TaskRecord): void {
  const { now } = state;
  if (task.failures !== undefined && task.failures.disabledUntil <= now)
    endDisable(state, task, "disable expired");
  if (task.failures !== undefined && task.failures.retryAt <= now) setStatus(state, task, "PENDING", "retry");
  dropResponses(task, now);
  if (task.removeAt <= now) removeForgotten(state, task);
  else if (task.retainUntil <= now) removeFinished(state, task);
  if (task.memberIndex >= 0) state.deadlines.arm(task);
}

function dropResponses(task: TaskRecord, now: number): void {
  const responses = task.details?.responses;
  responses?.forEach(({ expiresAt }, id) => {
    if (expiresAt <= now) responses.delete(id);
  });
}

/** A task that nobody cares about goes. If others require it, a placeholder stays in its place. */
function removeForgotten(state: State, task: TaskRecord): void {
  task.removeAt = Infinity;
  if (hasDependents(task)) empty(state, task);
  else remove(state, task);
}

/** A DONE task goes when its time is over; if others require it, it goes with the last of them. */
function removeFinished(state: State, task: TaskRecord): void {
  task.retainUntil = Infinity;
  if (hasDependents(task)) task.expired = true;
  else remove(state, task);
}

function remove(state: State, task: TaskRecord): void {
  unindex(state, task);
  setDeps(state, task, []);
  state.exclude(task);
  state.emit({ type: "task:removed", at: state.now, taskId: task.id });
}

/** What names the task stays, what was said about running it goes. */
function empty(state: State, task: TaskRecord): void {
  requireTasks(state, task, []);
  unindex(state, task);
  task.runnable = false;
  task.batchable = false;
  task.acceptsMessages = false;
  task.workerDisabled = false;
  task.resources = NO_RESOURCES;
  task.failures = undefined;
  task.details = undefined;
  setStatus(state, task, "UNKNOWN", "forgotten");
  task.expired = true;
  task.removeAt = Infinity;
  setMembership(state, task, state.memberships.nobody);
}
