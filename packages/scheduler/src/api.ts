/**
 * What a scheduler does for workers and operators, as types.
 *
 * A worker plans a graph, registers its tasks with `addTasks`, asks for assignments with `getWork`, runs them, and
 * says how each attempt ended with `report`. Between calls it sends `heartbeat`; a worker that stays silent for
 * `workerTimeoutSeconds` loses its attempts, which then count as failed.
 *
 * Each call first lets the time since the one before pass: retries, lost workers and removals that fell due have
 * happened before the call takes effect.
 *
 * Everything here is plain JSON: no `undefined` in arrays, no `Infinity`, no dates. Points in time are milliseconds
 * since the Unix epoch (`...At`), durations are seconds (`...Seconds`).
 */

/**
 * - `PENDING`: to be run, or waiting for requirements or for external data.
 * - `RUNNING`: handed to a worker.
 * - `BATCH_RUNNING`: member of a batch that a worker runs.
 * - `DONE`: complete.
 * - `FAILED`: the last attempt failed; becomes PENDING when its retry delay is over.
 * - `DISABLED`: not to be run, because it failed too often or because its worker says so.
 * - `UNKNOWN`: named as a requirement but not registered yet, or its worker could not tell whether it is complete.
 */
export type TaskStatus = "PENDING" | "RUNNING" | "BATCH_RUNNING" | "DONE" | "FAILED" | "DISABLED" | "UNKNOWN";

/** Status that a worker gives when it registers a task. `FAILED` counts a failure that happened outside an attempt. */
export type RegisteredStatus = "PENDING" | "DONE" | "FAILED" | "DISABLED" | "UNKNOWN";

/** Names of resources with amounts, e.g. `{ database: 2 }`. Finite, not negative; 0 is the same as not named. */
export type ResourceAmounts = { readonly [resource: string]: number };

/** Who may see a parameter: 0 everyone, 1 not shown in names, 2 never sent to the scheduler. */
export type ParamVisibility = 0 | 1 | 2;

/** When a failed task is tried again, and when it is given up. */
export interface RetryPolicy {
  /** Failures within `disableWindowSeconds` that disable the task. 1 disables on the first one. Defaults to 3. */
  readonly retryCount: number;
  /** Wait after the first failure. Negative: the task is never retried by itself. Defaults to 900 (15 minutes). */
  readonly retryDelaySeconds: number;
  /** Factor by which the wait grows with each further failure. 1 keeps it constant. Defaults to 2. */
  readonly retryBackoff: number;
  /** Longest wait between two attempts. Defaults to 3600 (1 hour). */
  readonly maxRetryDelaySeconds: number;
  /** Failures older than this are forgotten when counting. Defaults to 86400 (1 day). */
  readonly disableWindowSeconds: number;
  /** A failure this long after the first remembered failure disables the task. Defaults to 999999999. */
  readonly disableHardTimeoutSeconds: number;
}

/** One task as a worker registers it. Registering it again merges: each field says how. */
export interface TaskSpec {
  /** Identity of the task. The same id from two workers is the same task. Not empty. */
  readonly taskId: string;
  /** Name of the task class. The first non-empty value stays. */
  readonly family?: string;
  /** Module that a worker imports to find the class. The first non-empty value stays. */
  readonly module?: string;
  /** Parameters as text, without private ones. The first non-empty value stays. Defaults to none. */
  readonly params?: { readonly [name: string]: string };
  /** Visibility of parameters; those not named are public (0). The first non-empty value stays. */
  readonly paramVisibilities?: { readonly [name: string]: ParamVisibility };
  /**
   * What the worker found. Defaults to `PENDING`. A running task keeps its status, whatever is given here.
   * `PENDING` makes a FAILED task ready at once and a DONE one run again (see `outputMissing`); it does not lift a
   * disable by the scheduler. `UNKNOWN` changes neither a DONE task nor one that another worker can run.
   */
  readonly status?: RegisteredStatus;
  /**
   * Ids of the tasks that must be DONE first. Replaces the earlier list; absent keeps it. Order and repetition do
   * not matter, except that tasks not seen before are ranked in this order. Ids need not be registered yet: the
   * scheduler holds an UNKNOWN placeholder until they are.
   */
  readonly deps?: readonly string[];
  /** Whether this worker can run the task; `false` for external data. Defaults to true. */
  readonly runnable?: boolean;
  /**
   * Higher runs first; equal priorities run in the order in which the scheduler first saw the tasks. The
   * requirements of a task get at least its priority. Never decreases. Defaults to 0.
   */
  readonly priority?: number;
  /** Needs while running. Replaces the earlier needs; absent keeps them. Defaults to none. */
  readonly resources?: ResourceAmounts;
  /** Differs from the scheduler's defaults in these members. Replaces the earlier policy; absent keeps it. */
  readonly retry?: Partial<RetryPolicy>;
  /** Whether the task may run in a batch (`registerBatcher`). Absent keeps it. Defaults to false. */
  readonly batchable?: boolean;
  /** Whether operators may send messages to the running task. Absent keeps it. Defaults to false. */
  readonly acceptsMessages?: boolean;
  /** Addresses of those to tell about failures; shown with the task. Absent keeps them. Defaults to none. */
  readonly owners?: readonly string[];
  /** Name for people. Absent keeps it. Defaults to the family with its public parameters. */
  readonly label?: string;
  /** Why the task has this status, e.g. the error of a failed completeness check. Absent keeps it. */
  readonly explanation?: string;
  /**
   * With `PENDING`: the worker looked again after the task was DONE and its output is not there. Without it, a
   * `PENDING` that comes within `doneCooldownSeconds` after DONE is taken for a check made too early and ignored.
   * Defaults to false.
   */
  readonly outputMissing?: boolean;
  /** With `PENDING`: the worker began the task and goes on with it where it stands, as in {@link Report}. Defaults to false. */
  readonly suspended?: boolean;
}

/** The worker registers tasks, in any order. Fields: {@link TaskSpec}. */
export interface AddTasks {
  readonly worker: string;
  readonly tasks: readonly TaskSpec[];
  /** The worker runs tasks of others: it has no interest of its own in these. Defaults to false. */
  readonly assistant?: boolean;
}

/**
 * How the scheduler sees the worker. `session` is given to a worker at its first `registerWorker`, `registerBatcher`,
 * `addTasks` or `getWork`. When it differs from the one before, the scheduler forgot the worker in between (silence,
 * or a restart without state): the worker registers itself, its batchers and its tasks again.
 */
export interface WorkerReply {
  /** Empty when the scheduler does not know the worker; calls not named above do not make it known. */
  readonly session: string;
  /** `disabled`: an operator disabled the worker. It finishes what it runs, gets no more and can register nothing. */
  readonly workerState: "active" | "disabled";
}

export interface AddTasksReply extends WorkerReply {
  /**
   * Tasks registered as `PENDING` that are DONE since less than `doneCooldownSeconds`, so that nothing changed: the worker
   * looks again, and registers those whose output is not there with `outputMissing`. Absent when there are none.
   */
  readonly doneLately?: readonly string[];
}

/** The worker introduces itself, or says that something about it changed. */
export interface RegisterWorker {
  readonly worker: string;
  /** How many assignments it can run at a time. Absent keeps the value. Defaults to 1. */
  readonly processes?: number;
  /** Runs tasks that other workers registered. Once true it stays so. Defaults to false. */
  readonly assistant?: boolean;
  /**
   * Runs tasks of these families, whoever registered them, and no others that it did not register itself. It says so of a
   * task that it cannot make after all by registering it as `UNKNOWN`. Absent keeps the earlier ones. Defaults to none.
   */
  readonly families?: readonly string[];
  /** Shown to people: host, user, pid, first task. Merged into what is known. */
  readonly info?: { readonly [key: string]: string | number | boolean | null };
}

/** The worker can run several tasks of a family at once: those registered as `batchable`. */
export interface RegisterBatcher {
  readonly worker: string;
  readonly family: string;
  /** Parameters that may differ within a batch. The worker gets the list of their values. */
  readonly batchedParams: readonly string[];
  /** Most members of one batch. Defaults to no limit. */
  readonly maxBatchSize?: number;
}

/** The worker asks for assignments. */
export interface GetWork {
  readonly worker: string;
  /** Most assignments to hand out in this reply. 0 only asks for the counts. Defaults to 1. */
  readonly slots?: number;
  /**
   * Tokens of the attempts the worker runs. Attempts of this worker that are not listed were lost on the way and
   * are sent again first, with the same token; those of a disabled worker become PENDING for others instead. Absent:
   * the worker does not say, nothing is sent again.
   */
  readonly running?: readonly string[];
  /** As in {@link RegisterWorker}. */
  readonly assistant?: boolean;
}

/** One attempt to run a task, or a batch of tasks. */
export interface Assignment {
  /** The task; for a batch its first member. */
  readonly taskId: string;
  readonly family: string;
  /** Empty when the worker that registered the task gave none. */
  readonly module: string;
  readonly params: { readonly [name: string]: string };
  /** Names the attempt in `report`, `updateRun`, `running`. Unique over all attempts of one scheduler epoch. */
  readonly token: string;
  /** 1 plus the failures counted against the task (for a batch: against its first member). */
  readonly attempt: number;
  /** Present for a batch of at least two. One report on `token` ends the attempt for all members. */
  readonly batch?: BatchAssignment;
}

export interface BatchAssignment {
  /** Members in rank order; the first is `taskId` of the assignment. */
  readonly taskIds: readonly string[];
  /** For each batched parameter the values of the members, in the order of `taskIds`. */
  readonly batchedParams: { readonly [name: string]: readonly string[] };
}

/**
 * What of a worker's own tasks is unfinished: PENDING (running ones not included) or FAILED, unless a DISABLED task
 * is upstream of it. Tasks that were registered as not runnable, and the tasks a `disabled` worker had, count zero.
 */
export interface PendingCounts {
  readonly pending: number;
  /** Of these, those that no other worker can run. */
  readonly uniquePending: number;
  /** Of these, those that no other worker registered after this one did. */
  readonly pendingLastScheduled: number;
}

export interface WorkReply extends WorkerReply, PendingCounts {
  /**
   * At most `slots` attempts, best rank first; attempts sent again come first. The counts are those from before
   * this reply: they include what is assigned here.
   */
  readonly assignments: readonly Assignment[];
  /**
   * Own tasks that other workers run, so this one may wait for them. Given only when `assignments` is empty.
   */
  readonly runningElsewhere: readonly RunningElsewhere[];
  /**
   * Own tasks that other workers began and suspended until more is there, as long as something of that is done without this
   * worker: it may wait for them as well. Absent when there are none, and when `assignments` is not empty.
   */
  readonly suspendedElsewhere?: readonly RunningElsewhere[];
  /**
   * Earliest time at which a FAILED task of this worker becomes PENDING by itself. `null`: none will.
   */
  readonly nextReadyAt: number | null;
  /** An operator paused the scheduler, or this worker: no new assignments until it goes on. */
  readonly paused: boolean;
}

export interface RunningElsewhere {
  readonly taskId: string;
  readonly worker: string;
}

/** The worker says how an attempt ended. */
export interface Report {
  readonly worker: string;
  /** Task of the assignment. For a batch the id of any member. */
  readonly taskId: string;
  readonly token: string;
  /**
   * `DONE`: complete. `FAILED`: counted, retried later or disabled by the retry policy. `PENDING`: the attempt ended
   * because it needs `newDeps` first; the task is handed out again when they are DONE.
   */
  readonly outcome: "DONE" | "FAILED" | "PENDING";
  /**
   * Ids of requirements found while running, added to the known ones (for a batch: to those of all members). They may
   * be registered before or after.
   */
  readonly newDeps?: readonly string[];
  /**
   * With `PENDING`, true: the worker keeps the attempt where it stands and goes on with it when it is given the task again. As
   * long as the worker is there, nobody else is given the task. False, after that: the worker does not go on with it.
   */
  readonly suspended?: boolean;
  /** Error text or remark, kept with the task. Absent keeps the earlier one. */
  readonly explanation?: string;
  /** What the attempt made, for the history. The scheduler does nothing with it. */
  readonly made?: Made;
}

/** What an attempt made, as far as its worker knows. */
export interface Made {
  /** Names of the targets that are there now, for people. */
  readonly outputs?: readonly string[];
  /** Size of the outputs, or what the attempt said that it wrote. */
  readonly bytes?: number;
  readonly rows?: number;
}

export interface ReportReply extends WorkerReply {
  /** False: the token is not the live attempt of this worker (it timed out, or somebody else ended it). Nothing changed. */
  readonly accepted: boolean;
  /** Status of the task after the report; `null` when there is no such task. */
  readonly status: TaskStatus | null;
  /** When a FAILED task is tried again; `null` when it is not FAILED or never retried by itself. */
  readonly retryAt: number | null;
}

/** The worker shows progress of an attempt. Absent members keep their value; a new attempt starts without any. */
export interface UpdateRun {
  readonly worker: string;
  readonly taskId: string;
  readonly token: string;
  readonly statusMessage?: string;
  /** Usually 0 to 100; shown as given. */
  readonly progressPercentage?: number;
  readonly trackingUrl?: string;
  /** Amounts the attempt no longer needs; what it holds sinks by them, to zero at least. */
  readonly decreaseResources?: ResourceAmounts;
}

/** Whether the call named a live attempt of the worker. If not, nothing changed. */
export interface Accepted {
  readonly accepted: boolean;
}

/** The worker is alive. Send it several times within `workerTimeoutSeconds`. */
export interface Heartbeat {
  readonly worker: string;
  /** Tokens of the attempts it runs. The reply says which of them are no longer wanted. */
  readonly running?: readonly string[];
  /** Number of the last worker message handled; the scheduler forgets messages up to it. */
  readonly acknowledge?: number;
}

export interface HeartbeatReply extends WorkerReply {
  /** Tokens from `running` that are not live attempts: their reports will be refused, so stop them. */
  readonly stale: readonly string[];
  /** Not acknowledged yet, oldest first. The same message comes again until acknowledged or expired. */
  readonly messages: readonly WorkerMessage[];
}

export type WorkerMessage =
  | { readonly number: number; readonly name: "setProcesses"; readonly processes: number }
  | {
      readonly number: number;
      readonly name: "taskMessage";
      readonly taskId: string;
      /** Names the message in `respond`. */
      readonly messageId: string;
      readonly content: string;
    };

/**
 * The worker ends, in order: it is forgotten at once, without waiting for its silence. What it was assigned and did not report
 * is for others, and counts as no failure.
 */
export interface UnregisterWorker {
  readonly worker: string;
}

/** The running task answers an operator's message. */
export interface Respond {
  readonly taskId: string;
  readonly messageId: string;
  readonly response: string;
}

/** An operator names a task. */
export interface OnTask {
  readonly taskId: string;
}

export interface StatusReply {
  /** Status after the command; `null` when there is no such task. */
  readonly status: TaskStatus | null;
}

/**
 * What an operator can do to tasks:
 * - `retry`: a FAILED task, or one that the scheduler or an operator disabled, becomes PENDING; its failures are forgotten.
 * - `forgive`: a FAILED task becomes PENDING; its failures still count.
 * - `reEnable`: a task that the scheduler disabled becomes FAILED with a full retry delay and no failures counted, one
 *   that an operator disabled becomes PENDING. A disable by its worker stays.
 * - `disable`: a PENDING, FAILED or UNKNOWN task becomes DISABLED until somebody enables it.
 * - `markDone`: a task in any other status becomes DONE. Its attempt is over.
 * - `cancel`: the attempt of the task is over; it becomes FAILED, which is not counted, and is not retried by itself.
 * - `rerun`: a DONE, FAILED or disabled task becomes PENDING and runs again, if some worker can run it.
 */
export type TaskAction = "retry" | "forgive" | "reEnable" | "disable" | "markDone" | "cancel" | "rerun";

export interface Act {
  readonly action: TaskAction;
  /** Those to which the action cannot be done are skipped. */
  readonly taskIds: readonly string[];
  /** With `rerun`: also all that is downstream of the tasks and was run. Defaults to false. */
  readonly withDependents?: boolean;
  /** Why, kept with each task. Defaults to nothing. */
  readonly reason?: string;
}

/** What an action does, in the order of `taskIds`; what is downstream follows. */
export interface ActReply {
  readonly changes: readonly TaskChange[];
  readonly skipped: readonly { readonly taskId: string; readonly why: string }[];
}

export interface TaskChange {
  readonly taskId: string;
  readonly from: TaskStatus;
  readonly to: TaskStatus;
}

/** The last action of an operator on a task. */
export interface OperatorNote {
  readonly action: TaskAction;
  /** Empty when none was given. */
  readonly reason: string;
  readonly at: number;
}

export interface SetPaused {
  readonly paused: boolean;
}

export interface DisableWorker {
  readonly worker: string;
}

export interface SetWorkerPaused {
  readonly worker: string;
  readonly paused: boolean;
}

export interface SetWorkerProcesses {
  readonly worker: string;
  /** At least 1. */
  readonly processes: number;
}

export interface SetResource {
  readonly resource: string;
  /** New limit: an integer of at least 0. Anything else throws `INVALID_COMMAND`. */
  readonly limit: number;
}

export interface SendMessage {
  readonly taskId: string;
  readonly content: string;
}

export interface SendMessageReply {
  /** `null` when the task is not running or does not accept messages; nothing was sent. */
  readonly messageId: string | null;
}

export interface TakeResponse {
  readonly taskId: string;
  readonly messageId: string;
}

export interface TakeResponseReply {
  /** `null` while there is none. A response is handed out once. */
  readonly response: string | null;
}

/**
 * The scheduler as others see it, in the same process or far away.
 *
 * Every method rejects with a `SchedulerError`: `INVALID_COMMAND` when the command has a wrong shape; a remote one
 * also when it cannot be reached. All methods can be repeated after a lost reply: a second `addTasks` finds the same
 * tasks, `getWork` sends lost attempts again, a second `report` is refused and changes nothing.
 */
export interface SchedulerApi {
  // Called by workers.
  registerWorker(command: RegisterWorker): Promise<WorkerReply>;
  registerBatcher(command: RegisterBatcher): Promise<WorkerReply>;
  addTasks(command: AddTasks): Promise<AddTasksReply>;
  getWork(command: GetWork): Promise<WorkReply>;
  report(command: Report): Promise<ReportReply>;
  updateRun(command: UpdateRun): Promise<Accepted>;
  heartbeat(command: Heartbeat): Promise<HeartbeatReply>;
  /** Keeps the response until it is taken or expires. Not accepted when there is no such task. */
  respond(command: Respond): Promise<Accepted>;
  /** Not accepted when the worker is not known. */
  unregisterWorker(command: UnregisterWorker): Promise<Accepted>;

  // Called by operators.
  /** A FAILED task becomes PENDING now instead of after its retry delay. Its failures still count. */
  forgive(command: OnTask): Promise<StatusReply>;
  /** A RUNNING, BATCH_RUNNING, FAILED or DISABLED task becomes DONE. Its attempt is over: later reports are refused. */
  markDone(command: OnTask): Promise<StatusReply>;
  /** A task that the scheduler disabled becomes FAILED with no failures counted and a full retry delay. */
  reEnable(command: OnTask): Promise<StatusReply>;
  /** Does one thing to many tasks in one step, and keeps the reason. */
  act(command: Act): Promise<ActReply>;
  /** While paused nobody gets new assignments; what runs goes on, and lost assignments are still sent again. */
  setPaused(command: SetPaused): Promise<void>;
  /** The worker finishes what it runs and gets nothing else, until it is forgotten after its last call. */
  disableWorker(command: DisableWorker): Promise<Accepted>;
  /** While paused the worker gets no new assignments; what it runs goes on. Not accepted when it is not known. */
  setWorkerPaused(command: SetWorkerPaused): Promise<Accepted>;
  /** Leaves a message for the worker. Not accepted when the worker is not known. */
  setWorkerProcesses(command: SetWorkerProcesses): Promise<Accepted>;
  /** Sets the limit of a resource. A resource without one has the limit 1. */
  setResource(command: SetResource): Promise<void>;
  sendMessage(command: SendMessage): Promise<SendMessageReply>;
  takeResponse(command: TakeResponse): Promise<TakeResponseReply>;
}

type CommandName = keyof SchedulerApi;

/** Everything that changes a scheduler, as one JSON value: what a journal keeps. `tick` only lets time pass. */
export type Command =
  | { [Name in CommandName]: { readonly type: Name } & Parameters<SchedulerApi[Name]>[0] }[CommandName]
  | { readonly type: "tick" };

/** What the scheduler replies to a command of this type. */
export type ReplyTo<Type extends Command["type"]> = Type extends CommandName
  ? Awaited<ReturnType<SchedulerApi[Type]>>
  : void;

/** What happened to a task or worker, for history, metrics and notifications. In the order of happening. */
export type SchedulerEvent =
  | {
      readonly type: "task:status";
      readonly at: number;
      readonly taskId: string;
      readonly from: TaskStatus | null;
      readonly to: TaskStatus;
      /** Runs or ran the task, when the change begins or ends an attempt. */
      readonly worker: string | null;
      readonly token: string | null;
      readonly reason: ChangeReason;
    }
  | { readonly type: "task:removed"; readonly at: number; readonly taskId: string }
  | {
      readonly type: "worker:added" | "worker:disabled" | "worker:lost" | "worker:left";
      readonly at: number;
      readonly worker: string;
    }
  | { readonly type: "worker:paused"; readonly at: number; readonly worker: string; readonly paused: boolean }
  | { readonly type: "scheduler:paused"; readonly at: number; readonly paused: boolean }
  | {
      readonly type: "task:progress";
      readonly at: number;
      readonly taskId: string;
      readonly statusMessage?: string;
      readonly progressPercentage?: number;
      readonly trackingUrl?: string;
    };

/** Why a status changed: a worker's call, the clock, or an operator. */
export type ChangeReason =
  | "registered"
  | "required"
  | "assigned"
  | "reported"
  | "worker lost"
  | "worker left"
  | "worker disabled"
  | "forgotten"
  | "retry"
  | "disable expired"
  | "retried"
  | "forgiven"
  | "marked done"
  | "re-enabled"
  | "disabled"
  | "cancelled"
  | "run again";

/**
 * Settings of a scheduler. All have defaults. The retry policy applies to tasks that bring none of their own, and to
 * the members that a task's own policy leaves out.
 */
export interface SchedulerConfig extends RetryPolicy {
  /** How long a disable by the scheduler lasts. Defaults to 86400 (1 day). */
  readonly disablePersistSeconds: number;
  /** Time from the last interested worker's end to the removal of a task. Defaults to 600. */
  readonly removeDelaySeconds: number;
  /** A DONE task that no unfinished task needs is removed this long after it was done. Defaults to 86400 (1 day). */
  readonly doneRetentionSeconds: number;
  /**
   * Silence after which a worker is forgotten and its attempts have failed. Defaults to 60. `Infinity` (never) suits
   * a worker in the same process, whose tasks may block it for long.
   */
  readonly workerTimeoutSeconds: number;
  /** A task DONE for less than this stays so when a worker registers it as PENDING. Defaults to 10. */
  readonly doneCooldownSeconds: number;
  /** Worker messages not acknowledged and responses not taken are dropped after this. Defaults to 3600 (1 hour). */
  readonly messageTtlSeconds: number;
  /** Limits of resources, as from `setResource`. Defaults to none. */
  readonly resources: ResourceAmounts;
  /**
   * Prefix of tokens and sessions. Schedulers that follow one another without the state of the one before need
   * different ones, so that an old token never names a new attempt: the time in milliseconds in base 36, by which stores tell
   * the newer one. Defaults to "1", for a scheduler that serves one process alone.
   */
  readonly epoch: string;
}
