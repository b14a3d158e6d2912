import { UsageError } from "@leat/core";
import { checkOptions } from "./check-options.ts";
import { HelperTasks } from "./helper-tasks.ts";
import { sharedOptions, type SharedSchedulerOptions } from "./remote-options.ts";
import { createRunner, prepare, type RunOptions } from "./run.ts";
import { RunGraph } from "./run-graph.ts";
import type { TaskModule } from "./task-module.ts";
import { Worker } from "./worker.ts";

export interface AssistOptions
  extends Pick<
    RunOptions,
    | "checks"
    | "workers"
    | "runner"
    | "retry"
    | "timeoutSeconds"
    | "retryExternalSeconds"
    | "checkRequirements"
    | "maxReschedules"
    | "log"
    | "listen"
    | "drain"
    | "signal"
  > {
  /** The scheduler that others share. */
  readonly scheduler: string | SharedSchedulerOptions;
}

/**
 * Stays, and runs the tasks of these modules that others registered at a shared scheduler, until `drain` or `signal` is aborted
 * or an operator disables this worker. A task that cannot be made here, such as one with a private parameter that has no
 * default, is left to others.
 *
 * @throws UsageError `OPTION_INVALID`, `TASK_AMBIGUOUS`, `TASK_NOT_FOUND`
 * @throws LeatError `SCHEDULER_UNAVAILABLE`, `SCHEDULER_FORBIDDEN`, … when the scheduler cannot be used
 */
export async function assist(modules: readonly TaskModule[], options: AssistOptions): Promise<void> {
  const helperTasks = new HelperTasks(modules);
  if (helperTasks.families.length === 0) {
    throw new UsageError(
      "TASK_NOT_FOUND",
      'The modules export no tasks to run. Put "export" before their classes.',
    );
  }
  checkOptions({ ...options, module: (modules[0] as TaskModule).url });
  const { SharedRun } = await import("./shared-run.ts");
  const planning = prepare(options, options.signal);
  const { workers = 1, drain, signal } = options;
  const shared = await SharedRun.join({
    options: sharedOptions(options.scheduler),
    planning,
    processes: workers,
    helperTasks,
    drain,
    signal,
  });
  const runner = createRunner(options.runner ?? "inline");
  try {
    planning.log.info(`Waits for tasks of ${helperTasks.families.join(", ")}.`);
    while (!shared.isOver) {
      const worker = new Worker(new RunGraph({ requested: [], tasks: new Map(), needs: new Map() }), {
        events: planning.events,
        log: planning.log,
        planning,
        retry: options.retry,
        timeoutSeconds: options.timeoutSeconds,
        retryExternalSeconds: options.retryExternalSeconds,
        checkRequirements: options.checkRequirements,
        maxReschedules: options.maxReschedules,
        drain,
        signal,
        recipes: helperTasks,
        taskOf: (assignment) => helperTasks.taskOf(assignment),
        ...shared.workerOptions(runner),
      });
      // It comes back when there has been nothing to do for a while. A new one does not remember what the old one did.
      await shared.conduct(worker);
      helperTasks.clear();
      shared.clear();
    }
  } finally {
    await shared.close();
    await runner.close();
  }
}
