import { type EventBus, LeatError, type Task } from "@leat/core";
import { explain } from "./errors.ts";
import type { RunLogger } from "./logger.ts";
import { nameOf } from "./task-name.ts";

/** Tells the log and the listeners of a run what becomes of its tasks. */
export class Announcements {
  readonly #events: EventBus;
  readonly #log: RunLogger;

  constructor(events: EventBus, log: RunLogger) {
    this.#events = events;
    this.#log = log;
  }

  started(task: Task): void {
    this.#info(() => `${nameOf(task)} begins.`);
    this.#events.emit("task:started", { task });
  }

  suspended(task: Task, dependencies: readonly Task[]): void {
    this.#info(() => `${nameOf(task)} waits for ${dependencies.map(nameOf).join(", ")}.`);
    this.#events.emit("task:suspended", { task, dependencies });
  }

  resumed(task: Task): void {
    this.#info(() => `${nameOf(task)} goes on.`);
    this.#events.emit("task:resumed", { task });
  }

  appeared(task: Task): void {
    this.#info(() => `${nameOf(task)} is there now.`);
    this.#events.emit("dependency:present", { task });
  }

  succeeded(task: Task, seconds: number): void {
    this.#info(() => `${nameOf(task)} is done, after ${seconds.toFixed(1)} s.`);
    this.#events.emit("task:succeeded", { task, seconds });
  }

  failed(task: Task, error: Error): void {
    this.#log.error(`${nameOf(task)} failed. ${explain(error)}`);
    const code = LeatError.is(error) ? error.code : undefined;
    if (code === "TASK_TIMED_OUT") this.#events.emit("task:timedOut", { task, error });
    if (code === "TASK_PROCESS_DIED") this.#events.emit("task:processDied", { task, error });
    this.#events.emit("task:failed", { task, error });
  }

  retrying(task: Task, error: Error, attempt: number, delaySeconds: number): void {
    this.#log.warn(
      `${nameOf(task)} will be tried again in ${delaySeconds.toFixed(1)} s, after attempt ${attempt}.`,
    );
    this.#events.emit("task:retrying", { task, error, attempt, delaySeconds });
  }

  /** What became of the task is up to whoever has it now. */
  lost(task: Task, error: Error): void {
    this.#log.warn(`${nameOf(task)} ended, and that changes nothing. ${error.message}`);
    this.#events.emit("task:failed", { task, error });
  }

  /** What the task asked for is not complete, so it is neither. */
  heldUp(task: Task, error: Error): void {
    this.#log.warn(`${nameOf(task)} is left pending. ${error.message}`);
  }

  #info(line: () => string): void {
    if (this.#log.isEnabled?.("info") ?? true) this.#log.info(line());
  }
}
