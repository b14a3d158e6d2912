import {
  type ConfigLayer,
  LeatError,
  type LogFields,
  type Logger,
  type RunEventName,
  type TransferProgress,
} from "@leat/core";
import type { TaskRecipe } from "./task-recipe.ts";

/** Time that an attempt has to end by itself once it is told to stop. */
export const STOP_GRACE_MS = 2000;

/** What the worker tells a child process. `token` names the attempt that is meant. */
export type ToChild =
  /** Comes first: the configuration that is in force in the worker, and the module that lists its plugins. */
  | {
      readonly type: "configure";
      readonly layers: readonly ConfigLayer[];
      readonly plugins?: string;
      /** Whether the worker wants to hear of transfers. */
      readonly transfers: boolean;
    }
  | {
      readonly type: "run";
      readonly token: string;
      readonly recipe: TaskRecipe;
      /** Present for a batch: the tasks in place of which it runs. */
      readonly members?: readonly TaskRecipe[];
    }
  /** Answers a call of `need`: all that it asked for is complete, and the scheduler has a new token for the attempt, or an error. */
  | { readonly type: "needed"; readonly token: string; readonly call: number; readonly newToken: string }
  | { readonly type: "needed"; readonly token: string; readonly call: number; readonly error: SentError }
  | { readonly type: "message"; readonly token: string; readonly messageId: string; readonly content: string }
  | { readonly type: "stop"; readonly token: string; readonly reason: SentError };

/** What a child process tells the worker. */
export type FromChild = { readonly token: string } /** The task is made and begins. */ & (
  | { readonly type: "started" }
  | { readonly type: "done" }
  | { readonly type: "failed"; readonly error: SentError }
  | { readonly type: "progress"; readonly fraction: number; readonly message?: string }
  | { readonly type: "status"; readonly message: string }
  | { readonly type: "trackingUrl"; readonly url: string }
  | { readonly type: "emit"; readonly name: RunEventName; readonly data: object }
  | { readonly type: "releaseResources"; readonly units: Readonly<Record<string, number>> }
  | { readonly type: "need"; readonly call: number; readonly tasks: readonly TaskRecipe[] }
  | { readonly type: "respond"; readonly messageId: string; readonly reply: string }
  | {
      readonly type: "log";
      readonly level: keyof Logger;
      readonly message: string;
      readonly fields?: LogFields;
    }
);

/** What a child process tells the worker of a file, whichever attempt writes it. */
export interface TransferMessage {
  readonly type: "transfer";
  readonly progress: TransferProgress;
}

/** An error as it goes from one process to another. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause?: SentError;
  /** Present for errors of Leat. */
  readonly leat?: Pick<LeatError, "code" | "retryable" | "details">;
}

/** More causes than these are a circle, or nobody's interest. */
const MAX_CAUSES = 8;

export function sendError(error: Error, causes = MAX_CAUSES): SentError {
  const { name, message, stack, cause } = error;
  return {
    name,
    message,
    stack,
    ...(cause instanceof Error && causes > 0 ? { cause: sendError(cause, causes - 1) } : {}),
    ...(LeatError.is(error) ? { leat: leatPart(error) } : {}),
  };
}

function leatPart({ code, retryable, details }: LeatError): SentError["leat"] & object {
  return { code, retryable, details };
}

export function receiveError({ name, message, stack, cause, leat }: SentError): Error {
  const options = cause === undefined ? {} : { cause: receiveError(cause) };
  const error =
    leat === undefined
      ? new Error(message, options)
      : new LeatError(leat.code, message, { ...options, ...leat });
  error.name = name;
  if (stack !== undefined) error.stack = stack;
  return error;
}
