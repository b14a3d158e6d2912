import type { Command, GetWork, SchedulerEvent, WorkReply } from "@leat/scheduler";
import type { Change, ChangeListener, Engine } from "./engine.ts";

/** Who waits. The signal aborts when nobody does any more; it is asked for only when there is something to wait for. */
interface Waiting {
  readonly signal: AbortSignal;
}

interface Waiter {
  readonly retry: () => void;
}

/** Changes that follow one another this closely wake the waiting workers together. */
const PAUSE_MS = 5;

/** Workers that wait for work: each asks again when a command has changed something that may give it some. */
export class WorkQueue implements ChangeListener {
  #waiters: Waiter[] = [];
  /** The last call of each worker that has one waiting. */
  readonly #latest = new Map<string, GetWork>();
  #timer: NodeJS.Timeout | undefined;
  #wokenAt = -Infinity;

  /** Number of the last command that may give somebody work. */
  #news = 0;

  applied(change: Change): void {
    if (mayGiveWork(change)) this.#news = change.sequence;
    // A call of its that still waits must not make it known again.
    if (change.command.type === "unregisterWorker") this.#latest.delete(change.command.worker);
  }

  committed(changes: readonly Change[]): void {
    if (this.#waiters.length > 0 && changes.some(mayGiveWork)) this.#wakeSoon();
  }

  /** Asks for work, and again until there is some, nothing is left to wait for, `waitMs` is over, or the signal aborts. */
  async getWork(engine: Engine, command: GetWork, waitMs: number, call: Waiting): Promise<WorkReply> {
    const until = performance.now() + waitMs;
    this.#latest.set(command.worker, command);
    try {
      for (;;) {
        const news = this.#news;
        const reply = await engine.execute({ type: "getWork", ...command });
        const left = until - performance.now();
        if (left <= 0 || isSettled(engine, reply, command)) return reply;
        const { signal } = call;
        if (signal.aborted) return reply;
        // What came while the reply was being made durable is not waited for once more.
        if (this.#news === news) await this.#change(left, signal);
        // Whoever is gone, or asks anew, must not be given anything here.
        if (signal.aborted || this.#latest.get(command.worker) !== command) return reply;
      }
    } finally {
      if (this.#latest.get(command.worker) === command) this.#latest.delete(command.worker);
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
function isSettled({ scheduler }: Engine, reply: WorkReply, { worker, assistant, slots }: GetWork): boolean {
  if (reply.assignments.length > 0 || reply.workerState === "disabled" || slots === 0) return true;
  if (assistant === true || reply.pending > 0 || reply.runningElsewhere.length > 0) return false;
  // Tasks of its families may come at any time.
  return (scheduler.worker(worker)?.families.length ?? 0) === 0;
}

const SETTINGS: readonly Command["type"][] = [
  "setPaused",
  "setWorkerPaused",
  "setResource",
  "registerWorker",
  "addTasks",
];

const IDLE_EVENTS: readonly SchedulerEvent["type"][] = ["worker:added", "task:progress"];

function mayGiveWork({ command, events }: Change): boolean {
  if (SETTINGS.includes(command.type)) return true;
  if (command.type === "updateRun" && command.decreaseResources !== undefined) return true;
  return command.type !== "getWork" && events.some(({ type }) => !IDLE_EVENTS.includes(type));
}
