import type { GetWork, WorkReply } from "@leat/scheduler";
import type { HttpScheduler } from "@leat/scheduler/client";

interface Waiting {
  readonly reply: Promise<WorkReply>;
  readonly abort: AbortController;
}

/**
 * The one request for work that waits at the scheduler. It goes on waiting while the worker does something else, and what it
 * brings is kept for the next one who asks.
 */
export class WorkPoll {
  readonly #scheduler: HttpScheduler;
  #waiting: Waiting | undefined;

  constructor(scheduler: HttpScheduler) {
    this.#scheduler = scheduler;
  }

  /**
   * The reply to the request that waits; to this one when there is none. Resolves to `woken` when that is first, and to
   * `cancelled` when somebody ended the waiting.
   */
  async ask(
    command: GetWork,
    waitMs: number,
    woken: Promise<void>,
  ): Promise<WorkReply | "woken" | "cancelled"> {
    const waiting = (this.#waiting ??= this.#begin(command, waitMs));
    try {
      const reply = await Promise.race([waiting.reply, woken]);
      if (reply === undefined) return "woken";
      if (waiting.abort.signal.aborted) return "cancelled";
      this.#waiting = undefined;
      return reply;
    } catch (error) {
      if (waiting.abort.signal.aborted) return "cancelled";
      this.#waiting = undefined;
      throw error;
    }
  }

  /**
   * Ends the waiting. Tells whether something waited: it may have been given assignments, which nobody hears of and the scheduler
   * then sends again.
   */
  cancel(): boolean {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.abort.abort();
    return waiting !== undefined;
  }

  #begin(command: GetWork, waitMs: number): Waiting {
    const abort = new AbortController();
    const reply = this.#scheduler.getWork(command, { waitMs, signal: abort.signal });
    // Nobody may be listening when it fails; the next one who asks hears of it.
    reply.catch(() => undefined);
    return { reply, abort };
  }
}
