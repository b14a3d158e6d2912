import { LeatError } from "@leat/core";
import type { TaskRecipe } from "./runner.ts";

/** What the worker tells a child process. */
export type ToChild =
  | { readonly type: "run"; readonly recipe: TaskRecipe }
  | { readonly type: "stop"; readonly reason: SentError };

/** What a child process tells the worker. */
export type FromChild =
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly error: SentError }
  | { readonly type: "progress"; readonly fraction: number; readonly message?: string }
  | { readonly type: "log"; readonly level: LogLevel; readonly message: string };

export type LogLevel = "debug" | "info" | "warn" | "error";

/** An error as it goes from one process to another. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Present for errors of Leat. */
  readonly leat?: Pick<LeatError, "code" | "retryable" | "details">;
}

export function sendError(error: Error): SentError {
  const { name, message, stack } = error;
  if (!LeatError.is(error)) return { name, message, stack };
  return {
    name,
    message,
    stack,
    leat: { code: error.code, retryable: error.retryable, details: error.details },
  };
}

export function receiveError(sent: SentError): Error {
  const error =
    sent.leat === undefined
      ? new Error(sent.message)
      : new LeatError(sent.leat.code, sent.message, sent.leat);
  error.name = sent.name;
  if (sent.stack !== undefined) error.stack = sent.stack;
  return error;
}
