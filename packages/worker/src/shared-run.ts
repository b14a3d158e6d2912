import { hostname } from "node:os";
import { EventBus, memoizedCheck, type RetryPolicy, type Task } from "@leat/core";
import type { Made, RegisterWorker, TaskSpec, WorkerReply } from "@leat/scheduler";
import { HttpScheduler, type HttpSchedulerOptions } from "@leat/scheduler/client";
import { AttemptUpload } from "./attempt-upload.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { HelperTasks } from "./helper-tasks.ts";
import type { FromHeartbeat } from "./heartbeat-messages.ts";
import { leaseLost } from "./lease.ts";
import type { RunLogger } from "./logger.ts";
import type { Outcomes } from "./outcomes.ts";
import { plan, type PlannedTask, type Planning } from "./plan.ts";
import { RecheckRunner } from "./recheck-runner.ts";
import type { SharedOptions } from "./remote-options.ts";
import { RemoteScheduler } from "./remote-scheduler.ts";
import { sharedSpecOf } from "./remote-task-spec.ts";
import type { Runner } from "./runner.ts";
import { withLeatErrors } from "./scheduler-errors.ts";
import type { Worker } from "./worker.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** A scheduler that is away hears nothing of a worker that ends: its silence tells. */
const GOODBYE_MS = 1000;

/** Once what runs is to be ended, a scheduler that is away is not waited for any longer than this. */
const LEAVE_MS = 5000;

export interface Joining {
  readonly options: SharedOptions;
  readonly planning: Planning;
  /** Attempts under way at a time. */
  readonly processes: number;
  /** What this worker is for; the first is shown to people. Absent for one that helps others. */
  readonly tasks?: readonly Task[] | undefined;
  /** Tasks that it does not register. Default none. */
  readonly isLeftOut?: ((taskId: string) => boolean) | undefined;
  /** The module that has the tasks; shown to people. */
  readonly module?: string | undefined;
  /** Tasks that this worker runs whoever registered them: it stays until it is told to leave. */
  readonly helperTasks?: HelperTasks | undefined;
  readonly drain?: AbortSignal | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The part that one worker has in what many do over a shared scheduler, from joining to leaving. */
export class SharedRun {
  readonly scheduler: RemoteScheduler;
  readonly #worker: string;
  readonly #joining: Joining;
  readonly #http: HttpScheduler;
  readonly #heartbeat: Heartbeat;
  readonly #log: RunLogger;
  readonly #registered = new Map<string, Task>();
  /** By token. */
  readonly #uploads = new Map<string, AttemptUpload>();
  readonly #leaving = new AbortController();
  readonly #stopListening: () => void;
  #attached: Worker | undefined;
  #givingBack: Promise<void> | undefined;
  #slots: number;

  private constructor(joining: Joining, session: string) {
    const { options, planning, helperTasks } = joining;
    const { log } = planning;
    const { worker, heartbeatSeconds, reconnectSeconds } = options;
    const place = placeOf(options);
    this.#worker = worker;
    this.#joining = joining;
    this.#log = log;
    this.#slots = joining.processes;
    this.#http = new HttpScheduler({
      ...place,
      ownTime: true,
      deadlineMs: reconnectSeconds * 1000,
      listener: outageLog(log, reconnectSeconds),
      signal: this.#leaving.signal,
    });
    this.#heartbeat = new Heartbeat(
      { scheduler: place, worker, intervalMs: heartbeatSeconds * 1000 },
      (message) => this.#hear(message),
      (error) => this.#leaving.abort(error),
    );
    this.scheduler = new RemoteScheduler({
      http: this.#http,
      options,
      log,
      attempts: {
        begin: (token) => this.#heartbeat.begin(token),
        end: (token, isDone) => this.#end(token, isDone),
      },
      registration: registrationOf(joining),
      session,
      findTasks: () => this.#planAnew(),
      isComplete: (taskId) => memoizedCheck()(this.#registered.get(taskId) as Task),
      refusalOf: helperTasks && ((assignment) => helperTasks.refusalOf(assignment)),
    });
    this.#stopListening = this.#listenTo();
  }

  /** What makes a worker one of many. */
  workerOptions(
    runner: Runner,
  ): Pick<WorkerOptions, "id" | "slots" | "scheduler" | "runner" | "specOf" | "observe"> {
    return {
      id: this.#worker,
      slots: this.#slots,
      scheduler: this.scheduler,
      runner: new RecheckRunner(runner, (task) => this.#isForced(task)),
      specOf: (planned, retry) => {
        this.#registered.set(planned.task.id, planned.task);
        return this.#specOf(planned, retry);
      },
      observe: (assignment, observer, task) => {
        const upload = new AttemptUpload(this.#http, this.#worker, assignment, task);
        this.#uploads.set(assignment.token, upload);
        return upload.observe(observer);
      },
    };
  }

  /** Makes the worker known. @throws LeatError `SCHEDULER_…` when the scheduler cannot be used */
  static async join(joining: Joining): Promise<SharedRun> {
    const { session } = await withLeatErrors(() => introduce(joining));
    return new SharedRun(joining, session);
  }

  /** Nothing more is to be begun. */
  get isOver(): boolean {
    const { drain, signal } = this.#joining;
    return drain?.aborted === true || signal?.aborted === true || this.scheduler.isDisabled;
  }

  /** Runs the worker, which hears what operators want of it and which attempts are not its own any more. */
  conduct(worker: Worker): Promise<Outcomes> {
    this.#attached = worker;
    return withLeatErrors(() => worker.run());
  }

  /** Leaves. What the worker was given and did not begin goes to others, and nothing is kept for it any more. */
  async close(): Promise<void> {
    this.#stopListening();
    // All is reported; what is still on its way matters no more.
    this.#leaving.abort(new Error("The worker ends."));
    await this.#givingBack;
    await this.#heartbeat.stop();
    this.#http.close();
    await this.#sayGoodbye();
  }

  async #sayGoodbye(): Promise<void> {
    const signal = AbortSignal.timeout(GOODBYE_MS);
    const http = new HttpScheduler({ ...placeOf(this.#joining.options), signal });
    await http.unregisterWorker({ worker: this.#worker }).catch(() => undefined);
    http.close();
  }

  /** Forgets the tasks of others that it had to do with: none of them runs any more. */
  clear(): void {
    this.#registered.clear();
    this.scheduler.memory.clear();
  }

  /**
   * What is to be registered when the scheduler forgot the worker: found out anew, for others may have done some of it. Tasks of
   * others that wait here in the middle of their run are among it.
   */
  async #planAnew(): Promise<TaskSpec[]> {
    const { planning, tasks = [], isLeftOut = () => false } = this.#joining;
    const waiting = this.#attached?.awaitAnew() ?? [];
    const suspended = new Set(waiting.map(({ id }) => id));
    const found = await plan([...tasks, ...this.#registered.values(), ...waiting], {
      ...planning,
      isForced: (task) => this.#isForced(task),
      events: new EventBus(planning.log),
    });
    return [...found.tasks.values()]
      .filter(({ task }) => !isLeftOut(task.id))
      .map((each) => this.#specOf(each))
      .map((spec) => (suspended.has(spec.taskId) ? { ...spec, suspended: true } : spec));
  }

  /** What is forced runs once. */
  #isForced(task: Task): boolean {
    return this.#joining.planning.isForced?.(task) === true && !this.scheduler.memory.hasDone(task.id);
  }

  #specOf(planned: PlannedTask, retry?: RetryPolicy): TaskSpec {
    const spec = sharedSpecOf(planned, this.#joining.module, retry);
    const isForced = planned.state === "incomplete" && this.#isForced(planned.task);
    return isForced ? { ...spec, outputMissing: true } : spec;
  }

  #listenTo(): () => void {
    const { drain, signal } = this.#joining;
    const giveBack = () => this.#giveBack();
    const leave = () => {
      giveBack();
      setTimeout(() => this.#leaving.abort(signal?.reason), LEAVE_MS).unref();
    };
    drain?.addEventListener("abort", giveBack);
    signal?.addEventListener("abort", leave);
    return () => {
      drain?.removeEventListener("abort", giveBack);
      signal?.removeEventListener("abort", leave);
    };
  }

  async #end(token: string, isDone: boolean): Promise<Made | undefined> {
    this.#heartbeat.end(token);
    const upload = this.#uploads.get(token);
    this.#uploads.delete(token);
    const [made] = await Promise.all([isDone ? upload?.made() : undefined, upload?.flush()]);
    return made;
  }

  #hear(message: FromHeartbeat): void {
    if (message.type === "refused") {
      return this.#log.error(`The scheduler refuses the signs of life of this worker. ${message.message}`);
    }
    const worker = this.#attached;
    for (const token of message.stale) worker?.abandon(token, leaseLost);
    for (const { number, ...content } of message.messages) {
      if (content.name === "setProcesses") this.#resize(content.processes);
      else worker?.message(content.taskId, content.messageId, content.content);
      this.#heartbeat.acknowledge(number);
    }
    // What the scheduler throws is heard by the worker's own calls.
    this.scheduler.heed(message.session).catch(() => undefined);
  }

  #resize(processes: number): void {
    this.#log.info(`An operator sets the number of attempts under way at a time to ${processes}.`);
    const isLess = processes < this.#slots;
    this.#slots = processes;
    this.#attached?.resize(processes);
    this.scheduler.registerWorker({ worker: this.#worker, processes }).catch(() => undefined);
    // More was asked for than may be begun now.
    if (isLess) this.#giveBack();
  }

  #giveBack(): void {
    this.#givingBack = this.scheduler.giveBack().catch((error: Error) => {
      if (this.#leaving.signal.aborted) return;
      this.#log.warn(`Assignments could not be given back: ${error.message}`);
    });
  }
}

/** The first call: it tells soon whether the scheduler is there and can be used. */
async function introduce(joining: Joining): Promise<WorkerReply> {
  const { options, planning, drain } = joining;
  const http = new HttpScheduler({
    ...placeOf(options),
    deadlineMs: options.connectSeconds * 1000,
    listener: outageLog(planning.log, options.connectSeconds),
    ...(drain === undefined ? {} : { signal: drain }),
  });
  try {
    return await http.registerWorker(registrationOf(joining));
  } finally {
    http.close();
  }
}

function placeOf({ urls, token, ca }: SharedOptions): Pick<HttpSchedulerOptions, "urls" | "token" | "ca"> {
  return { urls, ...(token === undefined ? {} : { token }), ...(ca === undefined ? {} : { ca }) };
}

function registrationOf({ options, processes, tasks = [], helperTasks }: Joining): RegisterWorker {
  return {
    worker: options.worker,
    processes,
    ...(helperTasks === undefined ? {} : { families: helperTasks.families }),
    info: {
      host: hostname(),
      username: process.env["USER"] ?? process.env["USERNAME"] ?? "",
      pid: process.pid,
      workers: processes,
      ...(tasks[0] === undefined ? {} : { first_task: tasks[0].id }),
    },
  };
}

function outageLog(log: RunLogger, seconds: number) {
  return {
    away: (why: string) =>
      log.warn(`No scheduler answers (${why}). What runs goes on; it is waited for ${seconds} s at most.`),
    back: () => log.info("The scheduler answers again."),
  };
}
