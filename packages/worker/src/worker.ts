import type { EventBus, Logger, Task } from "@leat/core";
import { LeatError, TaskError, WrapperTask } from "@leat/core";
import type { Assignment, SchedulerApi, TaskSpec } from "@leat/scheduler";
import { toError } from "./errors.ts";
import { Outcomes } from "./outcomes.ts";
import type { Plan, PlannedTask } from "./plan.ts";
import type { Runner, RunningAttempt, TaskRecipe } from "./runner.ts";

export interface WorkerOptions {
  /** Names the worker to the scheduler. */
  readonly id: string;
  /** Attempts under way at a time. */
  readonly slots: number;
  readonly scheduler: SchedulerApi;
  readonly runner: Runner;
  readonly events: EventBus;
  readonly log: Logger;
  /** How another process makes a task of the plan. */
  readonly recipeFor: (taskId: string) => TaskRecipe | undefined;
  /** Once aborted, nothing new is begun; what runs is waited for. */
  readonly drain?: AbortSignal | undefined;
  /** Once aborted, what runs is ended too. */
  readonly signal?: AbortSignal | undefined;
}

interface Attempt {
  readonly token: string;
  readonly task: Task;
  readonly running: RunningAttempt;
  readonly startedAt: number;
}

interface Settled {
  readonly attempt: Attempt;
  /** Why the attempt failed; `undefined` when it succeeded. */
  readonly error: Error | undefined;
}

/** Registers a plan with a scheduler and runs what the scheduler assigns, until nothing of the plan can run any more. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #attempts = new Map<string, Attempt>();
  readonly #outcomes: Outcomes;
  readonly #plan: Plan;
  #settled: Settled[] = [];
  #wake: (() => void) | undefined;

  constructor(plan: Plan, options: WorkerOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#outcomes = new Outcomes(plan);
  }

  async run(): Promise<Outcomes> {
    const { signal, drain } = this.#options;
    const stop = () => this.#stopAll();
    const wake = () => this.#wake?.();
    signal?.addEventListener("abort", stop);
    drain?.addEventListener("abort", wake);
    try {
      await this.#register();
      await this.#work();
    } finally {
      signal?.removeEventListener("abort", stop);
      drain?.removeEventListener("abort", wake);
    }
    return this.#outcomes;
  }

  async #register(): Promise<void> {
    const { id, slots, scheduler } = this.#options;
    await scheduler.registerWorker({ worker: id, processes: slots });
    await scheduler.addTasks({ worker: id, tasks: Array.from(this.#plan.tasks.values(), specOf) });
  }

  async #work(): Promise<void> {
    for (;;) {
      const begun = await this.#takeWork();
      if (begun === 0 && this.#attempts.size === 0) return;
      if (this.#settled.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
      await this.#reportSettled();
    }
  }

  /** Fills the free slots; tells how many attempts were begun. */
  async #takeWork(): Promise<number> {
    const { id, slots, scheduler, drain, signal } = this.#options;
    const free = slots - this.#attempts.size;
    if (free === 0 || drain?.aborted === true || signal?.aborted === true) return 0;
    const reply = await scheduler.getWork({ worker: id, slots: free, running: [...this.#attempts.keys()] });
    for (const assignment of reply.assignments) this.#begin(assignment);
    this.#outcomes.runningElsewhere(reply.runningElsewhere);
    return reply.assignments.length;
  }

  #begin({ taskId, token }: Assignment): void {
    const { events, log } = this.#options;
    const { task } = this.#plan.tasks.get(taskId) as PlannedTask;
    log.info(`${task} begins.`);
    events.emit("task:started", { task });
    const attempt = { token, task, startedAt: performance.now(), running: this.#start(task, token) };
    this.#attempts.set(token, attempt);
    attempt.running.result.then(
      () => this.#settle(attempt, undefined),
      (error: unknown) => this.#settle(attempt, toError(error)),
    );
  }

  #start(task: Task, token: string): RunningAttempt {
    // Its requirements are done, and that is all that it is: there is nothing to run or to verify.
    if (isPlainWrapper(task)) return { result: Promise.resolve(), stop: () => undefined };
    const { runner, events, log, recipeFor } = this.#options;
    const { timeoutSeconds } = task;
    return runner.start(
      { token, task, recipe: recipeFor(task.id), timeoutSeconds },
      {
        log: prefixed(log, `${task}: `),
        progress: (fraction, message) => events.emit("task:progress", { task, fraction, message }),
      },
    );
  }

  #settle(attempt: Attempt, error: Error | undefined): void {
    this.#settled.push({ attempt, error });
    this.#wake?.();
  }

  async #reportSettled(): Promise<void> {
    const settled = this.#settled;
    this.#settled = [];
    for (const { attempt, error } of settled) {
      this.#attempts.delete(attempt.token);
      if (error === undefined) this.#succeeded(attempt);
      else this.#failed(attempt, error);
      await this.#report(attempt, error);
    }
  }

  async #report({ task, token }: Attempt, error: Error | undefined): Promise<void> {
    await this.#options.scheduler.report({
      worker: this.#options.id,
      taskId: task.id,
      token,
      outcome: error === undefined ? "DONE" : "FAILED",
      ...(error === undefined ? {} : { explanation: error.message }),
    });
  }

  #succeeded({ task, startedAt }: Attempt): void {
    const seconds = (performance.now() - startedAt) / 1000;
    this.#outcomes.succeeded(task.id, seconds);
    this.#options.log.info(`${task} is done, after ${seconds.toFixed(1)} s.`);
    this.#options.events.emit("task:succeeded", { task, seconds });
  }

  #failed({ task }: Attempt, error: Error): void {
    const { events, log } = this.#options;
    this.#outcomes.failed(task.id, error);
    log.error(`${task} failed. ${explain(error)}`);
    if (LeatError.is(error) && error.code === "TASK_TIMED_OUT") events.emit("task:timedOut", { task, error });
    if (LeatError.is(error) && error.code === "TASK_PROCESS_DIED")
      events.emit("task:processDied", { task, error });
    events.emit("task:failed", { task, error });
  }

  #stopAll(): void {
    for (const { task, running } of this.#attempts.values()) {
      running.stop(
        new TaskError("TASK_ABORTED", task.id, `${task} was ended because the run was cancelled.`),
      );
    }
    this.#wake?.();
  }
}

function specOf({ task, state, requires, error }: PlannedTask): TaskSpec {
  const common = { taskId: task.id, priority: task.priority, resources: task.resources };
  if (state === "complete") return { ...common, status: "DONE" };
  if (state === "missing") return { ...common, runnable: false };
  if (state === "broken")
    return { ...common, status: "UNKNOWN", runnable: false, explanation: error?.message ?? "" };
  return { ...common, deps: requires };
}

function isPlainWrapper(task: Task): boolean {
  return task.run === WrapperTask.prototype.run && task.complete === WrapperTask.prototype.complete;
}

/** An error of Leat says all in its message; any other came from code that somebody has to find. */
function explain(error: Error): string {
  return LeatError.is(error) ? error.message : (error.stack ?? error.message);
}

function prefixed(log: Logger, prefix: string): Logger {
  return {
    debug: (message, fields) => log.debug(prefix + message, fields),
    info: (message, fields) => log.info(prefix + message, fields),
    warn: (message, fields) => log.warn(prefix + message, fields),
    error: (message, fields) => log.error(prefix + message, fields),
  };
}
