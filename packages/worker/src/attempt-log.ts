import type { LogFields, Logger, Task } from "@leat/core";
import { hideSecrets } from "./secrets.ts";
import { nameOf } from "./task-name.ts";

/** The log of one attempt: puts the name of the task before its lines, and masks its private parameters in them. */
export class AttemptLog implements Logger {
  readonly #log: Logger;
  readonly #task: Task;

  constructor(log: Logger, task: Task) {
    this.#log = log;
    this.#task = task;
  }

  debug(message: string, fields?: LogFields): void {
    this.#write("debug", message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.#write("info", message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.#write("warn", message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.#write("error", message, fields);
  }

  #write(level: keyof Logger, message: string, fields: LogFields = {}): void {
    const hide = (text: string) => hideSecrets(text, this.#task);
    const shown = Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "string" ? hide(value) : value,
    ]);
    this.#log[level](`${nameOf(this.#task)}: ${hide(message)}`, Object.fromEntries(shown));
  }
}
