import type { LogFields, Logger, Task } from "@leat/core";
import type { FromChild } from "./process-messages.ts";
import type { AttemptObserver } from "./runner.ts";
import type { TaskModule } from "./task-module.ts";
import { recipeOfNeeded } from "./task-recipe.ts";

interface Call {
  readonly resolve: (token: string) => void;
  readonly reject: (error: Error) => void;
}

/** Tells the worker, from a child process, what one attempt says, and has the answers to what it asks for. */
export class ChildReports {
  readonly #token: string;
  readonly #send: (message: FromChild) => void;
  readonly #calls: Call[] = [];

  constructor(token: string, send: (message: FromChild) => void) {
    this.#token = token;
    this.#send = send;
  }

  /** @param module the one that the tasks are made from, here and in the worker */
  observer(module: TaskModule): AttemptObserver {
    const token = this.#token;
    const send = this.#send;
    const at = (level: keyof Logger) => (message: string, fields?: LogFields) =>
      send({ type: "log", token, level, message, ...(fields && { fields }) });
    return {
      log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
      progress: (fraction, message) =>
        send({ type: "progress", token, fraction, ...(message !== undefined && { message }) }),
      status: (message) => send({ type: "status", token, message }),
      trackingUrl: (url) => send({ type: "trackingUrl", token, url }),
      emit: (name, data) => send({ type: "emit", token, name, data }),
      releaseResources: (units) => send({ type: "releaseResources", token, units }),
      respond: (messageId, reply) => send({ type: "respond", token, messageId, reply }),
      need: (tasks) => this.#need(tasks, module),
    };
  }

  /** The worker answered a call of `need`, by its number: the attempt goes on, with this token. */
  needed(call: number, token: string): void {
    this.#calls[call]?.resolve(token);
  }

  /** The worker answered that what a call asks for will not be there. */
  refused(call: number, error: Error): void {
    this.#calls[call]?.reject(error);
  }

  async #need(tasks: readonly Task[], module: TaskModule): Promise<string> {
    const recipes = tasks.map((task) => recipeOfNeeded(task, module));
    return new Promise((resolve, reject) => {
      const call = this.#calls.push({ resolve, reject }) - 1;
      this.#send({ type: "need", token: this.#token, call, tasks: recipes });
    });
  }
}
