import { setTimeout as sleep } from "node:timers/promises";
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
import { RunMemory } from "./run-memory.ts";
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

/** How a worker asked for work. */
interface Asking {
  /** It ran nothing. */
  readonly isIdle: boolean;
  /** How long the scheduler was to hold the call back. */
  readonly waitedMs: number;
  readonly stays: boolean;
}

/**
 * A scheduler that other workers use as well. To the worker it looks like one of its own that takes its time: it waits for work
 * at the scheduler, and makes the worker known again where it was forgotten.
 */
export class RemoteScheduler implements WorkerScheduler {
  readonly isShared = true;
  readonly memory = new RunMemory();
  readonly #http: HttpScheduler;
  readonly #options: SharedOptions;
  readonly #log: RunLogger;
  readonly #attempts: AttemptListener;
  readonly #findTasks: () => Promise<readonly TaskSpec[]>;
  readonly #refusalOf: ((assignment: Assignment) => string | undefined) | undefined;
  readonly #isComplete: (taskId: string) => Promise<boolean>;
  readonly #poll: WorkPoll;
  /** The session in which each attempt was assigned, by token. */
  readonly #running = new Map<string, string>();
  readonly #batchers: RegisterBatcher[] = [];
  #registration: RegisterWorker;
  #session: string;
  #reviving: Promise<void> | undefined;
  #givingBack: Promise<void> = Promise.resolve();
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
    this.memory.noteRegistered(tasks);
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

  async getWork(command: GetWork, woken: Promise<void> = NEVER, stays = false): Promise<WorkReply> {
    const isIdle = this.#running.size === 0;
    if (!isIdle) this.#idleSince = Infinity;
    // What waits there was asked while something ran; whether to stay at all is another question.
    else this.#poll.cancel();
    for (let waitMs = isIdle ? 0 : this.#waitMs; ; waitMs = this.#waitMs) {
      const reply = await this.#ask(command, waitMs, woken);
      if (reply === "woken") return this.#nothing();
      if (reply === "cancelled") continue;
      // What is said of a worker that the scheduler had forgotten says nothing.
      if (await this.heed(reply.session)) continue;
      const assignments = await this.#acceptable(reply.assignments);
      if (assignments.length > 0) return this.#take({ ...reply, assignments });
      if (reply.assignments.length > 0) continue;
      if (this.#isFutile(reply, { isIdle, waitedMs: waitMs, stays })) return { ...reply, nextReadyAt: null };
      // The scheduler would answer at once, again and again.
      const isSleeping = stays && this.#isNothingLeft(reply);
      if (isSleeping && (await isWithin(this.#waitMs, woken))) return this.#nothing();
    }
  }

  async #ask(
    command: GetWork,
    waitMs: number,
    woken: Promise<void>,
  ): Promise<WorkReply | "woken" | "cancelled"> {
    // What is being given back must not be taken for what was lost on the way.
    const isAwake = await Promise.race([this.#givingBack.then(() => false), woken.then(() => true)]);
    const slots = Math.min(command.slots ?? 1, this.#free);
    if (isAwake || slots <= 0) return "woken";
    return this.#poll.ask({ ...command, slots }, waitMs, woken);
  }

  async report(command: Report): Promise<ReportReply> {
    const made = await this.#attempts.end(command.token, command.outcome === "DONE");
    const reply = await this.#http.report(made === undefined ? command : { ...command, made });
    const isForgotten = reply.session !== this.#running.get(command.token);
    this.#running.delete(command.token);
    // A scheduler that forgot the attempt learns that its task waits, and for what, when this worker registers again.
    const isKept = isForgotten && command.newDeps !== undefined;
    if (reply.accepted || isKept) this.memory.note(command);
    if (!isKept) return reply;
    await this.heed(reply.session);
    return { ...reply, accepted: true };
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
    const givenBack = this.#givingBack.then(() => this.#giveBackUnheard());
    this.#givingBack = givenBack.catch(() => undefined);
    return givenBack;
  }

  async #giveBackUnheard(): Promise<void> {
    const { worker } = this.#options;
    const slots = this.#registration.processes ?? 1;
    const { assignments } = await this.#http.getWork({ worker, slots, running: [...this.#running.keys()] });
    await Promise.all(
      assignments.map(({ taskId, token }) =>
        this.#http.report({ worker, taskId, token, outcome: "PENDING" }),
      ),
    );
  }

  /** How many attempts may be begun: an operator may have changed that since the worker asked. */
  get #free(): number {
    return (this.#registration.processes ?? 1) - this.#running.size;
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
      this.#running.set(token, reply.session);
      this.#attempts.begin(token);
    }
    return reply;
  }

  /** Whether asking again would be of no use. */
  #isFutile(reply: WorkReply, { isIdle, waitedMs, stays }: Asking): boolean {
    this.#isDisabled = reply.workerState === "disabled";
    if (this.#isDisabled) return true;
    if (this.#refusalOf !== undefined) return isIdle && waitedMs > 0 && !stays;
    // What runs here may have to end before anything else can begin; then the worker asks again.
    if (!isIdle) return this.#isNothingLeft(reply);
    this.#idleSince = Math.min(this.#idleSince, performance.now());
    const idleSeconds = (performance.now() - this.#idleSince) / 1000;
    return isOver(reply, this.#options, { idleSeconds, stays });
  }

  /** Tasks of others may come to one that helps them. */
  #isNothingLeft({ pending, runningElsewhere }: WorkReply): boolean {
    return this.#refusalOf === undefined && pending === 0 && runningElsewhere.length === 0;
  }

  async #revive(): Promise<void> {
    this.#log.warn(
      "The scheduler did not know this worker any more: it registers itself and its tasks again.",
    );
    await this.registerWorker(this.#registration);
    for (const batcher of this.#batchers) await this.#http.registerBatcher(batcher);
    const found = await this.#findTasks();
    await this.addTasks({
      worker: this.#options.worker,
      tasks: found.map((spec) => this.memory.withNeeds(spec)),
    });
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

/** Whether the promise is kept within the time. */
async function isWithin(timeoutMs: number, promise: Promise<void>): Promise<boolean> {
  const over = new AbortController();
  const timeout = sleep(timeoutMs, false, { signal: over.signal }).catch(() => false);
  const isKept = await Promise.race([promise.then(() => true), timeout]);
  over.abort();
  return isKept;
}
