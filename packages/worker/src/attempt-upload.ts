import type { LogFields, Logger, Task } from "@leat/core";
import type { Assignment, Made, UpdateRun } from "@leat/scheduler";
import type { HttpScheduler } from "@leat/scheduler/client";
import { Tally } from "./made.ts";
import type { AttemptObserver } from "./runner.ts";
import { hideSecrets } from "./secrets.ts";

/** Shortest time between two requests about one attempt: a task may report as often as it likes. */
const INTERVAL_MS = 1000;

/** Most that is kept of a log until it is sent. The oldest lines go first. */
const MOST_CHARACTERS = 256 * 1024;

type Shown = Pick<UpdateRun, "statusMessage" | "progressPercentage" | "trackingUrl">;

/** Sends what one attempt shows and writes to the scheduler: the latest of it, now and then, and all of its log. */
export class AttemptUpload {
  readonly #http: HttpScheduler;
  readonly #attempt: Pick<UpdateRun, "worker" | "taskId" | "token">;
  readonly #task: Task;
  readonly #tally = new Tally();
  #shown: Shown | undefined;
  #lines: string[] = [];
  #characters = 0;
  #timer: NodeJS.Timeout | undefined;
  #sentAt = -Infinity;
  #sending: Promise<void> = Promise.resolve();

  constructor(http: HttpScheduler, worker: string, { taskId, token }: Assignment, task: Task) {
    this.#http = http;
    this.#attempt = { worker, taskId, token };
    this.#task = task;
  }

  /** Hears all that the attempt says, and hands it on. */
  observe(observer: AttemptObserver): AttemptObserver {
    const hide = (text: string) => hideSecrets(text, this.#task);
    return {
      ...observer,
      log: this.#listenTo(observer.log),
      progress: (fraction, message) => {
        observer.progress(fraction, message);
        const progressPercentage = Math.min(Math.max(fraction, 0), 1) * 100 || 0;
        this.#show({ progressPercentage, ...(message !== undefined && { statusMessage: hide(message) }) });
      },
      status: (message) => {
        observer.status(message);
        this.#show({ statusMessage: hide(message) });
      },
      trackingUrl: (url) => {
        observer.trackingUrl(url);
        this.#show({ trackingUrl: hide(url) });
      },
      respond: (messageId, reply) => {
        const { taskId } = this.#attempt;
        // Who asked waits for a reply that may never come; that the scheduler is away is heard elsewhere.
        this.#http.respond({ taskId, messageId, response: hide(reply) }).catch(() => undefined);
      },
    };
  }

  /** Sends what is left. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending = this.#sending.then(() => this.#send());
    return this.#sending;
  }

  /** What the attempt made, once its task is done. */
  made(): Promise<Made> {
    return this.#tally.made(this.#task);
  }

  #listenTo(log: Logger): Logger {
    const at = (level: keyof Logger) => (message: string, fields?: LogFields) => {
      log[level](message, fields);
      if (fields !== undefined) this.#tally.note(fields);
      this.#write(level, message, fields);
    };
    return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
  }

  #write(level: keyof Logger, message: string, fields: LogFields | undefined): void {
    const said = fields === undefined ? message : `${message} ${JSON.stringify(fields)}`;
    const line = `${new Date().toISOString()} ${level.toUpperCase()} ${hideSecrets(said, this.#task)}\n`;
    this.#lines.push(line);
    this.#characters += line.length;
    while (this.#characters > MOST_CHARACTERS && this.#lines.length > 1) {
      this.#characters -= (this.#lines.shift() as string).length;
    }
    this.#sendSoon();
  }

  #show(shown: Shown): void {
    this.#shown = { ...this.#shown, ...shown };
    this.#sendSoon();
  }

  #sendSoon(): void {
    const delay = Math.max(0, this.#sentAt + INTERVAL_MS - performance.now());
    this.#timer ??= setTimeout(() => void this.flush(), delay);
  }

  async #send(): Promise<void> {
    const [shown, text] = [this.#shown, this.#lines.join("")];
    this.#shown = undefined;
    this.#lines = [];
    this.#characters = 0;
    this.#sentAt = performance.now();
    try {
      if (shown !== undefined) await this.#http.updateRun({ ...this.#attempt, ...shown });
      if (text !== "") await this.#http.appendLog({ ...this.#attempt, text });
    } catch {
      // What only people look at is no reason to fail; a scheduler that is away is heard of by the worker's own calls.
    }
  }
}
