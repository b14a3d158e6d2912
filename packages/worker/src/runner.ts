import type { Logger, Task } from "@leat/core";
import type { TaskRecipe } from "./task-recipe.ts";

/**
 * One attempt at a task, sealed: a runner can begin it from this alone, in this process or in another, without planning
 * anything again.
 */
export interface AttemptSpec {
  /** Names the attempt: the scheduler's token. */
  readonly token: string;
  readonly task: Task;
  /** How another process makes the task; `undefined` when that is not known. */
  readonly recipe: TaskRecipe | undefined;
  /** Longest time for the attempt, in seconds; `undefined` means no limit. */
  readonly timeoutSeconds: number | undefined;
}

/** What the worker hears from an attempt while it runs. */
export interface AttemptObserver {
  readonly log: Logger;
  readonly progress: (fraction: number, message?: string) => void;
}

/** An attempt that has begun. */
export interface RunningAttempt {
  /** Resolves when the task is complete; rejects with why it is not. Settles in any case, also after `stop`. */
  readonly result: Promise<void>;
  /** Ends the attempt; `result` then rejects with `reason`, soon. */
  stop(reason: Error): void;
}

/** Runs attempts: where and how is its own affair. */
export interface Runner {
  readonly name: string;
  start(attempt: AttemptSpec, observer: AttemptObserver): RunningAttempt;
  /** Lets go of what the runner holds. Call it when no attempt runs. */
  close(): Promise<void>;
}
