import type { ChildProcess } from "node:child_process";
import { TaskError } from "@leat/core";
import { kill } from "./process-group.ts";
import { type FromChild, receiveError, sendError, STOP_GRACE_MS, type ToChild } from "./process-messages.ts";
import type { AttemptObserver, AttemptSpec, RunningAttempt } from "./runner.ts";
import { nameOf } from "./task-name.ts";
import type { TaskRecipe } from "./task-recipe.ts";
import { startTimer } from "./timeout.ts";

/** A child that does not end itself in its grace, and somewhat more, is in a busy loop. */
const KILL_AFTER_MS = STOP_GRACE_MS + 500;

/** One attempt in a child process, from the side of the worker. */
export class ChildAttempt implements RunningAttempt {
  readonly result: Promise<void>;
  readonly #child: ChildProcess;
  readonly #attempt: AttemptSpec;
  readonly #observer: AttemptObserver;
  #timeout: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #stopReason: Error | undefined;
  #resolve!: () => void;
  #reject!: (error: Error) => void;

  constructor(child: ChildProcess, attempt: AttemptSpec, recipe: TaskRecipe, observer: AttemptObserver) {
    this.#child = child;
    this.#attempt = attempt;
    this.#observer = observer;
    const ended = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.result = ended.finally(() => this.#letGo());
    child.on("message", this.#onMessage);
    child.once("exit", this.#onExit);
    child.once("error", this.#onError);
    this.#send({ type: "run", token: attempt.token, recipe });
  }

  stop(reason: Error): void {
    if (this.#stopReason !== undefined) return;
    this.#stopReason = reason;
    this.#send({ type: "stop", token: this.#attempt.token, reason: sendError(reason) });
    this.#grace = setTimeout(() => kill(this.#child), KILL_AFTER_MS);
  }

  readonly #onMessage = (message: FromChild): void => {
    // What an earlier attempt left running in the child may still report.
    if (message.token !== this.#attempt.token) return;
    if (message.type === "started") this.#startTimer();
    else if (message.type === "progress") this.#observer.progress(message.fraction, message.message);
    else if (message.type === "log") this.#observer.log[message.level](message.message, message.fields);
    else if (this.#stopReason !== undefined) this.#reject(this.#stopReason);
    else if (message.type === "failed") this.#reject(receiveError(message.error));
    else this.#resolve();
  };

  /** The start of a process and the loading of a module do not count. */
  #startTimer(): void {
    this.#timeout = startTimer(this.#attempt, (reason) => this.stop(reason));
  }

  readonly #onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
    const end = () => this.#died(signal === null ? `exit code ${code}` : `signal ${signal}`);
    // What the child said before is still on its way while the channel is open.
    if (this.#child.connected) this.#child.once("disconnect", end);
    else end();
  };

  readonly #onError = (error: Error): void => this.#died(error.message);

  #died(how: string): void {
    const { task } = this.#attempt;
    const message = `The process of ${nameOf(task)} ended with ${how} before the task did. Look for a crash, a process.exit() or a lack of memory.`;
    this.#reject(this.#stopReason ?? new TaskError("TASK_PROCESS_DIED", task.id, message));
  }

  #send(message: ToChild): void {
    // A child that is gone has an exit event on its way; nothing more is to be said of it here.
    this.#child.send(message, () => undefined);
  }

  #letGo(): void {
    clearTimeout(this.#timeout);
    clearTimeout(this.#grace);
    this.#child.off("message", this.#onMessage);
    this.#child.off("exit", this.#onExit);
    this.#child.off("error", this.#onError);
  }
}
