import { EventBus, type RetryPolicy, type Task } from "@leat/core";
import { LocalScheduler, Scheduler } from "@leat/scheduler";
import { checkOptions } from "./check-options.ts";
import { type Clock, systemClock } from "./clock.ts";
import { InlineRunner } from "./inline-runner.ts";
import { createLogger, type RunLogger } from "./logger.ts";
import { noteCompletedElsewhere } from "./completed-elsewhere.ts";
import type { Outcomes } from "./outcomes.ts";
import { type Plan, plan, type Planning } from "./plan.ts";
import { ProcessRunner } from "./process-runner.ts";
import { sharedOptions, type SharedSchedulerOptions } from "./remote-options.ts";
import { RunGraph } from "./run-graph.ts";
import type { Runner } from "./runner.ts";
import type { SharedRun } from "./shared-run.ts";
import {
  type ExitCodes,
  exitCodeOf,
  hasSucceeded,
  type RunStatus,
  statusOf,
  summarize,
  type Summary,
} from "./summary.ts";
import { oneLineSummary, summaryText } from "./summary-text.ts";
import { TaskLimit } from "./task-limit.ts";
import { loadTaskModule } from "./task-module.ts";
import { TaskRecipes } from "./task-recipe.ts";
import { followTransfers, type ProcessTransferListener, transferTeller } from "./transfers.ts";
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
  /** Whether a task is to run without being asked whether it is complete; its `forget()` is called before. Default: none is. */
  readonly isForced?: (task: Task) => boolean;
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
  /**
   * The scheduler to share with other workers: URL of a leatd, or how to work with it. Default: one of this process alone.
   * The run then goes on until its own tasks are done, also where others do them.
   */
  readonly scheduler?: string | SharedSchedulerOptions;
  /** For tasks that have no policy of their own. Default: a task that failed is not tried again within the run. */
  readonly retry?: RetryPolicy;
  /** Longest time of an attempt whose task sets none, in seconds. Default: no limit. */
  readonly timeoutSeconds?: number;
  /**
   * Looks again, this often, at external tasks that are not there; the run stays for their sake. A task with `retry` is looked at
   * by that, as often as it says. Default: each is looked at once.
   */
  readonly retryExternalSeconds?: number;
  /** Looks right before a task runs whether all that it requires is still there, and makes again what is not. Default false. */
  readonly checkRequirements?: boolean;
  /** With `checkRequirements`: how often the same task is made again. Default 1. */
  readonly maxReschedules?: number;
  /** Most tasks that the run does, requirements first; the rest is left for a later run. Default: no limit. */
  readonly taskLimit?: number;
  /** Time that retries and looks wait for, so that a test need not. Default: the time of this machine. */
  readonly clock?: Clock;
  /** Once aborted, planning ends and nothing new is begun; what runs is waited for. */
  readonly drain?: AbortSignal;
  /** Exit codes other than those that Luigi recommends. */
  readonly exitCodes?: Partial<ExitCodes>;
  /** Most lines for each kind of outcome in the summary, 0 for all. Default 5. */
  readonly summaryLines?: number;
}

export interface RunResult {
  readonly status: RunStatus;
  /** True when every requested task is complete. */
  readonly succeeded: boolean;
  /** What a command line should exit with: 0 when `succeeded`, else as `exitCodes` says. */
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
 * Runs tasks and all that they require, in this process's own scheduler or with others over a shared one. A failure does not
 * stop what does not depend on it. Rejects with the reason of `signal` or `drain` when that is aborted before anything began.
 *
 * @throws UsageError when nothing could begin: `CYCLE`, `OPTION_INVALID`, `MODULE_NOT_FOUND`, …
 * @throws LeatError `SCHEDULER_UNAVAILABLE`, `SCHEDULER_FORBIDDEN`, … when a shared scheduler cannot be used
 */
export async function run(tasks: readonly Task[], options: RunOptions = {}): Promise<RunResult> {
  checkOptions(options);
  const planning = prepare(options, anyOf(options.signal, options.drain));
  const limit = new TaskLimit(options);
  const shared = await joinScheduler(tasks, planning, options, limit);
  try {
    const planned = await plan(tasks, planning);
    limit.choose(planned.tasks.values(), planning.log);
    await forgetForced(planned, planning, limit);
    return await runPlanned(planned, { ...options, planning, shared, limit });
  } finally {
    await shared?.close();
  }
}

/** One after another: when one refuses, those behind it are as they were. */
async function forgetForced({ tasks }: Plan, { isForced }: Planning, limit: TaskLimit): Promise<void> {
  if (isForced === undefined) return;
  for (const { task, state } of tasks.values()) {
    if (state === "incomplete" && isForced(task) && !limit.leavesOut(task.id)) await task.forget();
  }
}

interface Prepared extends RunOptions {
  readonly planning: Planning;
  readonly shared: SharedRun | undefined;
  readonly limit: TaskLimit;
}

async function runPlanned(planned: Plan, options: Prepared): Promise<RunResult> {
  const { planning, shared, limit } = options;
  const graph = new RunGraph(planned);
  const recipes = await recipesFor(graph, options);
  const onTransfer = transferTeller(planning.events);
  const runner = createRunner(options.runner ?? "inline", onTransfer);
  const unfollow = onTransfer && followTransfers((progress) => onTransfer(process.pid, progress));
  try {
    const worker = new Worker(graph, {
      id: `local-${process.pid}`,
      slots: options.workers ?? 1,
      scheduler: localScheduler(options),
      runner,
      events: planning.events,
      log: planning.log,
      planning,
      recipes,
      retry: options.retry,
      timeoutSeconds: options.timeoutSeconds,
      retryExternalSeconds: options.retryExternalSeconds,
      checkRequirements: options.checkRequirements,
      maxReschedules: options.maxReschedules,
      isLeftOut: (taskId) => limit.leavesOut(taskId),
      clock: options.clock,
      drain: options.drain,
      signal: options.signal,
      ...shared?.workerOptions(runner),
    });
    const outcomes = await (shared?.conduct(worker) ?? worker.run());
    if (shared !== undefined) await noteCompletedElsewhere(graph.toPlan(), outcomes);
    return resultOf(graph.toPlan(), outcomes, options);
  } finally {
    unfollow?.();
    await runner.close();
  }
}

/** Joins the others, so that a scheduler that cannot be used is heard of before anything is planned. */
async function joinScheduler(
  tasks: readonly Task[],
  planning: Planning,
  { scheduler, workers = 1, module, drain, signal }: RunOptions,
  limit: TaskLimit,
): Promise<SharedRun | undefined> {
  if (scheduler === undefined) return undefined;
  // Loaded now: most runs are local, and start the faster for it.
  const { SharedRun } = await import("./shared-run.ts");
  return SharedRun.join({
    options: sharedOptions(scheduler),
    planning,
    processes: workers,
    tasks,
    isLeftOut: (taskId) => limit.leavesOut(taskId),
    module,
    drain,
    signal,
  });
}

/** Finds out what a run would do, without running anything. @throws UsageError `CYCLE`, `OPTION_INVALID` */
export async function planTasks(tasks: readonly Task[], options: PlanOptions = {}): Promise<Plan> {
  checkOptions(options);
  return plan(tasks, prepare(options, options.signal));
}

/** @internal */
export function prepare(options: PlanOptions, signal: AbortSignal | undefined): Planning {
  const log = options.log ?? createLogger("warn", (line) => process.stderr.write(line));
  const events = new EventBus(log);
  options.listen?.(events);
  return { events, log, concurrency: options.checks ?? 64, signal, isForced: options.isForced };
}

function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}

function localScheduler(options: RunOptions): LocalScheduler {
  const scheduler = new Scheduler({
    resources: options.resources ?? {},
    // A local run ends when nothing can go on: a task is tried again only where a policy says so, and the worker is not silent.
    retryDelaySeconds: -1,
    workerTimeoutSeconds: Number.MAX_SAFE_INTEGER / 1000,
  });
  const { clock = systemClock } = options;
  return new LocalScheduler(scheduler, () => clock.now());
}

async function recipesFor(graph: RunGraph, { runner, module }: RunOptions): Promise<TaskRecipes | undefined> {
  if (runner !== "process" || module === undefined) return undefined;
  return new TaskRecipes(graph, await loadTaskModule(module));
}

/** @internal */
export function createRunner(name: RunnerName, onTransfer?: ProcessTransferListener): Runner {
  return name === "process" ? new ProcessRunner(onTransfer) : new InlineRunner();
}

function resultOf(planned: Plan, outcomes: Outcomes, { exitCodes, summaryLines }: RunOptions): RunResult {
  const summary = summarize(planned, outcomes);
  const exitCode = exitCodeOf(summary, planned, outcomes, exitCodes);
  return {
    status: statusOf(summary),
    succeeded: hasSucceeded(planned, outcomes),
    exitCode,
    plan: planned,
    outcomes,
    summary,
    summaryText: summaryText(summary, summaryLines),
    oneLineSummary: oneLineSummary(summary),
  };
}
