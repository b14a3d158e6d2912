import type { EventBus, RetryPolicy, Task } from "@leat/core";
import type { Assignment, TaskSpec } from "@leat/scheduler";
import type { Clock } from "./clock.ts";
import type { RunLogger } from "./logger.ts";
import type { PlannedTask, Planning } from "./plan.ts";
import type { AttemptObserver, Runner } from "./runner.ts";
import type { TaskRecipe } from "./task-recipe.ts";
import type { WorkerScheduler } from "./worker-scheduler.ts";

/** Tells how another process makes tasks. */
export interface Recipes {
  /** `undefined` for a task that only this process can make. */
  of(taskId: string): TaskRecipe | undefined;
  /** Of the combined task of a batch. */
  ofOther(task: Task): TaskRecipe | undefined;
  /** Tasks came to those of the run. */
  learn(tasks: readonly PlannedTask[]): void;
}

export interface WorkerOptions {
  /** Names the worker to the scheduler. */
  readonly id: string;
  /** Attempts under way at a time. */
  readonly slots: number;
  readonly scheduler: WorkerScheduler;
  readonly runner: Runner;
  readonly events: EventBus;
  readonly log: RunLogger;
  /** How tasks are planned that others ask for while they run. */
  readonly planning: Planning;
  /** Absent where attempts run in this process. */
  readonly recipes?: Recipes | undefined;
  /** How the scheduler is told of a task. Default: what a local run needs. */
  readonly specOf?: ((planned: PlannedTask, retry?: RetryPolicy) => TaskSpec) | undefined;
  /** Finds or makes the task of an assignment. Default: it is one of the graph. */
  readonly taskOf?: ((assignment: Assignment) => Task) | undefined;
  /** Lets others hear what an attempt at the task says. */
  readonly observe?:
    | ((assignment: Assignment, observer: AttemptObserver, task: Task) => AttemptObserver)
    | undefined;
  /** For tasks that have no policy of their own. Default: the scheduler's. */
  readonly retry?: RetryPolicy | undefined;
  /** Longest time of an attempt whose task sets none. Default: no limit. */
  readonly timeoutSeconds?: number | undefined;
  /** Time between two looks at external tasks that are not there. Default: they are not looked at again. */
  readonly retryExternalSeconds?: number | undefined;
  /** Whether what a task requires is looked at again right before it runs. Default false. */
  readonly checkRequirements?: boolean | undefined;
  /** How often what such a look finds gone is made again. Default 1. */
  readonly maxReschedules?: number | undefined;
  /** Tasks of the graph that the scheduler is not told of. Default none. */
  readonly isLeftOut?: ((taskId: string) => boolean) | undefined;
  /** Default: the time of this machine. */
  readonly clock?: Clock | undefined;
  /** Once aborted, nothing new is begun; what runs is waited for. */
  readonly drain?: AbortSignal | undefined;
  /** Once aborted, what runs is ended too. */
  readonly signal?: AbortSignal | undefined;
}
