import type { Logger, Task } from "@leat/core";

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

/** How to make a task in another process: a class that a module exports, its parameters, and a way through requirements. */
export interface TaskRecipe {
  /** URL of the module. */
  readonly module: string;
  readonly family: string;
  /** Every parameter as text, private ones included: it goes to processes of this worker only. */
  readonly params: Readonly<Record<string, string>>;
  /** From the task so made, the numbers of the requirements to follow; empty when it is the task itself. */
  readonly path: readonly number[];
  /** Id that the task must have in the end. */
  readonly taskId: string;
}

/** What the worker hears from an attempt while it runs. */
export interface AttemptObserver {
  readonly log: Logger;
  progress(fraction: number, message: string | undefined): void;
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
