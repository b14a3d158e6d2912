import type { Command, GetWork, WorkReply } from "@leat/scheduler";
import type { Change, ChangeListener, Engine } from "./engine.ts";

interface Waiter {
  readonly retry: () => void;
}

/** Changes that follow one another this closely wake the waiting workers together. */
const PAUSE_MS = 5;

/** Workers that wait for work: each asks again when a command has changed something that may give it some. */
export class WorkQueue implements ChangeListener {
  #waiters: Waiter[] = [];
  #timer: NodeJS.Timeout | undefined;
  #wokenAt = -Infinity;

  committed(changes: readonly Change[]): void {
    if (this.#waiters.length > 0 && changes.some(mayGiveWork)) this.#wakeSoon();
  }

  /** Asks for work, and again until there is some, nothing is left to wait for, `waitMs` is over, or `signal` aborts. */
  async getWork(engine: Engine, command: GetWork, waitMs: number, signal: AbortSignal): Promise<WorkReply> {
    const until = performance.now() + waitMs;
    for (;;) {
      const reply = await engine.execute({ type: "getWork", ...command });
      const left = until - performance.now();
      if (left <= 0 || signal.aborted || isSettled(reply, command)) return reply;
      await this.#change(left, signal);
      // Whoever is gone must not be given anything.
      if (signal.aborted) return reply;
    }
  }

  #change(timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", finish);
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        resolve();
      };
      const waiter = { retry: finish };
      const timer = setTimeout(finish, timeoutMs);
      signal.addEventListener("abort", finish);
      this.#waiters.push(waiter);
    });
  }

  #wakeSoon(): void {
    if (this.#timer !== undefined) return;
    const delay = Math.max(0, this.#wokenAt + PAUSE_MS - performance.now());
    this.#timer = setTimeout(() => this.#wake(), delay);
  }

  /** In the order of waiting, so that nobody is passed over. */
  #wake(): void {
    this.#timer = undefined;
    this.#wokenAt = performance.now();
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const { retry } of waiters) retry();
  }
}

/** Whether waiting cannot bring the worker anything, or is not needed. */
function isSettled(reply: WorkReply, { assistant, slots }: GetWork): boolean {
  if (reply.assignments.length > 0 || reply.workerState === "disabled" || slots === 0) return true;
  return assistant !== true && reply.pending === 0 && reply.runningElsewhere.length === 0;
}

const SETTINGS: readonly Command["type"][] = [
  "setPaused",
  "setResource",
  "updateRun",
  "registerWorker",
  "addTasks",
];

function mayGiveWork({ command, events }: Change): boolean {
  if (SETTINGS.includes(command.type)) return true;
  return command.type !== "getWork" && events.some(({ type }) => type !== "worker:added");
}
