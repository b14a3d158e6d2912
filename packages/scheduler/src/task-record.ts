import type { OperatorNote, ParamVisibility, RetryPolicy, TaskStatus } from "./api.ts";
import type { Attempt } from "./attempt.ts";
import type { Timed } from "./deadlines.ts";
import type { FailureMemory } from "./retry.ts";
import type { Membership } from "./membership.ts";
import type { BatchGroup, ReadyClass } from "./ready-index.ts";
import { NO_RESOURCES, type ResourceSet } from "./resources.ts";

export type Params = { readonly [name: string]: string };

const NO_PARAMS: Params = Object.freeze({});
const NO_TASKS: readonly TaskRecord[] = Object.freeze([]);

/** What few tasks have. Allocated when the first of them is set, to keep a million records small. */
export interface TaskDetails {
  paramVisibilities?: { readonly [name: string]: ParamVisibility };
  retry?: Partial<RetryPolicy>;
  owners?: readonly string[];
  label?: string;
  explanation?: string;
  statusMessage?: string;
  progressPercentage?: number;
  trackingUrl?: string;
  note?: OperatorNote;
  responses?: Map<string, StoredResponse>;
}

export interface StoredResponse {
  readonly response: string;
  readonly expiresAt: number;
}

/** What the scheduler knows about a task. */
export class TaskRecord implements Timed {
  readonly id: string;
  /** Position in the order of first sight; ranks tasks of equal priority. */
  readonly order: number;
  readonly createdAt: number;
  /** Last real change of the status. */
  updatedAt: number;
  status: TaskStatus = "UNKNOWN";
  family = "";
  module = "";
  params: Params = NO_PARAMS;
  /** Raised as soon as the record is there. */
  priority = -Infinity;
  resources: ResourceSet = NO_RESOURCES;
  /** Some worker registered it as one that can be run. Stays true, so that assistants can run it later. */
  runnable = false;
  batchable = false;
  acceptsMessages = false;
  /** A worker said `DISABLED`. Independent of a disable by the scheduler, which `failures` knows. */
  workerDisabled = false;

  deps: readonly TaskRecord[] = NO_TASKS;
  /** Tasks that have this one in `deps`. */
  dependents: readonly TaskRecord[] | Set<TaskRecord> = NO_TASKS;
  /** Number of `deps` that are not DONE. */
  unmet = 0;
  /** Number of `deps` that are DISABLED or, being PENDING, have such a task upstream. */
  disabledDeps = 0;

  membership: Membership;
  /** Position in `membership.tasks`. */
  memberIndex = -1;
  /** Counts in `membership.pending`. */
  counted = false;
  readyClass: ReadyClass | undefined = undefined;
  /** Position in the heap of `readyClass`. */
  readyIndex = -1;
  batchGroup: BatchGroup | undefined = undefined;
  /** Position in the heap of `batchGroup`. */
  batchIndex = -1;

  /** An event told that it is there. */
  announced = false;
  attempt: Attempt | undefined = undefined;
  /** Worker of the last attempt. */
  lastWorker: string | undefined = undefined;
  lastStartedAt = NaN;
  failures: FailureMemory | undefined = undefined;
  details: TaskDetails | undefined = undefined;

  /** Its removal fell due, but other tasks require it. It goes with the last of them. */
  expired = false;
  /** When a DONE task may go; `Infinity` in other statuses. */
  retainUntil = Infinity;
  /** When a task without stakeholders goes. */
  removeAt = Infinity;
  armedAt = Infinity;

  constructor(id: string, order: number, now: number, membership: Membership) {
    this.id = id;
    this.order = order;
    this.createdAt = now;
    this.updatedAt = now;
    this.membership = membership;
  }

  get isRunning(): boolean {
    return this.attempt !== undefined;
  }

  /** It, or what it waits for, is disabled: it will not run by itself. */
  get isDisabledOrBehind(): boolean {
    return this.status === "DISABLED" || (this.status === "PENDING" && this.disabledDeps > 0);
  }

  dueAt(): number {
    let due = Math.min(this.removeAt, this.retainUntil);
    if (this.failures !== undefined) due = Math.min(due, this.failures.retryAt, this.failures.disabledUntil);
    return Math.min(due, this.responsesExpireAt());
  }

  private responsesExpireAt(): number {
    const responses = this.details?.responses;
    if (responses === undefined) return Infinity;
    // All live equally long, so the oldest, which comes first, goes first.
    for (const { expiresAt } of responses.values()) return expiresAt;
    return Infinity;
  }
}

export function detailsOf(task: TaskRecord): TaskDetails {
  task.details ??= {};
  return task.details;
}

/** Whether `a` runs before `b`: higher priority, then seen earlier. */
export function outranks(a: TaskRecord, b: TaskRecord): boolean {
  return a.priority > b.priority || (a.priority === b.priority && a.order < b.order);
}

/** For `sort`: best rank first. */
export function byRank(a: TaskRecord, b: TaskRecord): number {
  return outranks(a, b) ? -1 : 1;
}
