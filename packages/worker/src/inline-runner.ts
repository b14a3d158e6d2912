import { AttemptContext } from "./attempt-context.ts";
import { execute } from "./execute.ts";
import type { AttemptObserver, AttemptSpec, Runner, RunningAttempt } from "./runner.ts";
import { AttemptTimer } from "./timeout.ts";

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
  readonly #context: AttemptContext;
  readonly #timer: AttemptTimer;
  #resolve!: () => void;
  #reject!: (reason: unknown) => void;

  constructor(attempt: AttemptSpec, observer: AttemptObserver) {
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = new AttemptTimer(attempt, (reason) => this.stop(reason));
    const need: AttemptObserver["need"] = (tasks) => this.#timer.pauseFor(observer.need(tasks));
    this.#context = new AttemptContext(attempt.task, attempt.token, observer, need);
    this.#timer.start();
    void this.#execute(attempt);
  }

  stop(reason: Error): void {
    this.#timer.clear();
    this.#context.abort(reason);
    this.#reject(reason);
  }

  message(messageId: string, content: string): void {
    this.#context.deliver(messageId, content);
  }

  async #execute({ task, members }: AttemptSpec): Promise<void> {
    try {
      await execute(
        task,
        this.#context,
        members?.map((member) => member.task),
      );
      this.#resolve();
    } catch (error) {
      this.#reject(error);
    } finally {
      this.#timer.clear();
    }
  }
}
