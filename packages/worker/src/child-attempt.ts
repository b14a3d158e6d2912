import type { ChildProcess } from "node:child_process";
import { TaskError } from "@leat/core";
import { toError } from "./errors.ts";
import { kill } from "./process-group.ts";
import {
  type FromChild,
  receiveError,
  sendError,
  STOP_GRACE_MS,
  type ToChild,
  type TransferMessage,
} from "./process-messages.ts";
import type { AttemptObserver, AttemptSpec, RunningAttempt } from "./runner.ts";
import { nameOf } from "./task-name.ts";
import { loadTaskModule } from "./task-module.ts";
import { makeTask, type TaskRecipe } from "./task-recipe.ts";
import { AttemptTimer } from "./timeout.ts";

/** A child that does not end itself in its grace, and somewhat more, is in a busy loop. */
const KILL_AFTER_MS = STOP_GRACE_MS + 500;

/** One attempt in a child process, from the side of the worker. */
export class ChildAttempt implements RunningAttempt {
  readonly result: Promise<void>;
  readonly #child: ChildProcess;
  readonly #attempt: AttemptSpec;
  readonly #observer: AttemptObserver;
  readonly #timer: AttemptTimer;
  #grace: NodeJS.Timeout | undefined;
  #stopReason: Error | undefined;
  #resolve!: () => void;
  #reject!: (error: Error) => void;

  constructor(child: ChildProcess, attempt: AttemptSpec, recipe: TaskRecipe, observer: AttemptObserver) {
    this.#child = child;
    this.#attempt = attempt;
    this.#observer = observer;
    this.#timer = new AttemptTimer(attempt, (reason) => this.stop(reason));
    const ended = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.result = ended.finally(() => this.#letGo());
    child.on("message", this.#onMessage);
    child.once("exit", this.#onExit);
    child.once("error", this.#onError);
    const members = attempt.members?.flatMap((member) => member.recipe ?? []);
    this.#send({ type: "run", token: attempt.token, recipe, ...(members && { members }) });
  }

  stop(reason: Error): void {
    if (this.#stopReason !== undefined) return;
    this.#stopReason = reason;
    this.#send({ type: "stop", token: this.#attempt.token, reason: sendError(reason) });
    this.#grace = setTimeout(() => kill(this.#child), KILL_AFTER_MS);
  }

  message(messageId: string, content: string): void {
    this.#send({ type: "message", token: this.#attempt.token, messageId, content });
  }

  readonly #onMessage = (message: FromChild | TransferMessage): void => {
    // What an earlier attempt left running in the child may still report.
    if (message.type === "transfer" || message.token !== this.#attempt.token) return;
    if (message.type === "done" || message.type === "failed") this.#end(message);
    else this.#hear(message);
  };

  #end(message: Extract<FromChild, { type: "done" | "failed" }>): void {
    if (this.#stopReason !== undefined) this.#reject(this.#stopReason);
    else if (message.type === "failed") this.#reject(receiveError(message.error));
    else this.#resolve();
  }

  #hear(message: Exclude<FromChild, { type: "done" | "failed" }>): void {
    const observer = this.#observer;
    switch (message.type) {
      // The start of a process and the loading of a module do not count.
      case "started":
        return this.#timer.start();
      case "progress":
        return observer.progress(message.fraction, message.message);
      case "status":
        return observer.status(message.message);
      case "trackingUrl":
        return observer.trackingUrl(message.url);
      case "emit":
        return observer.emit(message.name, message.data);
      case "releaseResources":
        return observer.releaseResources(message.units);
      case "log":
        return observer.log[message.level](message.message, message.fields);
      case "respond":
        return observer.respond(message.messageId, message.reply);
      case "need":
        return void this.#need(message.call, message.tasks);
    }
  }

  async #need(call: number, recipes: readonly TaskRecipe[]): Promise<void> {
    const answer = { type: "needed", token: this.#attempt.token, call } as const;
    try {
      this.#send({ ...answer, newToken: await this.#timer.pauseFor(this.#needMade(recipes)) });
    } catch (thrown) {
      this.#send({ ...answer, error: sendError(toError(thrown)) });
    }
  }

  /** The child cannot send tasks, only how they are made; this process has the module as well. */
  async #needMade(recipes: readonly TaskRecipe[]): Promise<string> {
    const tasks = recipes.map(async (recipe) => makeTask(recipe, await loadTaskModule(recipe.module)));
    return this.#observer.need(await Promise.all(tasks));
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
    this.#timer.clear();
    clearTimeout(this.#grace);
    this.#child.off("message", this.#onMessage);
    this.#child.off("exit", this.#onExit);
    this.#child.off("error", this.#onError);
  }
}
