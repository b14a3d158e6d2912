import type { Logger } from "@leat/core";
import { toError } from "./errors.ts";
import { execute } from "./execute.ts";
import { type FromChild, receiveError, sendError, type ToChild } from "./process-messages.ts";
import type { TaskRecipe } from "./runner.ts";
import { makeTask } from "./task-recipe.ts";
import { loadTaskModule, type TaskModule } from "./task-module.ts";

// The program of a child process of ProcessRunner: runs one attempt after another until its parent lets go of it.

let current: AbortController | undefined;
const modules = new Map<string, Promise<TaskModule>>();

process.on("message", (message: ToChild) => {
  if (message.type === "stop") current?.abort(receiveError(message.reason));
  else void runAttempt(message.recipe);
});
process.on("disconnect", () => process.exit(1));

async function runAttempt(recipe: TaskRecipe): Promise<void> {
  current = new AbortController();
  const { signal } = current;
  try {
    const task = makeTask(recipe, await moduleAt(recipe.module));
    await execute(task, { signal, log: sendingLogger(), progress: sendProgress });
    send({ type: "done" });
  } catch (error) {
    send({ type: "failed", error: sendError(toError(error)) });
  }
}

function moduleAt(url: string): Promise<TaskModule> {
  const loading = modules.get(url) ?? loadTaskModule(url);
  modules.set(url, loading);
  return loading;
}

function sendProgress(fraction: number, message?: string): void {
  send({ type: "progress", fraction, ...(message === undefined ? {} : { message }) });
}

function sendingLogger(): Logger {
  const at = (level: keyof Logger) => (message: string) => send({ type: "log", level, message });
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function send(message: FromChild): void {
  process.send?.(message);
}
