import type { LogFields, Logger } from "@leat/core";
import { toError } from "./errors.ts";
import { execute } from "./execute.ts";
import { endWithParent } from "./process-group.ts";
import { type FromChild, receiveError, sendError, STOP_GRACE_MS, type ToChild } from "./process-messages.ts";
import { loadTaskModule, type TaskModule } from "./task-module.ts";
import { makeTask, type TaskRecipe } from "./task-recipe.ts";

// The program of a child process of ProcessRunner: runs one attempt after another until its parent lets go of it.

interface Attempt {
  readonly token: string;
  readonly abort: AbortController;
}

let current: Attempt | undefined;
const modules = new Map<string, Promise<TaskModule>>();

endWithParent();
process.on("message", (message: ToChild) => {
  if (message.type === "run") void runAttempt(message.token, message.recipe);
  else if (message.token === current?.token) stop(current, receiveError(message.reason));
});

async function runAttempt(token: string, recipe: TaskRecipe): Promise<void> {
  const abort = new AbortController();
  current = { token, abort };
  let result: FromChild;
  try {
    const task = makeTask(recipe, await moduleAt(recipe.module));
    send({ type: "started", token });
    await execute(task, { signal: abort.signal, ...reporting(token) });
    result = { type: "done", token };
  } catch (error) {
    result = { type: "failed", token, error: sendError(toError(error)) };
  }
  current = undefined;
  send(result);
}

/** Ends the process when the attempt does not end: an exit takes the files along that are being written, a kill does not. */
function stop(attempt: Attempt, reason: Error): void {
  attempt.abort.abort(reason);
  setTimeout(() => {
    if (current === attempt) process.exit(1);
  }, STOP_GRACE_MS);
}

function moduleAt(url: string): Promise<TaskModule> {
  const loading = modules.get(url) ?? loadTaskModule(url);
  modules.set(url, loading);
  return loading;
}

function reporting(token: string) {
  const at = (level: keyof Logger) => (message: string, fields?: LogFields) =>
    send({ type: "log", token, level, message, ...(fields && { fields }) });
  return {
    log: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") },
    progress: (fraction: number, message?: string) =>
      send({ type: "progress", token, fraction, ...(message !== undefined && { message }) }),
  };
}

function send(message: FromChild): void {
  // Without a parent that hears it, this process is about to end.
  process.send?.(message, undefined, undefined, () => undefined);
}
