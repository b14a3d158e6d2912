import type {
  ResourceView,
  SchedulerEvent,
  TaskAction,
  TaskStatus,
  TaskView,
  WorkerView,
} from "@leat/scheduler";

export type { ResourceView, SchedulerEvent, TaskAction, TaskStatus, TaskView, WorkerView };

export type Role = "view" | "operate" | "worker";

/** Number of tasks by status; statuses without tasks are absent. */
export type StatusCounts = { readonly [Status in TaskStatus]?: number };

export interface FamilyCounts {
  /** Empty: tasks that are only named as requirements so far. */
  readonly family: string;
  readonly byStatus: StatusCounts;
}

/** What keeps waiting tasks from being run until somebody does something. */
export type Blocker = "FAILED" | "DISABLED";

export interface Counts {
  readonly byStatus: StatusCounts;
  /** Pending tasks that wait, directly or not, for one in this state; absent when there is none. */
  readonly blocked: { readonly [By in Blocker]?: number };
  readonly families: readonly FamilyCounts[];
}

export interface Status {
  readonly version: string;
  readonly paused: boolean;
  readonly tasks: number;
  readonly workers: number;
  /** Clock of leatd, in milliseconds since the Unix epoch. */
  readonly now: number;
}

export interface TaskPage {
  readonly tasks: readonly TaskView[];
  readonly total: number;
  readonly nextCursor: string | null;
}

export interface TaskDetails extends TaskView {
  readonly upstreamStatus: string;
  readonly dependents: readonly string[];
}

export interface GraphNode {
  readonly taskId: string;
  /** `null`: required, but not there any more. */
  readonly status: TaskStatus | null;
  readonly family: string;
  readonly label?: string;
  readonly depth: number;
  readonly deps: readonly string[];
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly isTruncated: boolean;
}

/** An attempt that ended. */
export interface Attempt {
  readonly token: string;
  readonly taskId: string;
  readonly family: string;
  readonly params: { readonly [name: string]: string };
  readonly worker: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: TaskStatus;
  readonly reason: string;
  readonly explanation: string | null;
}

export interface AttemptPage {
  readonly attempts: readonly Attempt[];
  readonly nextCursor: number | null;
}

export interface FamilyRunTimes {
  readonly family: string;
  readonly attempts: number;
  readonly failures: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly lastEndedAt: number;
}

/** Something that an operator did. */
export interface Operation {
  readonly at: number;
  /** Action or command, e.g. `markDone`, `setResource`. */
  readonly name: string;
  readonly reason: string;
  /** The first of the tasks that were changed. */
  readonly taskIds: readonly string[];
  /** How many tasks were changed. */
  readonly tasks: number;
  /** What was set, for commands that are not about tasks. */
  readonly settings?: { readonly [name: string]: unknown };
}

export interface RunTask {
  readonly taskId: string;
  readonly label?: string;
  readonly family: string;
  readonly status: TaskStatus | null;
  readonly deps: readonly string[];
  readonly attempts: readonly RunAttempt[];
}

export interface RunAttempt {
  readonly token: string;
  readonly worker: string;
  readonly startedAt: number;
  /** `null`: it runs. */
  readonly endedAt: number | null;
  readonly outcome: TaskStatus | null;
}

export interface Run {
  readonly tasks: readonly RunTask[];
  readonly criticalPath: readonly string[];
  readonly isTruncated: boolean;
}

export interface ActRequest {
  readonly action: TaskAction;
  readonly taskIds: readonly string[];
  readonly withDependents?: boolean;
  readonly reason?: string;
}

export interface ActReply {
  readonly changes: readonly {
    readonly taskId: string;
    readonly from: TaskStatus;
    readonly to: TaskStatus;
  }[];
  readonly skipped: readonly { readonly taskId: string; readonly why: string }[];
}
