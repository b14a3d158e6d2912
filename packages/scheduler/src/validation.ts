import type { RegisteredStatus, Report, TaskAction, TaskSpec } from "./api.ts";
import { SchedulerError } from "./errors.ts";

const STATUSES: readonly RegisteredStatus[] = ["PENDING", "DONE", "FAILED", "DISABLED", "UNKNOWN"];
const OUTCOMES: readonly Report["outcome"][] = ["DONE", "FAILED", "PENDING"];

const ACTIONS: readonly TaskAction[] = [
  "retry",
  "forgive",
  "reEnable",
  "disable",
  "markDone",
  "cancel",
  "rerun",
];

/** Throws `INVALID_COMMAND` for what the types cannot exclude, before anything has changed. */
export function validate(command: object): void {
  if ("worker" in command) requireId(command.worker, "worker");
  if ("taskId" in command) requireId(command.taskId, "taskId");
  if ("processes" in command) requireInteger(command.processes, 1, "processes");
  if ("maxBatchSize" in command) requireInteger(command.maxBatchSize, 1, "maxBatchSize");
  if ("slots" in command) requireInteger(command.slots, 0, "slots");
  if ("limit" in command) requireInteger(command.limit, 0, "limit");
  if ("decreaseResources" in command) requireAmounts(command.decreaseResources, "decreaseResources");
  if ("tasks" in command) validateTasks(command.tasks);
  if ("action" in command) requireOneOf(command.action, ACTIONS, "action");
  if ("taskIds" in command) requireIds(command.taskIds, "taskIds");
  if ("families" in command) requireIds(command.families, "families");
  if ("outcome" in command) requireOneOf(command.outcome, OUTCOMES, "outcome");
  if ("newDeps" in command) validateNewDeps(command);
}

function validateNewDeps(report: { readonly newDeps: unknown; readonly taskId?: unknown }): void {
  requireIds(report.newDeps, "newDeps");
  if ((report.newDeps as readonly unknown[] | undefined)?.includes(report.taskId)) {
    refuse(`task ${JSON.stringify(report.taskId)} requires itself`);
  }
}

function validateTasks(tasks: unknown): void {
  if (!Array.isArray(tasks)) refuse("tasks must be a list");
  for (const spec of tasks as readonly TaskSpec[]) validateTask(spec);
}

function validateTask(spec: TaskSpec): void {
  requireId(spec.taskId, "taskId");
  if (spec.priority !== undefined && !Number.isFinite(spec.priority)) {
    refuse(`priority of "${spec.taskId}" must be a finite number, got ${spec.priority}`);
  }
  requireAmounts(spec.resources, `resources of "${spec.taskId}"`);
  if (spec.status !== undefined) requireOneOf(spec.status, STATUSES, `status of "${spec.taskId}"`);
  requireIds(spec.deps, `deps of "${spec.taskId}"`);
  if (spec.deps?.includes(spec.taskId)) refuse(`task "${spec.taskId}" requires itself`);
}

function requireIds(ids: unknown, what: string): void {
  if (ids === undefined) return;
  if (!Array.isArray(ids)) refuse(`${what} must be a list of ids, got ${JSON.stringify(ids)}`);
  for (const id of ids as readonly unknown[]) requireId(id, `each of ${what}`);
}

function requireOneOf(value: unknown, known: readonly string[], what: string): void {
  if (!known.some((one) => one === value)) {
    refuse(`${what} must be one of ${known.join(", ")}, got ${JSON.stringify(value)}`);
  }
}

function requireId(id: unknown, what: string): void {
  if (typeof id !== "string" || id === "") {
    refuse(`${what} must be a text that is not empty, got ${JSON.stringify(id)}`);
  }
}

function requireInteger(value: unknown, least: number, what: string): void {
  if (value === undefined) return;
  if (!Number.isInteger(value) || (value as number) < least) {
    refuse(`${what} must be an integer of at least ${least}, got ${JSON.stringify(value)}`);
  }
}

function requireAmounts(amounts: unknown, what: string): void {
  for (const [name, amount] of Object.entries(amounts ?? {})) {
    if (!Number.isFinite(amount) || amount < 0) {
      refuse(`${what}: "${name}" must be a number of at least 0, got ${JSON.stringify(amount)}`);
    }
  }
}

export function refuse(message: string): never {
  throw new SchedulerError("INVALID_COMMAND", message);
}
