import {
  type Assignment,
  type GetWork,
  type RegisterWorker,
  type Report,
  type ReportReply,
  Scheduler,
  type SchedulerConfig,
  type TaskSpec,
  type TaskStatus,
  type WorkReply,
} from "../src/index.ts";

/** Short times, so that tests can count in seconds. */
export const LAB_CONFIG: Partial<SchedulerConfig> = {
  retryDelaySeconds: 100,
  retryBackoff: 1,
  removeDelaySeconds: 1000,
  workerTimeoutSeconds: 10,
  disablePersistSeconds: 10,
  disableWindowSeconds: 10,
  retryCount: 3,
  disableHardTimeoutSeconds: 3600,
  doneCooldownSeconds: 0,
};

type Spec = string | TaskSpec;

/** A scheduler with a clock in seconds, and workers that remember their tokens. */
export class Lab {
  readonly scheduler: Scheduler;
  seconds = 0;
  private readonly tokens = new Map<string, string>();

  constructor(config: Partial<SchedulerConfig> = {}) {
    this.scheduler = new Scheduler({ ...LAB_CONFIG, ...config });
  }

  get now(): number {
    return this.seconds * 1000;
  }

  add(worker: string, ...specs: Spec[]): void {
    this.scheduler.addTasks({ worker, tasks: specs.map(toSpec) }, this.now);
  }

  register(worker: string, options: Omit<RegisterWorker, "worker"> = {}): void {
    this.scheduler.registerWorker({ worker, ...options }, this.now);
  }

  work(worker: string, options: Omit<GetWork, "worker"> = {}): WorkReply {
    const reply = this.scheduler.getWork({ worker, ...options }, this.now);
    for (const { taskId, token } of reply.assignments) this.tokens.set(`${worker} ${taskId}`, token);
    return reply;
  }

  assign(worker: string, options: Omit<GetWork, "worker"> = {}): Assignment | undefined {
    return this.work(worker, options).assignments[0];
  }

  /** Id of the next task that the worker gets. */
  take(worker: string, options: Omit<GetWork, "worker"> = {}): string | null {
    return this.assign(worker, options)?.taskId ?? null;
  }

  tokenOf(worker: string, taskId: string): string {
    return this.tokens.get(`${worker} ${taskId}`) ?? "none";
  }

  report(
    worker: string,
    taskId: string,
    outcome: Report["outcome"],
    more: Partial<Report> = {},
  ): ReportReply {
    const token = this.tokenOf(worker, taskId);
    return this.scheduler.report({ worker, taskId, token, outcome, ...more }, this.now);
  }

  done(worker: string, taskId: string): ReportReply {
    return this.report(worker, taskId, "DONE");
  }

  fail(worker: string, taskId: string): ReportReply {
    return this.report(worker, taskId, "FAILED", { explanation: `${taskId} broke` });
  }

  status(taskId: string): TaskStatus | undefined {
    return this.scheduler.task(taskId)?.status;
  }

  ids(status: TaskStatus): string[] {
    return [...this.scheduler.tasks()].filter((task) => task.status === status).map((task) => task.taskId);
  }

  counts(worker: string): [pending: number, unique: number, last: number] {
    const { pending, uniquePending, pendingLastScheduled } = this.work(worker, { slots: 0 });
    return [pending, uniquePending, pendingLastScheduled];
  }

  /** Moves the clock to this second; the named workers are heard of all the time. */
  at(seconds: number, ...alive: string[]): void {
    while (this.seconds < seconds) {
      this.seconds = Math.min(this.seconds + 5, seconds);
      for (const worker of alive) this.scheduler.heartbeat({ worker }, this.now);
    }
    this.scheduler.tick(this.now);
  }
}

function toSpec(spec: Spec): TaskSpec {
  return typeof spec === "string" ? { taskId: spec } : spec;
}
