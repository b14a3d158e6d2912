import type { Act, ActReply, ChangeReason, TaskAction, TaskChange, TaskStatus } from "./api.ts";
import { detach } from "./attempts.ts";
import { complete, endDisable, setStatus } from "./lifecycle.ts";
import { memoryOf } from "./retry.ts";
import type { State } from "./state.ts";
import { detailsOf, type TaskRecord } from "./task-record.ts";

/** What an action does to a task, or why it does nothing to it. */
type Verdict = { readonly to: TaskStatus } | { readonly why: string };

const REASONS: { readonly [Action in TaskAction]: ChangeReason } = {
  retry: "retried",
  forgive: "forgiven",
  reEnable: "re-enabled",
  disable: "disabled",
  markDone: "marked done",
  cancel: "cancelled",
  rerun: "run again",
};

/** What the command would do now. Changes nothing. */
export function planAct(state: State, command: Act): ActReply {
  const changes: TaskChange[] = [];
  const skipped: ActReply["skipped"][number][] = [];
  for (const taskId of selectionOf(state, command)) {
    const task = state.tasks.get(taskId);
    const verdict = task === undefined ? { why: "there is no such task" } : judge(task, command.action);
    if ("why" in verdict) skipped.push({ taskId, why: verdict.why });
    else changes.push({ taskId, from: (task as TaskRecord).status, to: verdict.to });
  }
  return { changes, skipped };
}

/** Does the action to all tasks to which it can be done, as one step. */
export function act(state: State, command: Act): ActReply {
  const planned = planAct(state, command);
  const { action, reason = "" } = command;
  for (const { taskId, to } of planned.changes) {
    const task = state.tasks.get(taskId) as TaskRecord;
    detailsOf(task).note = { action, reason, at: state.now };
    carryOut(state, task, action, to);
  }
  return planned;
}

/** The tasks that were named, each once, and what ran because of them when that is to follow them. */
function selectionOf(state: State, { action, taskIds, withDependents }: Act): Set<string> {
  const selected = new Set(taskIds);
  if (action !== "rerun" || withDependents !== true) return selected;
  for (const taskId of selected) {
    for (const dependent of state.tasks.get(taskId)?.dependents ?? []) {
      if (dependent.status !== "PENDING" && dependent.status !== "UNKNOWN") selected.add(dependent.id);
    }
  }
  return selected;
}

function judge(task: TaskRecord, action: TaskAction): Verdict {
  const { status } = task;
  const isFree = task.failures?.disabled === true && !task.workerDisabled;
  switch (action) {
    case "retry":
      return when(status === "FAILED" || isFree, "PENDING", task, "it has not failed");
    case "forgive":
      return when(status === "FAILED", "PENDING", task, "it has not failed");
    case "reEnable":
      return when(isFree, isDisabledByOperator(task) ? "PENDING" : "FAILED", task, "it is not disabled");
    case "disable":
      return when(["PENDING", "FAILED", "UNKNOWN"].includes(status), "DISABLED", task, "it does not wait");
    case "markDone":
      return when(status !== "DONE", "DONE", task, "it is done");
    case "cancel":
      return when(task.isRunning, "FAILED", task, "it is not running");
    case "rerun":
      return when(status === "DONE" || status === "FAILED" || isFree, "PENDING", task, "it has not ended");
  }
}

function when(applies: boolean, to: TaskStatus, task: TaskRecord, why: string): Verdict {
  if (applies) return { to };
  if (task.workerDisabled && task.status === "DISABLED") {
    return { why: "its worker disabled it: change the task and register it again" };
  }
  return { why: `${why} (${task.status})` };
}

/** A disable by the scheduler ends some time; one by an operator does not. */
function isDisabledByOperator({ failures }: TaskRecord): boolean {
  return failures?.disabled === true && failures.disabledUntil === Infinity;
}

function carryOut(state: State, task: TaskRecord, action: TaskAction, to: TaskStatus): void {
  const reason = REASONS[action];
  const { attempt } = task;
  if (action === "reEnable" && to === "FAILED") return endDisable(state, task, reason);
  detach(state, task);
  if (to === "DONE") return complete(state, task, reason, attempt);
  if (action === "disable") memoryOf(task).disabled = true;
  else if (to === "PENDING" && action !== "forgive") task.failures = undefined;
  setStatus(state, task, to, reason, attempt);
}
