import { EventBus, type Task, UsageError } from "@leat/core";
import { LocalScheduler, Scheduler } from "@leat/scheduler";
import { InlineRunner } from "./inline-runner.ts";
import { createLogger, type RunLogger } from "./logger.ts";
import type { Outcomes } from "./outcomes.ts";
import { type Plan, plan, type Planning } from "./plan.ts";
import { ProcessRunner } from "./process-runner.ts";
import type { Runner } from "./runner.ts";
import { exitCodeOf, type RunStatus, statusOf, summarize, type Summary } from "./summary.ts";
import { oneLineSummary, summaryText } from "./summary-text.ts";
import { loadTaskModule } from "./task-module.ts";
import { TaskRecipes } from "./task-recipe.ts";
import { isAmount } from "./tuning.ts";
import { Worker } from "./worker.ts";

/** Where attempts run: in this process, or each in a child process. */
export const RUNNERS = ["inline", "process"] as const;
export type RunnerName = (typeof RUNNERS)[number];

export interface PlanOptions {
  /** Completeness checks under way at a time. Default 64. */
  readonly checks?: number;
  /** Default: warnings and errors to stderr. */
  readonly log?: RunLogger;
  /** Registers listeners before planning begins. */
  readonly listen?: (events: EventBus) => void;
  /** Once aborted, planning ends and what runs is ended. */
  readonly signal?: AbortSignal;
}

export interface RunOptions extends PlanOptions {
  /** Attempts under way at a time. Default 1. */
  readonly workers?: number;
  /** Default `inline`. */
  readonly runner?: RunnerName;
  /**
   * Module that exports the tasks, a path or a `file:` URL: what child processes load. Loading it may not start a run, so
   * it is another module than the one that calls `run`. Required by the `process` runner.
   */
  readonly module?: string;
  /** Units of shared resources, by name. A resource that is not named has 1. */
  readonly resources?: Readonly<Record<string, number>>;
  /** Once aborted, planning ends and nothing new is begun; what runs is waited for. */
  readonly drain?: AbortSignal;
}

export interface RunResult {
  readonly status: RunStatus;
  /** True when every requested task is complete. */
  readonly succeeded: boolean;
  /** What a command line should exit with: 0 exactly when `succeeded`. */
  readonly exitCode: number;
  readonly plan: Plan;
  readonly outcomes: Outcomes;
  readonly summary: Summary;
  /** Luigi's execution summary. */
  readonly summaryText: string;
  /** Its last line. */
  readonly oneLineSummary: string;
}

/**
 * Runs tasks and all that they require, in this process's own scheduler. A failure does not stop what does not depend on it.
 * Rejects with the reason of `signal` or `drain` when that is aborted before anything began.
 *
 * @throws UsageError when nothing could begin: `CYCLE`, `OPTION_INVALID`, `MODULE_NOT_FOUND`, …
 */
export async function run(tasks: readonly Task[], options: RunOptions = {}): Promise<RunResult> {
  checkOptions(options);
  const planning = prepare(options, anyOf(options.signal, options.drain));
  const planned = await plan(tasks, planning);
  const recipes = await recipesFor(planned, options);
  const runner = createRunner(options.runner ?? "inline");
  try {
    const worker = new Worker(planned, {
      id: `local-${process.pid}`,
      slots: options.workers ?? 1,
      scheduler: localScheduler(options),
      runner,
      events: planning.events,
      log: planning.log,
      recipeOf: (taskId) => recipes?.of(taskId),
      drain: options.drain,
      signal: options.signal,
    });
    return resultOf(planned, await worker.run());
  } finally {
    await runner.close();
  }
}

/** Finds out what a run would do, without running anything. @throws UsageError `CYCLE`, `OPTION_INVALID` */
export async function planTasks(tasks: readonly Task[], options: PlanOptions = {}): Promise<Plan> {
  checkOptions(options);
  return plan(tasks, prepare(options, options.signal));
}

function prepare(options: PlanOptions, signal: AbortSignal | undefined): Planning {
  const log = options.log ?? createLogger("warn", (line) => process.stderr.write(line));
  const events = new EventBus(log);
  options.listen?.(events);
  return { events, log, concurrency: options.checks ?? 64, signal };
}

function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}

function localScheduler(options: RunOptions): LocalScheduler {
  const scheduler = new Scheduler({
    resources: options.resources ?? {},
    // A local run ends when nothing can go on: it neither waits for retries nor for a worker that is silent, itself.
    retryDelaySeconds: -1,
    workerTimeoutSeconds: Number.MAX_SAFE_INTEGER / 1000,
  });
  return new LocalScheduler(scheduler, () => performance.now());
}

async function recipesFor(planned: Plan, { runner, module }: RunOptions): Promise<TaskRecipes | undefined> {
  if (runner !== "process" || module === undefined) return undefined;
  return new TaskRecipes(planned, await loadTaskModule(module));
}

function createRunner(name: RunnerName): Runner {
  return name === "process" ? new ProcessRunner() : new InlineRunner();
}

function resultOf(planned: Plan, outcomes: Outcomes): RunResult {
  const summary = summarize(planned, outcomes);
  const exitCode = exitCodeOf(summary, planned, outcomes);
  return {
    status: statusOf(summary),
    succeeded: exitCode === 0,
    exitCode,
    plan: planned,
    outcomes,
    summary,
    summaryText: summaryText(summary),
    oneLineSummary: oneLineSummary(summary),
  };
}

function checkOptions({
  workers = 1,
  checks = 1,
  runner = "inline",
  module,
  resources = {},
}: RunOptions): void {
  const isCount = (value: number) => Number.isSafeInteger(value) && value > 0;
  if (!isCount(workers)) throw invalidOption("workers", workers, "a whole number of at least 1");
  if (!isCount(checks)) throw invalidOption("checks", checks, "a whole number of at least 1");
  if (!RUNNERS.includes(runner)) throw invalidOption("runner", runner, `one of ${RUNNERS.join(", ")}`);
  if (runner === "process" && module === undefined) {
    throw invalidOption("module", module, "the module that exports the tasks, for child processes to load");
  }
  for (const [name, units] of Object.entries(resources)) {
    if (!isAmount(units)) throw invalidOption(`resources.${name}`, units, "a number of at least 0");
  }
}

function invalidOption(name: string, value: unknown, cure: string): UsageError {
  return new UsageError("OPTION_INVALID", `The option ${name} is ${String(value)}. Give ${cure}.`);
}
