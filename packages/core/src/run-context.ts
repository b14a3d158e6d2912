import type { RunEventName, RunEvents } from "./events.ts";
import type { InputOf, Requirements } from "./task-types.ts";

/** Writes log lines of one attempt or of the run. `fields` are facts for programs; never credentials. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** Answers an operator's message; what it returns is the reply, nothing is an empty one. */
export type MessageHandler = (content: string) => string | void | Promise<string | void>;

/** What the worker gives to one attempt of `run`. Its functions need no `this`: take those that you use out of it. */
export interface RunContext {
  /** Aborted when the attempt must stop: it took too long, or the run was cancelled. Its reason is the error to throw. */
  readonly signal: AbortSignal;
  /** Log of this attempt. */
  readonly log: Logger;
  /**
   * Names this attempt, unlike any other of the same scheduler, as `EPOCH-NUMBER`: to fence off an earlier one that is still writing.
   * Of one epoch the newer attempt has the greater number. The epoch of a shared scheduler is the time at which its state began, in
   * milliseconds since 1970 in base 36; that of a run of its own is 1, and says nothing of other processes. What goes on after it
   * waited in `need()` is a newer attempt: read it when it is used.
   */
  readonly token: string;
  /** Reports how far the attempt is, from 0 to 1, and optionally what it does now. */
  readonly progress: (fraction: number, message?: string) => void;
  /** Says what the attempt does now. */
  readonly status: (message: string) => void;
  /** Says where to watch what the attempt started elsewhere, such as a job of a cluster. */
  readonly trackingUrl: (url: string) => void;
  /**
   * Gives back units of the shared resources that the task holds, which it needs no more: others can begin. The task has all that
   * it declares again when it goes on after a wait for `need()`, and at its next attempt. More than it holds is all that it holds.
   * Throws UsageError `OPTION_INVALID` for a number of units that is none.
   */
  readonly releaseResources: (units: Readonly<Record<string, number>>) => void;
  /**
   * Asks for tasks that `requires()` could not know of, and resolves to their outputs in the same shape. What is complete is
   * there at once. For the rest the attempt is suspended where it stands: it gives back its place among the attempts under way,
   * with its resources, until all that it waits for has run. Calls that wait at the same time are answered together.
   *
   * Rejects with TaskError `TASK_NEED_UNMET` when one of the tasks cannot be completed in this run, which names each and why;
   * UsageError `CYCLE` when one of them waits for this task; `NEED_CHANGED` when a later attempt asks in another order.
   */
  readonly need: <const R extends Requirements>(requirements: R) => Promise<InputOf<R>>;
  /** Answers what operators say to this task while it runs. A task gets messages only when it `acceptsMessages`. */
  readonly onMessage: (handler: MessageHandler) => void;
  /** Tells those who listen to the run, and to this class of task, of an event with these data. */
  readonly emit: <N extends RunEventName>(name: N, data: Omit<RunEvents[N], "task">) => void;
}
