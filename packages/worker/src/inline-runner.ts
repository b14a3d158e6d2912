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
    const abort = new AbortController();
    const stopped = new Promise<never>((_, reject) => {
      abort.signal.addEventListener("abort", () => reject(abort.signal.reason as Error), { once: true });
    });
    const timer = startTimer(attempt, (reason) => abort.abort(reason));
    const result = Promise.race([this.#execute(attempt, observer, abort.signal), stopped]);
    return { result: result.finally(() => clearTimeout(timer)), stop: (reason) => abort.abort(reason) };
  }

  async close(): Promise<void> {
    // Nothing is held between attempts.
  }

  async #execute(attempt: AttemptSpec, observer: AttemptObserver, signal: AbortSignal): Promise<void> {
    await execute(attempt.task, {
      signal,
      log: observer.log,
      progress: (fraction, message) => observer.progress(fraction, message),
    });
  }
}
