import type {
  Accepted,
  Act,
  ActReply,
  AddTasks,
  AddTasksReply,
  Command,
  DisableWorker,
  GetWork,
  Heartbeat,
  HeartbeatReply,
  OnTask,
  RegisterBatcher,
  RegisterWorker,
  ReplyTo,
  Report,
  ReportReply,
  Respond,
  SchedulerConfig,
  SchedulerEvent,
  SendMessage,
  SendMessageReply,
  SetPaused,
  SetResource,
  SetWorkerPaused,
  SetWorkerProcesses,
  StatusReply,
  TakeResponse,
  TakeResponseReply,
  UnregisterWorker,
  UpdateRun,
  WorkerReply,
  WorkReply,
} from "./api.ts";
import {
  onAddTasks,
  onDisableWorker,
  onForgive,
  onGetWork,
  onHeartbeat,
  onMarkDone,
  onRegisterBatcher,
  onRegisterWorker,
  onReEnable,
  onReport,
  onSetPaused,
  onSetWorkerPaused,
  onSetWorkerProcesses,
  onUnregisterWorker,
  onUpdateRun,
} from "./commands.ts";
import { wasBegun } from "./attempts.ts";
import { withDefaults } from "./config.ts";
import { sendMessage, storeResponse, takeResponse } from "./messages.ts";
import { act, planAct } from "./operator-actions.ts";
import { taskDue } from "./removal.ts";
import { restoreSnapshot } from "./restore.ts";
import { type SnapshotRecord, takeSnapshot } from "./snapshot.ts";
import { State } from "./state.ts";
import { TaskRecord } from "./task-record.ts";
import { type UpstreamStatus, upstreamStatuses } from "./upstream.ts";
import { refuse, validate } from "./validation.ts";
import {
  type AttemptNaming,
  type HasWork,
  type ResourceView,
  type TaskNaming,
  type TaskView,
  viewNaming,
  viewResources,
  viewTask,
  viewWorker,
  type WorkerView,
} from "./views.ts";
import { countPending, workerDue } from "./workers.ts";

type BodyOf<Type extends Command["type"]> = Omit<Extract<Command, { readonly type: Type }>, "type">;

type Handlers = {
  readonly [Type in Command["type"]]: (state: State, command: BodyOf<Type>) => ReplyTo<Type>;
};

const HANDLERS: Handlers = {
  registerWorker: onRegisterWorker,
  registerBatcher: onRegisterBatcher,
  addTasks: onAddTasks,
  getWork: onGetWork,
  report: onReport,
  updateRun: onUpdateRun,
  heartbeat: onHeartbeat,
  respond: (state, command) => ({ accepted: storeResponse(state, command) }),
  unregisterWorker: onUnregisterWorker,
  forgive: onForgive,
  markDone: onMarkDone,
  reEnable: onReEnable,
  act,
  setPaused: onSetPaused,
  disableWorker: onDisableWorker,
  setWorkerPaused: onSetWorkerPaused,
  setWorkerProcesses: onSetWorkerProcesses,
  setResource: (state, { resource, limit }) => {
    state.resources.limits.set(resource, limit);
  },
  sendMessage: (state, command) => ({ messageId: sendMessage(state, command) }),
  takeResponse: (state, command) => ({ response: takeResponse(state, command) }),
  tick: () => undefined,
};

/** What came of a command. */
export interface Applied<Type extends Command["type"]> {
  readonly reply: ReplyTo<Type>;
  readonly events: readonly SchedulerEvent[];
}

/**
 * Decides which task runs next, for any number of workers. A pure state machine: it does nothing by itself and knows
 * no clock. The same commands with the same times always lead to the same state, replies and events.
 *
 * `now` is in milliseconds since the Unix epoch. Should it go back, the latest time seen so far counts. Before a
 * command takes effect, all that fell due up to `now` happens, each thing at its own time; so it makes no difference
 * how often somebody calls. Methods throw `SchedulerError` with `INVALID_COMMAND` and then have changed nothing.
 *
 * Objects inside commands (parameters, owners) are kept, not copied: do not change them afterwards.
 */
export class Scheduler {
  private readonly state: State;

  constructor(config: Partial<SchedulerConfig> = {}) {
    this.state = new State(withDefaults(config));
  }

  /**
   * A scheduler that goes on where the one whose snapshot this is was: it gives the same replies to the same
   * commands. Limits of resources come from the snapshot, everything else in `config` counts from now on.
   */
  static restore(snapshot: Iterable<SnapshotRecord>, config: Partial<SchedulerConfig> = {}): Scheduler {
    const scheduler = new Scheduler(config);
    restoreSnapshot(scheduler.state, snapshot);
    return scheduler;
  }

  /** The whole state as JSON values, one for each task, worker and attempt. Take all before the next command. */
  snapshot(): Generator<SnapshotRecord, void, void> {
    return takeSnapshot(this.state);
  }

  /** Does any command, and says what happened. */
  apply<C extends Command>(command: C, now: number): Applied<C["type"]> {
    const events: SchedulerEvent[] = [];
    this.state.events = events;
    try {
      return {
        reply: this.run<C["type"]>(command.type, command as unknown as BodyOf<C["type"]>, now),
        events,
      };
    } finally {
      this.state.events = undefined;
    }
  }

  registerWorker(command: RegisterWorker, now: number): WorkerReply {
    return this.run("registerWorker", command, now);
  }

  registerBatcher(command: RegisterBatcher, now: number): WorkerReply {
    return this.run("registerBatcher", command, now);
  }

  addTasks(command: AddTasks, now: number): AddTasksReply {
    return this.run("addTasks", command, now);
  }

  getWork(command: GetWork, now: number): WorkReply {
    return this.run("getWork", command, now);
  }

  report(command: Report, now: number): ReportReply {
    return this.run("report", command, now);
  }

  updateRun(command: UpdateRun, now: number): Accepted {
    return this.run("updateRun", command, now);
  }

  heartbeat(command: Heartbeat, now: number): HeartbeatReply {
    return this.run("heartbeat", command, now);
  }

  respond(command: Respond, now: number): Accepted {
    return this.run("respond", command, now);
  }

  unregisterWorker(command: UnregisterWorker, now: number): Accepted {
    return this.run("unregisterWorker", command, now);
  }

  forgive(command: OnTask, now: number): StatusReply {
    return this.run("forgive", command, now);
  }

  markDone(command: OnTask, now: number): StatusReply {
    return this.run("markDone", command, now);
  }

  reEnable(command: OnTask, now: number): StatusReply {
    return this.run("reEnable", command, now);
  }

  act(command: Act, now: number): ActReply {
    return this.run("act", command, now);
  }

  /** What `act` would do to the tasks as they are since the last command. */
  planAct(command: Act): ActReply {
    validate(command);
    return planAct(this.state, command);
  }

  setPaused(command: SetPaused, now: number): void {
    this.run("setPaused", command, now);
  }

  disableWorker(command: DisableWorker, now: number): Accepted {
    return this.run("disableWorker", command, now);
  }

  setWorkerPaused(command: SetWorkerPaused, now: number): Accepted {
    return this.run("setWorkerPaused", command, now);
  }

  setWorkerProcesses(command: SetWorkerProcesses, now: number): Accepted {
    return this.run("setWorkerProcesses", command, now);
  }

  setResource(command: SetResource, now: number): void {
    this.run("setResource", command, now);
  }

  sendMessage(command: SendMessage, now: number): SendMessageReply {
    return this.run("sendMessage", command, now);
  }

  takeResponse(command: TakeResponse, now: number): TakeResponseReply {
    return this.run("takeResponse", command, now);
  }

  /** Lets time pass. Nobody has to call it; it makes due events come in time when no command does. */
  tick(now: number): void {
    this.run("tick", {}, now);
  }

  /** When `tick` next has something to do; `null` when nothing will happen by time alone. */
  nextDeadline(): number | null {
    const next = this.state.deadlines.next();
    return next === Infinity ? null : next;
  }

  /** The task as it is since the last command; `undefined` when there is none of this id. */
  task(taskId: string): TaskView | undefined {
    const task = this.state.tasks.get(taskId);
    return task && viewTask(this.state, task);
  }

  /** Who runs the task, and with which token: a small part of `task`, for those who ask at each command. */
  attempt(taskId: string): AttemptNaming | undefined {
    const attempt = this.state.tasks.get(taskId)?.attempt;
    return attempt && { worker: attempt.worker.id, token: attempt.token };
  }

  /** What a task is called: a small part of `task`, for those who look at very many. */
  naming(taskId: string): TaskNaming | undefined {
    const task = this.state.tasks.get(taskId);
    return task && viewNaming(task);
  }

  /** All tasks in the order in which they were first seen. Each is read when the caller comes to it. */
  *tasks(): Generator<TaskView, void, void> {
    for (const task of this.state.tasks.values()) yield viewTask(this.state, task);
  }

  /** Ids of the tasks that require this one, in the order in which they were first seen. */
  dependents(taskId: string): string[] {
    const dependents = Array.from(this.state.tasks.get(taskId)?.dependents ?? []);
    return dependents.sort((a, b) => a.order - b.order).map((task) => task.id);
  }

  /** What each of the tasks waits for; unknown ids wait for nothing. Costs as much as all that is upstream of them. */
  upstreamStatuses(taskIds: readonly string[]): UpstreamStatus[] {
    return upstreamStatuses(this.state, taskIds);
  }

  /** Whether an attempt of this token was ever begun, however long ago it ended. */
  wasBegun(token: string): boolean {
    return wasBegun(this.state, token);
  }

  worker(worker: string): WorkerView | undefined {
    const record = this.state.workers.get(worker);
    return record && viewWorker(record);
  }

  /**
   * Whether the worker has unfinished tasks, and whether one of them could be run now if the resources for it were free.
   * A worker that is not known has nothing.
   */
  hasWork(worker: string): HasWork {
    const record = this.state.workers.get(worker);
    if (record === undefined) return { pending: 0, ready: false };
    return { pending: countPending(record).pending, ready: this.state.ready.bestFor(record) !== undefined };
  }

  workers(): WorkerView[] {
    return Array.from(this.state.workers.values(), viewWorker);
  }

  /** Resources that have a limit, are in use, or are waited for, by name. */
  resources(): ResourceView[] {
    return viewResources(this.state);
  }

  /** Parameters in which the members of a batch of the family may differ; none when it is not run in batches. */
  batchedParams(family: string): readonly string[] {
    return this.state.ready.batches.batchedParams.get(family) ?? [];
  }

  get isPaused(): boolean {
    return this.state.paused;
  }

  private run<Type extends Command["type"]>(type: Type, command: BodyOf<Type>, now: number): ReplyTo<Type> {
    if (!Object.hasOwn(HANDLERS, type)) refuse(`there is no command "${type}"`);
    if (!Number.isFinite(now)) refuse(`the time must be a finite number, got ${now}`);
    validate(command);
    passTime(this.state, now);
    const reply = HANDLERS[type](this.state, command);
    // What the command itself made due must not wait for the next call, or it would matter when that one comes.
    passTime(this.state, now);
    return reply;
  }
}

/** Does what fell due up to `now`, in the order of time. */
function passTime(state: State, now: number): void {
  const until = Math.max(state.now, now);
  for (let at = state.deadlines.next(); at <= until; at = state.deadlines.next()) {
    state.now = Math.max(state.now, at);
    const due = state.deadlines.takeDue(at);
    if (due instanceof TaskRecord) taskDue(state, due);
    else if (due !== undefined) workerDue(state, due);
  }
  state.now = until;
}
