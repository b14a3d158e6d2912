import type { Logger, MessageHandler } from "@leat/core";
import { toError } from "./errors.ts";

interface Message {
  readonly id: string;
  readonly content: string;
}

/** Operators' messages to one attempt: they wait until the task takes them, and its replies go back. */
export class MessageBox {
  readonly #log: Logger;
  readonly #respond: (messageId: string, reply: string) => void;
  #handler: MessageHandler | undefined;
  #waiting: Message[] = [];

  constructor(log: Logger, respond: (messageId: string, reply: string) => void) {
    this.#log = log;
    this.#respond = respond;
  }

  readonly onMessage = (handler: MessageHandler): void => {
    this.#handler = handler;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) void this.#answer(handler, message);
  };

  deliver(message: Message): void {
    if (this.#handler === undefined) this.#waiting.push(message);
    else void this.#answer(this.#handler, message);
  }

  async #answer(handler: MessageHandler, { id, content }: Message): Promise<void> {
    try {
      this.#respond(id, (await handler(content)) ?? "");
    } catch (thrown) {
      const { message } = toError(thrown);
      this.#log.warn(`A message could not be answered: ${message}`);
      this.#respond(id, `The task failed to answer: ${message}`);
    }
  }
}
