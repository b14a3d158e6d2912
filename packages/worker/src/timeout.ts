import { MAX_TIMER_MS } from "./clock.ts";
import { TaskError } from "@leat/core";
import type { AttemptSpec } from "./runner.ts";
import { nameOf } from "./task-name.ts";

/** Stops an attempt when its time is over, not counting pauses. One without a limit, or with one of weeks, has all time. */
export class AttemptTimer {
  readonly #stop: () => void;
  #leftMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #pauses = 0;

  constructor({ task, timeoutSeconds }: AttemptSpec, stop: (reason: Error) => void) {
    this.#leftMs = (timeoutSeconds ?? Infinity) * 1000;
    this.#stop = () => {
      const message = `${nameOf(task)} took longer than its ${timeoutSeconds} seconds and was ended. Raise timeoutSeconds, or make it faster.`;
      stop(new TaskError("TASK_TIMED_OUT", task.id, message));
    };
  }

  start(): void {
    if (this.#leftMs > MAX_TIMER_MS) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.#stop, this.#leftMs);
  }

  /** Lets no time pass while a promise is not settled. */
  async pauseFor<T>(promise: Promise<T>): Promise<T> {
    if (this.#pauses++ === 0) this.#halt();
    try {
      return await promise;
    } finally {
      if (--this.#pauses === 0) this.start();
    }
  }

  /** Ends it for good. */
  clear(): void {
    this.#halt();
    this.#leftMs = Infinity;
  }

  #halt(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leftMs = Math.max(0, this.#leftMs - (performance.now() - this.#startedAt));
  }
}
