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

interface Rule {
  readonly applies: (task: TaskRecord) => boolean;
  readonly to: (task: TaskRecord) => TaskStatus;
  /** Why it does not apply. */
  readonly why: string;
}

const hasFailed = ({ status }: TaskRecord): boolean => status === "FAILED";

/** Disabled, but not by its worker. */
const isReleasable = ({ failures, workerDisabled }: TaskRecord): boolean =>
  failures?.disabled === true && !workerDisabled;

const RULES: { readonly [Action in TaskAction]: Rule } = {
  retry: {
    applies: (task) => hasFailed(task) || isReleasable(task),
    to: () => "PENDING",
    why: "it has not failed",
  },
  forgive: { applies: hasFailed, to: () => "PENDING", why: "it has not failed" },
  reEnable: {
    // What its worker said as well stays.
    applies: ({ failures }) => failures?.disabled === true,
    to: (task) => {
      if (task.workerDisabled) return "DISABLED";
      return isDisabledByOperator(task) ? "PENDING" : "FAILED";
    },
    why: "it is not disabled",
  },
  disable: {
    applies: ({ status }) => status === "PENDING" || status === "FAILED" || status === "UNKNOWN",
    to: () => "DISABLED",
    why: "it does not wait",
  },
  markDone: { applies: ({ status }) => status !== "DONE", to: () => "DONE", why: "it is done" },
  cancel: { applies: ({ isRunning }) => isRunning, to: () => "FAILED", why: "it is not running" },
  rerun: {
    applies: (task) => task.status === "DONE" || hasFailed(task) || isReleasable(task),
    to: () => "PENDING",
    why: "it has not ended",
  },
};

function judge(task: TaskRecord, action: TaskAction): Verdict {
  const { applies, to, why } = RULES[action];
  if (applies(task)) return { to: to(task) };
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
  if (action === "reEnable" && to !== "PENDING") return endDisable(state, task, reason);
  detach(state, task);
  if (to === "DONE") return complete(state, task, reason, attempt);
  if (action === "disable") memoryOf(task).disabled = true;
  else if (to === "PENDING" && action !== "forgive") task.failures = undefined;
  setStatus(state, task, to, reason, attempt);
}
