import type { OperatorNote, ParamVisibility, PendingCounts, RetryPolicy, TaskStatus } from "./api.ts";
import type { TaskDetails, TaskRecord } from "./task-record.ts";
import { amountOf } from "./resources.ts";
import { policyOf } from "./retry.ts";
import type { State } from "./state.ts";
import type { WorkerRecord } from "./worker-record.ts";
import { countPending } from "./workers.ts";

/** A task as it is now, for people and tools. Absent members were never set. */
export interface TaskView {
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly family: string;
  readonly module: string;
  readonly params: { readonly [name: string]: string };
  readonly paramVisibilities?: { readonly [name: string]: ParamVisibility };
  readonly label?: string;
  readonly priority: number;
  readonly deps: readonly string[];
  readonly resources: { readonly [resource: string]: number };
  /** Workers that can run it, in the order of registration. */
  readonly workers: readonly string[];
  readonly runnable: boolean;
  readonly batchable: boolean;
  readonly acceptsMessages: boolean;
  readonly owners?: readonly string[];
  readonly retry: RetryPolicy;
  /** When the scheduler first saw it. */
  readonly createdAt: number;
  /** When its status last changed. */
  readonly updatedAt: number;
  /** The live attempt. Members of a batch share one. */
  readonly attempt?: AttemptView;
  /** Worker and start of the last attempt, live or not. */
  readonly lastWorker?: string;
  readonly lastStartedAt?: number;
  /** The worker that began it and goes on with it when what it needs is there. Nobody else is given it. */
  readonly suspendedBy?: string;
  /** Failures that count against it. */
  readonly failures: number;
  readonly firstFailureAt?: number;
  readonly retryAt?: number;
  /** Who disabled it; of several the first in this order. */
  readonly disabledBy?: "worker" | "operator" | "scheduler";
  /** When a disable by the scheduler ends. */
  readonly disabledUntil?: number;
  /** What an operator did to it last. */
  readonly note?: OperatorNote;
  readonly explanation?: string;
  readonly statusMessage?: string;
  readonly progressPercentage?: number;
  readonly trackingUrl?: string;
}

/** Which attempt it is. */
export interface AttemptNaming {
  readonly token: string;
  readonly worker: string;
}

export interface AttemptView extends AttemptNaming {
  readonly startedAt: number;
  /** What the attempt holds, together for all members of a batch. */
  readonly held: { readonly [resource: string]: number };
}

/** A worker as it is now. */
export interface WorkerView extends PendingCounts {
  readonly worker: string;
  readonly session: string;
  readonly workerState: "active" | "disabled";
  /** An operator paused it. */
  readonly paused: boolean;
  readonly assistant: boolean;
  readonly families: readonly string[];
  readonly processes: number;
  readonly info: { readonly [key: string]: string | number | boolean | null };
  readonly startedAt: number;
  readonly lastActiveAt: number;
  /** Ids of the tasks it runs. */
  readonly running: readonly string[];
}

/** What `hasWork` tells. */
export interface HasWork {
  /** As in `PendingCounts`. */
  readonly pending: number;
  readonly ready: boolean;
}

export interface ResourceView {
  readonly resource: string;
  readonly limit: number;
  readonly used: number;
  /** Ids of the tasks that hold some of it. */
  readonly holders: readonly string[];
  /** Ids of ready tasks that need more of it than is free, best rank first within equal needs. At most 100. */
  readonly waiting: readonly string[];
  readonly waitingTotal: number;
}

/** What a task is called. */
export interface TaskNaming {
  readonly family: string;
  readonly params: { readonly [name: string]: string };
  readonly paramVisibilities?: { readonly [name: string]: ParamVisibility } | undefined;
  readonly label?: string | undefined;
}

export function viewNaming({ family, params, details }: TaskRecord): TaskNaming {
  return { family, params, paramVisibilities: details?.paramVisibilities, label: details?.label };
}

export function viewTask(state: State, task: TaskRecord): TaskView {
  const { resources, attempt } = task;
  const suspendedBy = state.suspended.get(task);
  return {
    taskId: task.id,
    status: task.status,
    family: task.family,
    module: task.module,
    params: task.params,
    priority: task.priority,
    deps: task.deps.map((dep) => dep.id),
    resources: Object.fromEntries(
      resources.names.map((name, index) => [name, resources.amounts[index] as number]),
    ),
    workers: task.membership.runners.map((worker) => worker.id),
    runnable: task.runnable,
    batchable: task.batchable,
    acceptsMessages: task.acceptsMessages,
    retry: viewPolicy(policyOf(task, state.config)),
    createdAt: task.createdAt,
    updatedAt: task.updatedAt,
    ...(attempt === undefined ? {} : { attempt: viewAttempt(attempt) }),
    ...(task.lastWorker === undefined
      ? {}
      : { lastWorker: task.lastWorker, lastStartedAt: task.lastStartedAt }),
    ...(suspendedBy === undefined ? {} : { suspendedBy: suspendedBy.id }),
    ...viewFailures(task),
    ...(task.status === "DISABLED" ? { disabledBy: disablerOf(task) } : {}),
    ...viewDetails(task.details),
  };
}

function viewPolicy(policy: RetryPolicy): RetryPolicy {
  return {
    retryCount: policy.retryCount,
    retryDelaySeconds: policy.retryDelaySeconds,
    retryBackoff: policy.retryBackoff,
    maxRetryDelaySeconds: policy.maxRetryDelaySeconds,
    disableWindowSeconds: policy.disableWindowSeconds,
    disableHardTimeoutSeconds: policy.disableHardTimeoutSeconds,
  };
}

function viewAttempt(attempt: NonNullable<TaskRecord["attempt"]>): AttemptView {
  const { token, worker, startedAt, held } = attempt;
  return { token, worker: worker.id, startedAt, held: Object.fromEntries(held ?? []) };
}

function viewFailures({ failures }: TaskRecord): Partial<TaskView> & Pick<TaskView, "failures"> {
  if (failures === undefined) return { failures: 0 };
  return {
    failures: failures.times.length,
    ...(failures.times.length === 0 ? {} : { firstFailureAt: failures.firstAt }),
    ...(failures.retryAt === Infinity ? {} : { retryAt: failures.retryAt }),
    ...(failures.disabledUntil === Infinity ? {} : { disabledUntil: failures.disabledUntil }),
  };
}

function disablerOf({ workerDisabled, failures }: TaskRecord): NonNullable<TaskView["disabledBy"]> {
  if (workerDisabled) return "worker";
  return failures?.disabledUntil === Infinity ? "operator" : "scheduler";
}

function viewDetails(details: TaskDetails = {}): Partial<TaskView> {
  const { retry: _retry, responses: _responses, ...shown } = details;
  return shown;
}

export function viewWorker(worker: WorkerRecord): WorkerView {
  return {
    worker: worker.id,
    session: worker.session,
    workerState: worker.disabled ? "disabled" : "active",
    paused: worker.paused,
    assistant: worker.assistant,
    families: worker.families,
    processes: worker.processes,
    info: worker.info,
    startedAt: worker.startedAt,
    lastActiveAt: worker.lastActiveAt,
    running: [...worker.attempts].flatMap((attempt) => attempt.tasks.map((task) => task.id)),
    ...countPending(worker),
  };
}

export function viewResources(state: State): ResourceView[] {
  const { limits, used } = state.resources;
  const names = new Set([...limits.keys(), ...used.keys(), ...state.ready.neededResources()]);
  const views = [...names].sort().map((resource) => viewResource(state, resource));
  return views.filter(
    ({ resource, waitingTotal }) => limits.has(resource) || used.has(resource) || waitingTotal > 0,
  );
}

function viewResource(state: State, resource: string): ResourceView {
  return {
    resource,
    limit: state.resources.limitOf(resource),
    used: state.resources.used.get(resource) ?? 0,
    holders: holdersOf(state, resource),
    ...waitingFor(state, resource),
  };
}

/** Ids that are shown of those that wait. */
const MOST_SHOWN = 100;

function waitingFor(state: State, resource: string): Pick<ResourceView, "waiting" | "waitingTotal"> {
  const { used } = state.resources;
  const free = state.resources.limitOf(resource) - (used.get(resource) ?? 0);
  const waiting: string[] = [];
  let waitingTotal = 0;
  for (const readyClass of state.ready.needing(resource)) {
    if (amountOf(readyClass.resources, resource) <= free) continue;
    waitingTotal += readyClass.size;
    for (const task of readyClass.inOrder()) {
      if (waiting.length === MOST_SHOWN) break;
      waiting.push(task.id);
    }
  }
  return { waiting, waitingTotal };
}

function holdersOf(state: State, resource: string): string[] {
  const holding = [...state.attempts.values()].filter((attempt) => attempt.held?.has(resource));
  return holding.flatMap((attempt) => attempt.tasks.map((task) => task.id));
}
