import type {
  Accepted,
  AddTasks,
  AddTasksReply,
  Assignment,
  GetWork,
  Made,
  RegisterBatcher,
  RegisterWorker,
  Report,
  ReportReply,
  TaskSpec,
  UpdateRun,
  WorkerReply,
  WorkReply,
} from "@leat/scheduler";
import type { HttpScheduler } from "@leat/scheduler/client";
import { isOver } from "./keep-alive.ts";
import type { RunLogger } from "./logger.ts";
import type { SharedOptions } from "./remote-options.ts";
import { batchesOf } from "./task-batches.ts";
import { WorkPoll } from "./work-poll.ts";
import type { WorkerScheduler } from "./worker-scheduler.ts";

/** Hears which attempts the worker has. */
export interface AttemptListener {
  begin(token: string): void;
  /** Resolves to what the attempt made when all else that is to be said of it, but for how it ended, is said. */
  end(token: string, isDone: boolean): Promise<Made | undefined>;
}

export interface RemoteSchedulerOptions {
  readonly http: HttpScheduler;
  readonly options: SharedOptions;
  readonly log: RunLogger;
  readonly attempts: AttemptListener;
  /** How the worker introduced itself, and the session that it was given. */
  readonly registration: RegisterWorker;
  readonly session: string;
  /** Present for a worker that runs tasks of others, and stays: tells why it cannot run one. */
  readonly refusalOf?: ((assignment: Assignment) => string | undefined) | undefined;
  /** Whether a task is complete that this worker registered. */
  readonly isComplete: (taskId: string) => Promise<boolean>;
  /** What is to be registered when the scheduler forgot the worker: found out anew, for others may have done some of it. */
  readonly findTasks: () => Promise<readonly TaskSpec[]>;
}

/**
 * A scheduler that other workers use as well. To the worker it looks like one of its own that takes its time: it waits for work
 * at the scheduler, and makes the worker known again where it was forgotten.
 */
export class RemoteScheduler implements WorkerScheduler {
  readonly isShared = true;
  readonly #http: HttpScheduler;
  readonly #options: SharedOptions;
  readonly #log: RunLogger;
  readonly #attempts: AttemptListener;
  readonly #findTasks: () => Promise<readonly TaskSpec[]>;
  readonly #refusalOf: ((assignment: Assignment) => string | undefined) | undefined;
  readonly #isComplete: (taskId: string) => Promise<boolean>;
  readonly #poll: WorkPoll;
  readonly #running = new Set<string>();
  /** Ids of tasks that this worker did. */
  readonly #done = new Set<string>();
  /** What running tasks asked for, by their ids. */
  readonly #needs = new Map<string, readonly string[]>();
  readonly #batchers: RegisterBatcher[] = [];
  #registration: RegisterWorker;
  #session: string;
  #reviving: Promise<void> | undefined;
  #idleSince = Infinity;
  #isDisabled = false;

  constructor(options: RemoteSchedulerOptions) {
    this.#http = options.http;
    this.#options = options.options;
    this.#log = options.log;
    this.#attempts = options.attempts;
    this.#registration = options.registration;
    this.#session = options.session;
    this.#findTasks = options.findTasks;
    this.#isComplete = options.isComplete;
    this.#refusalOf = options.refusalOf;
    this.#poll = new WorkPoll(options.http);
  }

  async registerWorker(command: RegisterWorker): Promise<WorkerReply> {
    this.#registration = { ...this.#registration, ...command };
    const reply = await this.#http.registerWorker(this.#registration);
    this.#session = reply.session;
    return reply;
  }

  async registerBatcher(command: RegisterBatcher): Promise<WorkerReply> {
    this.#batchers.push(command);
    return this.#http.registerBatcher(command);
  }

  async addTasks({ tasks, ...command }: AddTasks): Promise<AddTasksReply> {
    let reply: AddTasksReply = { session: this.#session, workerState: "active" };
    // In order: requirements come before what requires them.
    for (const part of batchesOf(tasks)) {
      reply = await this.#http.addTasks({ ...command, tasks: part });
      const again = await this.#missingOf(part, new Set(reply.doneLately));
      if (again.length > 0) await this.#http.addTasks({ ...command, tasks: again });
    }
    return reply;
  }

  updateRun(command: UpdateRun): Promise<Accepted> {
    return this.#http.updateRun(command);
  }

  /** Those of the tasks that are done, as the scheduler says, and whose output is not there. */
  async #missingOf(tasks: readonly TaskSpec[], done: ReadonlySet<string>): Promise<TaskSpec[]> {
    const missing: TaskSpec[] = [];
    for (const task of tasks) {
      if (done.has(task.taskId) && !(await this.#isComplete(task.taskId))) {
        missing.push({ ...task, outputMissing: true });
      }
    }
    return missing;
  }

  async getWork(command: GetWork, woken: Promise<void> = NEVER): Promise<WorkReply> {
    const isIdle = this.#running.size === 0;
    if (!isIdle) this.#idleSince = Infinity;
    // What waits there was asked while something ran; whether to stay at all is another question.
    else this.#poll.cancel();
    for (let waitMs = isIdle ? 0 : this.#waitMs; ; waitMs = this.#waitMs) {
      const reply = await this.#poll.ask(command, waitMs, woken);
      if (reply === undefined) return this.#nothing();
      // What is said of a worker that the scheduler had forgotten says nothing.
      if (await this.heed(reply.session)) continue;
      const assignments = await this.#acceptable(reply.assignments);
      if (assignments.length > 0) return this.#take({ ...reply, assignments });
      if (reply.assignments.length === 0 && this.#isFutile(reply, isIdle, waitMs)) {
        return { ...reply, nextReadyAt: null };
      }
    }
  }

  async report(command: Report): Promise<ReportReply> {
    const made = await this.#attempts.end(command.token, command.outcome === "DONE");
    const reply = await this.#http.report(made === undefined ? command : { ...command, made });
    this.#running.delete(command.token);
    this.#note(command, reply);
    return reply;
  }

  /** Whether this worker ran the task to its end. */
  hasDone(taskId: string): boolean {
    return this.#done.has(taskId);
  }

  #note({ taskId, outcome, newDeps = [] }: Report, { accepted }: ReportReply): void {
    if (!accepted) return;
    if (outcome === "DONE") this.#done.add(taskId);
    if (newDeps.length > 0) this.#needs.set(taskId, [...(this.#needs.get(taskId) ?? []), ...newDeps]);
  }

  /**
   * Looks at the session of a reply. A new one means that the scheduler forgot this worker, which then registers again. Tells
   * whether it did.
   */
  async heed(session: string): Promise<boolean> {
    // While it registers again, the scheduler knows the worker but not yet all of its tasks.
    if (session === this.#session && this.#reviving === undefined) return false;
    this.#reviving ??= this.#revive().finally(() => (this.#reviving = undefined));
    await this.#reviving;
    return true;
  }

  /** Others may have what the scheduler assigned to this worker and it never began. */
  async giveBack(): Promise<void> {
    if (!this.#poll.cancel()) return;
    const { worker } = this.#options;
    const slots = this.#registration.processes ?? 1;
    const { assignments } = await this.#http.getWork({ worker, slots, running: [...this.#running] });
    await Promise.all(
      assignments.map(({ taskId, token }) =>
        this.#http.report({ worker, taskId, token, outcome: "PENDING" }),
      ),
    );
  }

  get #waitMs(): number {
    return this.#options.waitSeconds * 1000;
  }

  /** An operator wants this worker to end. */
  get isDisabled(): boolean {
    return this.#isDisabled;
  }

  /** What cannot be run here is left to others, and not offered again. */
  async #acceptable(assignments: readonly Assignment[]): Promise<readonly Assignment[]> {
    if (this.#refusalOf === undefined) return assignments;
    const accepted: Assignment[] = [];
    for (const assignment of assignments) {
      const refusal = this.#refusalOf(assignment);
      if (refusal === undefined) accepted.push(assignment);
      else await this.#refuse(assignment, refusal);
    }
    return accepted;
  }

  async #refuse({ taskId, token }: Assignment, refusal: string): Promise<void> {
    const { worker } = this.#options;
    this.#log.warn(`${taskId} is left to others. ${refusal}`);
    await this.#http.addTasks({ worker, assistant: true, tasks: [{ taskId, status: "UNKNOWN" }] });
    await this.#http.report({ worker, taskId, token, outcome: "PENDING" });
  }

  #take(reply: WorkReply): WorkReply {
    for (const { token } of reply.assignments) {
      this.#running.add(token);
      this.#attempts.begin(token);
    }
    return reply;
  }

  /** Whether asking again would be of no use. */
  #isFutile(reply: WorkReply, isIdle: boolean, waitedMs: number): boolean {
    this.#isDisabled = reply.workerState === "disabled";
    if (this.#isDisabled) return true;
    if (this.#refusalOf !== undefined) return isIdle && waitedMs > 0;
    // What runs here may have to end before anything else can begin; then the worker asks again.
    if (!isIdle) return reply.pending === 0 && reply.runningElsewhere.length === 0;
    this.#idleSince = Math.min(this.#idleSince, performance.now());
    return isOver(reply, this.#options, (performance.now() - this.#idleSince) / 1000);
  }

  async #revive(): Promise<void> {
    this.#log.warn(
      "The scheduler did not know this worker any more: it registers itself and its tasks again.",
    );
    await this.registerWorker(this.#registration);
    for (const batcher of this.#batchers) await this.#http.registerBatcher(batcher);
    const found = await this.#findTasks();
    await this.addTasks({ worker: this.#options.worker, tasks: found.map((spec) => this.#withNeeds(spec)) });
  }

  /** A task that waits in the middle of its run is not handed out before what it waits for is done. */
  #withNeeds(spec: TaskSpec): TaskSpec {
    const needs = this.#needs.get(spec.taskId) ?? [];
    return needs.length === 0 ? spec : { ...spec, deps: [...(spec.deps ?? []), ...needs] };
  }

  #nothing(): WorkReply {
    return {
      session: this.#session,
      workerState: "active",
      assignments: [],
      runningElsewhere: [],
      pending: 0,
      uniquePending: 0,
      pendingLastScheduled: 0,
      nextReadyAt: null,
      paused: false,
    };
  }
}

const NEVER = new Promise<void>(() => undefined);
