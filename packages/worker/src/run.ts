import { EventBus, type Logger, type Task, UsageError } from "@leat/core";
import { LocalScheduler, Scheduler } from "@leat/scheduler";
import { InlineRunner } from "./inline-runner.ts";
import { createLogger } from "./logger.ts";
import type { Outcomes } from "./outcomes.ts";
import { type Plan, plan } from "./plan.ts";
import { ProcessRunner } from "./process-runner.ts";
import type { Runner } from "./runner.ts";
import { exitCodeOf, type RunStatus, statusOf, summarize, type Summary } from "./summary.ts";
import { oneLineSummary, summaryText } from "./summary-text.ts";
import { loadTaskModule } from "./task-module.ts";
import { recipeFor } from "./task-recipe.ts";
import { Worker } from "./worker.ts";

/** Where attempts run: in this process, or each in a child process. */
export const RUNNERS = ["inline", "process"] as const;
export type RunnerName = (typeof RUNNERS)[number];

export interface RunOptions {
  /** Attempts under way at a time. Default 1. */
  readonly workers?: number;
  /** Default `inline`. */
  readonly runner?: RunnerName;
  /** Module that exports the tasks, a path or a `file:` URL such as `import.meta.url`: what child processes load. */
  readonly module?: string;
  /** Completeness checks under way at a time. Default 64. */
  readonly checks?: number;
  /** Units of shared resources, by name. A resource that is not named has 1. */
  readonly resources?: Readonly<Record<string, number>>;
  /** Default: warnings and errors to stderr. */
  readonly log?: Logger;
  /** Registers listeners before the run begins. */
  readonly listen?: (events: EventBus) => void;
  /** Once aborted, nothing new is begun; what runs is waited for. */
  readonly drain?: AbortSignal;
  /** Once aborted, what runs is ended too. */
  readonly signal?: AbortSignal;
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
 *
 * @throws UsageError when nothing could begin: `CYCLE`, `OPTION_INVALID`, `MODULE_NOT_FOUND`, …
 */
export async function run(tasks: readonly Task[], options: RunOptions = {}): Promise<RunResult> {
  const slots = positiveInteger("workers", options.workers ?? 1);
  const log = options.log ?? createLogger("warn", (line) => process.stderr.write(line));
  const events = new EventBus(log);
  options.listen?.(events);
  const planned = await planTasks(tasks, options, events, log);
  const runner = createRunner(options.runner ?? "inline");
  try {
    const outcomes = await new Worker(planned, {
      ...(await portable(planned, options)),
      id: `local-${process.pid}`,
      slots,
      scheduler: localScheduler(options),
      runner,
      events,
      log,
      drain: options.drain,
      signal: options.signal,
    }).run();
    return resultOf(planned, outcomes);
  } finally {
    await runner.close();
  }
}

/** Finds out what a run would do, without running anything. */
export function planTasks(
  tasks: readonly Task[],
  options: RunOptions,
  events: EventBus,
  log: Logger,
): Promise<Plan> {
  const concurrency = positiveInteger("checks", options.checks ?? 64);
  return plan(tasks, { events, log, concurrency, signal: options.signal });
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

async function portable(planned: Plan, { runner, module }: RunOptions) {
  if (runner !== "process" || module === undefined) return { recipeFor: () => undefined };
  const taskModule = await loadTaskModule(module);
  return { recipeFor: (taskId: string) => recipeFor(taskId, planned, taskModule) };
}

function createRunner(name: RunnerName): Runner {
  return name === "process" ? new ProcessRunner() : new InlineRunner();
}

function resultOf(planned: Plan, outcomes: Outcomes): RunResult {
  const summary = summarize(planned, outcomes);
  const exitCode = exitCodeOf(summary, planned.requested);
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

function positiveInteger(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(
    "OPTION_INVALID",
    `The option ${name} is ${value}. Give a whole number of at least 1.`,
  );
}
