import type { Task } from "@leat/core";
import type { RunningAttempt } from "./runner.ts";

/** A call of `need` that is not answered yet. */
export interface NeedRequest {
  readonly ids: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** One attempt that has begun, from the side of the worker. */
export class Attempt {
  /** The task that the scheduler assigned; of a batch the first. */
  readonly task: Task;
  /** The tasks that are done when it is: the task alone, or all of a batch. */
  readonly members: readonly Task[];
  /** Counts from 1. */
  readonly number: number;
  /** The scheduler's name for it; another one each time that it goes on after a wait. */
  token: string;
  running!: RunningAttempt;
  isOver = false;
  /** Calls of `need` so far. */
  calls = 0;
  requests: NeedRequest[] = [];
  /** Ids that the scheduler makes it wait for. */
  waitsFor: ReadonlySet<string> = new Set();
  /** Some of what it asked for will not be complete. */
  isHindered = false;
  /** It goes on as soon as there is a place, although not all that it asked for will be complete. */
  isReleased = false;
  #runningMs = 0;
  #resumedAt = performance.now();

  constructor(members: readonly Task[], token: string, number: number) {
    this.members = members;
    this.task = members[0] as Task;
    this.token = token;
    this.number = number;
  }

  /** Ids of all tasks in calls that are not answered yet, each once. */
  get openIds(): string[] {
    return [...new Set(this.requests.flatMap(({ ids }) => ids))];
  }

  /** Time spent so far, without waits. */
  get seconds(): number {
    return (this.#runningMs + (performance.now() - this.#resumedAt)) / 1000;
  }

  pauseClock(): void {
    this.#runningMs += performance.now() - this.#resumedAt;
  }

  resumeClock(): void {
    this.#resumedAt = performance.now();
  }
}
