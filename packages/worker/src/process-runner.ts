import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { TaskError, UsageError } from "@leat/core";
import { type FromChild, receiveError, sendError, type ToChild } from "./process-messages.ts";
import type { AttemptObserver, AttemptSpec, Runner, RunningAttempt, TaskRecipe } from "./runner.ts";
import { startTimer } from "./timeout.ts";

/** Time that an attempt has to end by itself once its signal is aborted, before its process is killed. */
const GRACE_MS = 2000;

const inSource = import.meta.url.endsWith(".ts");
const CHILD = new URL(inSource ? "./process-child.ts" : "./process-child.js", import.meta.url);
const CHILD_FLAGS = inSource ? ["--import", "tsx", "--conditions=@leat/source"] : [];

/**
 * Runs each attempt in a child process: attempts compute in parallel, cannot harm each other or the worker, and can be ended
 * at any moment. Processes are kept and used again; one that was killed is replaced.
 */
export class ProcessRunner implements Runner {
  readonly name = "process";
  readonly #idle: ChildProcess[] = [];
  readonly #all = new Set<ChildProcess>();
  readonly #killAll = () => this.#all.forEach(kill);

  constructor() {
    process.on("exit", this.#killAll);
  }

  start(attempt: AttemptSpec, observer: AttemptObserver): RunningAttempt {
    const { recipe } = attempt;
    if (recipe === undefined) return { result: Promise.reject(notPortable(attempt)), stop: () => undefined };
    const child = this.#idle.pop() ?? this.#spawn();
    const running = new ChildAttempt(child, attempt, observer);
    running.begin(recipe);
    running.result.then(
      () => this.#release(child),
      () => this.#release(child),
    );
    return running;
  }

  async close(): Promise<void> {
    process.off("exit", this.#killAll);
    const exits = [...this.#all].map((child) => once(child, "exit"));
    for (const child of this.#idle) child.disconnect();
    await Promise.all(exits);
  }

  #spawn(): ChildProcess {
    // A group of its own: the interrupt key of a terminal reaches the worker alone, which decides what becomes of attempts.
    const child = fork(CHILD, { execArgv: [...process.execArgv, ...CHILD_FLAGS], detached: true });
    this.#all.add(child);
    child.once("exit", () => this.#all.delete(child));
    child.once("error", () => this.#all.delete(child));
    return child;
  }

  #release(child: ChildProcess): void {
    if (child.connected && !child.killed) this.#idle.push(child);
  }
}

class ChildAttempt implements RunningAttempt {
  readonly result: Promise<void>;
  readonly #child: ChildProcess;
  readonly #attempt: AttemptSpec;
  readonly #observer: AttemptObserver;
  #timeout: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #resolve!: () => void;
  #reject!: (error: Error) => void;
  #stopReason: Error | undefined;

  constructor(child: ChildProcess, attempt: AttemptSpec, observer: AttemptObserver) {
    this.#child = child;
    this.#attempt = attempt;
    this.#observer = observer;
    const ended = new Promise<void>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.result = ended.finally(() => this.#letGo());
  }

  begin(recipe: TaskRecipe): void {
    this.#child.on("message", this.#onMessage);
    this.#child.once("exit", this.#onExit);
    this.#child.once("error", this.#onError);
    this.#send({ type: "run", recipe });
    this.#timeout = startTimer(this.#attempt, (reason) => this.stop(reason));
  }

  stop(reason: Error): void {
    if (this.#stopReason !== undefined) return;
    this.#stopReason = reason;
    this.#send({ type: "stop", reason: sendError(reason) });
    this.#grace = setTimeout(() => kill(this.#child), GRACE_MS);
  }

  readonly #onMessage = (message: FromChild): void => {
    if (message.type === "progress") this.#observer.progress(message.fraction, message.message);
    else if (message.type === "log") this.#observer.log[message.level](message.message);
    else if (message.type === "failed") this.#reject(this.#stopReason ?? receiveError(message.error));
    else if (this.#stopReason === undefined) this.#resolve();
    else this.#reject(this.#stopReason);
  };

  readonly #onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
    this.#reject(
      this.#stopReason ??
        diedError(this.#attempt, signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
  };

  readonly #onError = (error: Error): void => this.#reject(diedError(this.#attempt, error.message));

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

/** Ends a child and what it started: its whole process group. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Windows has no process groups, and a group may have ended in between.
    child.kill("SIGKILL");
  }
}

function diedError(attempt: AttemptSpec, how: string): TaskError {
  const message = `The process of ${attempt.task} ended with ${how} before the task did. Look for a crash, a process.exit() or a lack of memory.`;
  return new TaskError("TASK_PROCESS_DIED", attempt.task.id, message);
}

function notPortable(attempt: AttemptSpec): UsageError {
  const message =
    `${attempt.task} cannot run in another process: it is not known which module makes it. ` +
    "Export its class from the module that is run, or use the inline runner.";
  return new UsageError("TASK_NOT_PORTABLE", message);
}
