import type { ResourceAmounts, TaskStatus, WorkerMessage } from "./api.ts";
import type { Attempt, AttemptBatch } from "./attempt.ts";
import type { State } from "./state.ts";
import type { Params, StoredResponse, TaskDetails, TaskRecord } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

/**
 * A part of a snapshot: a JSON value. First the scheduler's own, then those of workers, tasks, attempts, each in the
 * order of their numbers. `null` stands for a time that never comes.
 */
export type SnapshotRecord = SchedulerPart | WorkerPart | TaskPart | AttemptPart;

export interface SchedulerPart {
  readonly kind: "scheduler";
  readonly version: 1;
  readonly now: number;
  readonly paused: boolean;
  readonly tasksSeen: number;
  readonly workersSeen: number;
  readonly attemptsStarted: number;
  readonly messagesSent: number;
  readonly limits: ResourceAmounts;
  readonly batchedParams: { readonly [family: string]: readonly string[] };
}

export interface WorkerPart {
  readonly kind: "worker";
  readonly id: string;
  readonly number: number;
  readonly session: string;
  readonly startedAt: number;
  readonly lastActiveAt: number;
  readonly lastGetWorkAt: number | null;
  readonly processes: number;
  readonly assistant: boolean;
  /** Absent in snapshots of versions without helpers. */
  readonly families?: readonly string[];
  readonly disabled: boolean;
  /** Absent in snapshots of versions that could not pause a worker. */
  readonly paused?: boolean;
  readonly info: WorkerRecord["info"];
  readonly batchers: {
    readonly [family: string]: { readonly params: readonly string[]; readonly maxSize: number | null };
  };
  readonly messages: readonly { readonly message: WorkerMessage; readonly expiresAt: number }[];
}

export interface TaskPart {
  readonly kind: "task";
  readonly id: string;
  readonly order: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly status: TaskStatus;
  readonly family: string;
  readonly module: string;
  readonly params: Params;
  readonly priority: number;
  readonly resources: ResourceAmounts;
  readonly runnable: boolean;
  readonly batchable: boolean;
  readonly acceptsMessages: boolean;
  readonly workerDisabled: boolean;
  readonly deps: readonly string[];
  readonly runners: readonly string[];
  readonly stakeholders: readonly string[];
  readonly lastWorker: string | null;
  readonly lastStartedAt: number | null;
  /** The worker that suspended it. Absent when none did, and in snapshots of versions that did not know. */
  readonly suspendedBy?: string;
  readonly failures: FailuresPart | null;
  readonly details: DetailsPart | null;
  readonly expired: boolean;
  readonly retainUntil: number | null;
  readonly removeAt: number | null;
}

interface FailuresPart {
  readonly times: readonly number[];
  readonly firstAt: number | null;
  readonly retryAt: number | null;
  readonly disabledUntil: number | null;
  readonly disabled: boolean;
}

type DetailsPart = Omit<TaskDetails, "responses"> & {
  readonly responses: readonly (readonly [string, StoredResponse])[];
};

export interface AttemptPart {
  readonly kind: "attempt";
  readonly token: string;
  readonly number: number;
  readonly worker: string;
  readonly tasks: readonly string[];
  readonly startedAt: number;
  readonly held: readonly (readonly [string, number])[] | null;
  readonly batch: AttemptBatch | null;
}

export function* takeSnapshot(state: State): Generator<SnapshotRecord, void, void> {
  yield schedulerPart(state);
  for (const worker of state.workers.values()) yield workerPart(worker);
  for (const task of state.tasks.values()) yield taskPart(task, state.suspended.get(task));
  for (const attempt of state.attempts.values()) yield attemptPart(attempt);
}

function schedulerPart(state: State): SchedulerPart {
  return {
    kind: "scheduler",
    version: 1,
    now: state.now,
    paused: state.paused,
    tasksSeen: state.tasksSeen,
    workersSeen: state.workersSeen,
    attemptsStarted: state.attemptsStarted,
    messagesSent: state.messagesSent,
    limits: sortedObject(state.resources.limits),
    batchedParams: sortedObject(state.ready.batches.batchedParams),
  };
}

function workerPart(worker: WorkerRecord): WorkerPart {
  const batchers = [...worker.batchers].map(
    ([family, { params, maxSize }]) => [family, { params, maxSize: finite(maxSize) }] as const,
  );
  return {
    kind: "worker",
    id: worker.id,
    number: worker.number,
    session: worker.session,
    startedAt: worker.startedAt,
    lastActiveAt: worker.lastActiveAt,
    lastGetWorkAt: finite(worker.lastGetWorkAt),
    processes: worker.processes,
    assistant: worker.assistant,
    families: worker.families,
    disabled: worker.disabled,
    paused: worker.paused,
    info: worker.info,
    batchers: sortedObject(batchers),
    messages: worker.messages,
  };
}

function taskPart(task: TaskRecord, suspendedBy: WorkerRecord | undefined): TaskPart {
  const { membership, resources } = task;
  const stakeholders = [...membership.stakeholders].sort((a, b) => a.number - b.number);
  return {
    kind: "task",
    id: task.id,
    order: task.order,
    createdAt: task.createdAt,
    updatedAt: task.updatedAt,
    status: task.status,
    family: task.family,
    module: task.module,
    params: task.params,
    priority: task.priority,
    resources: Object.fromEntries(
      resources.names.map((name, index) => [name, resources.amounts[index] as number]),
    ),
    runnable: task.runnable,
    batchable: task.batchable,
    acceptsMessages: task.acceptsMessages,
    workerDisabled: task.workerDisabled,
    deps: task.deps.map((dep) => dep.id),
    runners: membership.runners.map((worker) => worker.id),
    stakeholders: stakeholders.map((worker) => worker.id),
    lastWorker: task.lastWorker ?? null,
    lastStartedAt: finite(task.lastStartedAt),
    ...(suspendedBy === undefined ? {} : { suspendedBy: suspendedBy.id }),
    failures: failuresPart(task),
    details: detailsPart(task.details),
    expired: task.expired,
    retainUntil: finite(task.retainUntil),
    removeAt: finite(task.removeAt),
  };
}

function failuresPart({ failures }: TaskRecord): FailuresPart | null {
  if (failures === undefined) return null;
  return {
    times: failures.times,
    firstAt: finite(failures.firstAt),
    retryAt: finite(failures.retryAt),
    disabledUntil: finite(failures.disabledUntil),
    disabled: failures.disabled,
  };
}

function detailsPart(details: TaskDetails | undefined): DetailsPart | null {
  return details === undefined ? null : { ...details, responses: [...(details.responses ?? [])] };
}

function attemptPart(attempt: Attempt): AttemptPart {
  return {
    kind: "attempt",
    token: attempt.token,
    number: attempt.number,
    worker: attempt.worker.id,
    tasks: attempt.tasks.map((task) => task.id),
    startedAt: attempt.startedAt,
    held: attempt.held === undefined ? null : [...attempt.held].sort(([a], [b]) => (a < b ? -1 : 1)),
    batch: attempt.batch ?? null,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** Equal contents give equal texts, whatever the order in which they came. */
function sortedObject<T>(entries: Iterable<readonly [string, T]>): { [key: string]: T } {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
