import type { Logger, RunContext, Task } from "@leat/core";
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
  /** Present for a batch: the tasks in place of which `task` runs, and whose outputs it makes. */
  readonly members?: readonly BatchMember[] | undefined;
  /** Longest time for the attempt, without what it waits in `need`, in seconds; `undefined` means no limit. */
  readonly timeoutSeconds: number | undefined;
}

/** One of the tasks of a batch. */
interface BatchMember {
  readonly task: Task;
  readonly recipe: TaskRecipe | undefined;
}

/** What the worker hears from an attempt while it runs. */
export interface AttemptObserver {
  readonly log: Logger;
  readonly progress: RunContext["progress"];
  readonly status: RunContext["status"];
  readonly trackingUrl: RunContext["trackingUrl"];
  readonly emit: RunContext["emit"];
  readonly releaseResources: RunContext["releaseResources"];
  /** Asks for tasks; resolves, when all are complete, to the token from then on; rejects with why they will not be. */
  readonly need: (tasks: readonly Task[]) => Promise<string>;
  /** The task's reply to an operator's message. */
  readonly respond: (messageId: string, reply: string) => void;
}

/** An attempt that has begun. */
export interface RunningAttempt {
  /** Resolves when the task is complete; rejects with why it is not. Settles in any case, also after `stop`. */
  readonly result: Promise<void>;
  /** Ends the attempt; `result` then rejects with `reason`, soon. */
  stop(reason: Error): void;
  /** Hands an operator's message to the task. */
  message(messageId: string, content: string): void;
}

/** Runs attempts: where and how is its own affair. */
export interface Runner {
  readonly name: string;
  start(attempt: AttemptSpec, observer: AttemptObserver): RunningAttempt;
  /** Lets go of what the runner holds. Call it when no attempt runs. */
  close(): Promise<void>;
}

/** An attempt that is over before it begins. */
export function settledAttempt(result: Promise<void>): RunningAttempt {
  return { result, stop: () => undefined, message: () => undefined };
}
