import type { ResourceAmounts, TaskView } from "@leat/scheduler";
import { publicParams, taskLabel } from "../task-label.ts";

/** A task as luigid shows it. Times are seconds since the Unix epoch. */
export function toLuigiTask(task: TaskView): { readonly [key: string]: unknown } {
  const { attempt } = task;
  return {
    display_name: taskLabel(task),
    name: task.family,
    params: publicParams(task),
    status: task.status,
    priority: task.priority,
    workers: task.workers,
    worker_running: attempt?.worker ?? task.lastWorker ?? null,
    time_running: task.lastStartedAt === undefined ? null : toSeconds(task.lastStartedAt),
    start_time: toSeconds(task.createdAt),
    last_updated: toSeconds(task.updatedAt),
    resources: task.resources,
    resources_running: resourcesRunning(task),
    tracking_url: task.trackingUrl ?? null,
    status_message: task.statusMessage ?? null,
    progress_percentage: task.progressPercentage ?? null,
    ...(task.status === "DISABLED" ? { re_enable_able: task.disabledUntil !== undefined } : {}),
    ...(task.status === "RUNNING" ? { accepts_messages: task.acceptsMessages } : {}),
  };
}

/** What the task holds, or took when it last ran; `null` when it never did. */
export function resourcesRunning({ attempt, lastStartedAt, resources }: TaskView): ResourceAmounts | null {
  return attempt?.held ?? (lastStartedAt === undefined ? null : resources);
}

/** Luigi's workers import whatever module they are given, but not `null`. */
export function moduleOrNull(module: string): string | null {
  return module === "" ? null : module;
}

export function toSeconds(ms: number): number {
  return ms / 1000;
}

/** A task that is only named as a requirement, as luigid shows it in a graph. */
export function unknownLuigiTask(taskId: string): { readonly [key: string]: unknown } {
  const [, name = ""] = /^([^(_]*)[(_]/.exec(taskId) ?? [];
  return {
    deps: [],
    status: "UNKNOWN",
    workers: [],
    start_time: "UNKNOWN",
    params: { task_id: taskId },
    name: name === "" ? "UNKNOWN" : name,
    display_name: taskId,
    priority: 0,
  };
}
