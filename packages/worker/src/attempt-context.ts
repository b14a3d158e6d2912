import {
  flattenRequirements,
  type InputOf,
  mapRequirements,
  type RunContext,
  type Task,
  UsageError,
} from "@leat/core";
import { MessageBox } from "./message-box.ts";
import type { AttemptObserver } from "./runner.ts";

/** What one attempt gets, in whichever process it runs: it hands on to the observer what the task says. */
export class AttemptContext implements RunContext {
  readonly log: RunContext["log"];
  readonly progress: RunContext["progress"];
  readonly status: RunContext["status"];
  readonly trackingUrl: RunContext["trackingUrl"];
  readonly emit: RunContext["emit"];
  readonly releaseResources: RunContext["releaseResources"];
  readonly need: RunContext["need"];
  readonly #observer: AttemptObserver;
  #token: string;
  #messages: MessageBox | undefined;
  #abort: AbortController | undefined;
  #reason: Error | undefined;

  constructor(task: Task, token: string, observer: AttemptObserver, need = observer.need) {
    this.#token = token;
    this.log = observer.log;
    this.progress = observer.progress;
    this.status = observer.status;
    this.trackingUrl = observer.trackingUrl;
    this.emit = observer.emit;
    this.releaseResources = (units) => {
      for (const [name, count] of Object.entries(units)) requireUnits(name, count);
      observer.releaseResources(units);
    };
    this.need = async (requirements) => {
      this.#token = await need(flattenRequirements(requirements, task));
      return mapRequirements(requirements, (needed) => needed.output()) as InputOf<typeof requirements>;
    };
    this.#observer = observer;
  }

  get token(): string {
    return this.#token;
  }

  /** Made when a task asks for it: most do not, and one costs as much as a small task. */
  get signal(): AbortSignal {
    if (this.#abort === undefined) {
      this.#abort = new AbortController();
      if (this.#reason !== undefined) this.#abort.abort(this.#reason);
    }
    return this.#abort.signal;
  }

  get onMessage(): RunContext["onMessage"] {
    return this.#box.onMessage;
  }

  abort(reason: Error): void {
    this.#reason = reason;
    this.#abort?.abort(reason);
  }

  deliver(messageId: string, content: string): void {
    this.#box.deliver({ id: messageId, content });
  }

  get #box(): MessageBox {
    this.#messages ??= new MessageBox(this.#observer.log, this.#observer.respond);
    return this.#messages;
  }
}

function requireUnits(name: string, count: number): void {
  if (Number.isFinite(count) && count >= 0) return;
  const message = `No task can give back ${String(count)} units of "${name}". Give a number from 0.`;
  throw new UsageError("OPTION_INVALID", message);
}
