import { type EventBus, LeatError, type Task, TaskError, WrapperTask } from "@leat/core";
import type { Assignment, SchedulerApi } from "@leat/scheduler";
import { AttemptLog } from "./attempt-log.ts";
import { Breather } from "./breather.ts";
import { explain, failureOf } from "./errors.ts";
import type { RunLogger } from "./logger.ts";
import { Outcomes } from "./outcomes.ts";
import type { Plan, PlannedTask } from "./plan.ts";
import type { AttemptObserver, Runner, RunningAttempt } from "./runner.ts";
import { hideSecrets } from "./secrets.ts";
import { nameOf } from "./task-name.ts";
import type { TaskRecipe } from "./task-recipe.ts";
import { specOf } from "./task-spec.ts";

export interface WorkerOptions {
  /** Names the worker to the scheduler. */
  readonly id: string;
  /** Attempts under way at a time. */
  readonly slots: number;
  readonly scheduler: SchedulerApi;
  readonly runner: Runner;
  readonly events: EventBus;
  readonly log: RunLogger;
  /** How another process makes a task of the plan. */
  readonly recipeOf: (taskId: string) => TaskRecipe | undefined;
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
  readonly endedAt: number;
  /** Why the attempt failed; `undefined` when it succeeded. */
  readonly error: Error | undefined;
}

/** Registers a plan with a scheduler and runs what the scheduler assigns, until nothing of the plan can run any more. */
export class Worker {
  readonly #plan: Plan;
  readonly #options: WorkerOptions;
  readonly #outcomes: Outcomes;
  readonly #attempts = new Map<string, Attempt>();
  readonly #breather = new Breather();
  #settled: Settled[] = [];
  #wake: (() => void) | undefined;

  constructor(plan: Plan, options: WorkerOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#outcomes = new Outcomes(plan);
  }

  /** Resolves when nothing runs and nothing can. Rejects with what the scheduler throws, after ending what runs. */
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
      this.#stopAll();
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
      if (this.#breather.isDue) await this.#breather.rest();
    }
  }

  /** Fills the free slots; tells how many attempts were begun. */
  async #takeWork(): Promise<number> {
    const { id, slots, scheduler, drain, signal } = this.#options;
    const free = slots - this.#attempts.size;
    const isEnding = () => drain?.aborted === true || signal?.aborted === true;
    if (free === 0 || isEnding()) return 0;
    const reply = await scheduler.getWork({ worker: id, slots: free, running: [...this.#attempts.keys()] });
    if (isEnding()) return 0;
    for (const assignment of reply.assignments) this.#begin(assignment);
    this.#outcomes.runningElsewhere(reply.runningElsewhere);
    return reply.assignments.length;
  }

  #begin({ taskId, token }: Assignment): void {
    const { task } = this.#plan.tasks.get(taskId) as PlannedTask;
    this.#info(() => `${nameOf(task)} begins.`);
    this.#options.events.emit("task:started", { task });
    const attempt = { token, task, startedAt: performance.now(), running: this.#start(task, token) };
    this.#attempts.set(token, attempt);
    attempt.running.result.then(
      () => this.#settle(attempt, undefined),
      (thrown: unknown) => this.#settle(attempt, failureOf(thrown, task)),
    );
  }

  #start(task: Task, token: string): RunningAttempt {
    // Its requirements are done, and that is all that it is.
    if (WrapperTask.isPlain(task)) return { result: Promise.resolve(), stop: () => undefined };
    const { runner, recipeOf } = this.#options;
    try {
      const spec = { token, task, recipe: recipeOf(task.id), timeoutSeconds: task.timeoutSeconds };
      return runner.start(spec, this.#observerOf(task));
    } catch (error) {
      return { result: Promise.reject(error), stop: () => undefined };
    }
  }

  #observerOf(task: Task): AttemptObserver {
    const { events, log } = this.#options;
    return {
      log: new AttemptLog(log, task),
      progress: (fraction, message) =>
        events.emit("task:progress", {
          task,
          fraction: Math.min(Math.max(fraction, 0), 1) || 0,
          message: message === undefined ? undefined : hideSecrets(message, task),
        }),
    };
  }

  #settle(attempt: Attempt, error: Error | undefined): void {
    this.#settled.push({ attempt, error, endedAt: performance.now() });
    this.#wake?.();
  }

  async #reportSettled(): Promise<void> {
    const settled = this.#settled;
    this.#settled = [];
    for (const { attempt, endedAt, error } of settled) {
      this.#attempts.delete(attempt.token);
      if (error === undefined) this.#succeeded(attempt.task, (endedAt - attempt.startedAt) / 1000);
      else this.#failed(attempt.task, error);
      await this.#report(attempt, error);
    }
  }

  async #report({ task, token }: Attempt, error: Error | undefined): Promise<void> {
    const ended = { worker: this.#options.id, taskId: task.id, token };
    await this.#options.scheduler.report(
      error === undefined
        ? { ...ended, outcome: "DONE" }
        : { ...ended, outcome: "FAILED", explanation: error.message },
    );
  }

  #succeeded(task: Task, seconds: number): void {
    this.#outcomes.succeeded(task.id, seconds);
    this.#info(() => `${nameOf(task)} is done, after ${seconds.toFixed(1)} s.`);
    this.#options.events.emit("task:succeeded", { task, seconds });
  }

  #failed(task: Task, error: Error): void {
    const { events, log } = this.#options;
    this.#outcomes.failed(task.id, error);
    log.error(`${nameOf(task)} failed. ${explain(error)}`);
    const code = LeatError.is(error) ? error.code : undefined;
    if (code === "TASK_TIMED_OUT") events.emit("task:timedOut", { task, error });
    if (code === "TASK_PROCESS_DIED") events.emit("task:processDied", { task, error });
    events.emit("task:failed", { task, error });
  }

  #info(line: () => string): void {
    const { log } = this.#options;
    if (log.isEnabled?.("info") ?? true) log.info(line());
  }

  #stopAll(): void {
    for (const { task, running } of this.#attempts.values()) {
      const message = `${nameOf(task)} was ended because the run was cancelled.`;
      running.stop(new TaskError("TASK_ABORTED", task.id, message));
    }
    this.#wake?.();
  }
}
