import type { Logger, RunContext, Task } from "@leat/core";
import { execute } from "./execute.ts";
import type { AttemptObserver, AttemptSpec, Runner, RunningAttempt } from "./runner.ts";
import { startTimer } from "./timeout.ts";

/**
 * Runs attempts in this process, side by side while they wait for I/O. Code that computes without a pause blocks the others;
 * an attempt that is stopped or out of time is given up, but its code ends only when it looks at its signal.
 */
export class InlineRunner implements Runner {
  readonly name = "inline";

  start(attempt: AttemptSpec, observer: AttemptObserver): RunningAttempt {
    return new InlineAttempt(attempt, observer);
  }

  async close(): Promise<void> {
    // Nothing is held between attempts.
  }
}

class InlineAttempt implements RunningAttempt {
  readonly result: Promise<void>;
  readonly #context: InlineContext;
  readonly #timer: NodeJS.Timeout | undefined;
  #resolve!: () => void;
  #reject!: (reason: unknown) => void;

  constructor(attempt: AttemptSpec, observer: AttemptObserver) {
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#context = new InlineContext(observer);
    this.#timer = startTimer(attempt, (reason) => this.stop(reason));
    void this.#execute(attempt.task);
  }

  stop(reason: Error): void {
    this.#context.abort(reason);
    this.#reject(reason);
  }

  async #execute(task: Task): Promise<void> {
    try {
      await execute(task, this.#context);
      this.#resolve();
    } catch (error) {
      this.#reject(error);
    } finally {
      clearTimeout(this.#timer);
    }
  }
}

class InlineContext implements RunContext {
  readonly log: Logger;
  readonly progress: RunContext["progress"];
  #abort: AbortController | undefined;
  #reason: Error | undefined;

  constructor({ log, progress }: AttemptObserver) {
    this.log = log;
    this.progress = progress;
  }

  /** Made when a task asks for it: most do not, and one costs as much as a small task. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#reason !== undefined) this.#abort.abort(this.#reason);
    }
    return this.#abort.signal;
  }

  abort(reason: Error): void {
    this.#reason = reason;
    this.#abort?.abort(reason);
  }
}
