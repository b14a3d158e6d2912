import { Configuration, useConfiguration } from "@leat/core";
import { AttemptContext } from "./attempt-context.ts";
import { ChildReports } from "./child-reports.ts";
import { toError } from "./errors.ts";
import { execute } from "./execute.ts";
import { endWithParent } from "./process-group.ts";
import { loadPlugins } from "./plugins.ts";
import {
  type FromChild,
  receiveError,
  sendError,
  STOP_GRACE_MS,
  type ToChild,
  type TransferMessage,
} from "./process-messages.ts";
import { loadTaskModule, type TaskModule } from "./task-module.ts";
import { makeTask } from "./task-recipe.ts";
import { followTransfers } from "./transfers.ts";

// The program of a child process of ProcessRunner: runs one attempt after another until its parent lets go of it.

interface Attempt {
  readonly token: string;
  readonly reports: ChildReports;
  /** Absent until the task is made. */
  context?: AttemptContext;
  stopReason?: Error;
  /** Operators' messages that came before the context. */
  readonly early: Message[];
}

type Message = Extract<ToChild, { type: "message" }>;

let current: Attempt | undefined;
let configuration = new Configuration();
/** URL of the module that lists plugins. */
let pluginModule: string | undefined;
const modules = new Map<string, Promise<TaskModule>>();

endWithParent();
process.on("message", (message: ToChild) => {
  if (message.type === "configure") configure(message);
  else if (message.type === "run") void runAttempt(message);
  else if (message.token === current?.token) tell(current, message);
});

function tell(attempt: Attempt, message: Exclude<ToChild, { type: "configure" | "run" }>): void {
  if (message.type === "stop") stop(attempt, receiveError(message.reason));
  else if (message.type === "message") deliver(attempt, message);
  else if ("error" in message) attempt.reports.refused(message.call, receiveError(message.error));
  else attempt.reports.needed(message.call, message.newToken);
}

function deliver({ context, early }: Attempt, message: Message): void {
  if (context === undefined) early.push(message);
  else context.deliver(message.messageId, message.content);
}

async function runAttempt({ token, recipe, members }: Extract<ToChild, { type: "run" }>): Promise<void> {
  const attempt: Attempt = { token, reports: new ChildReports(token, send), early: [] };
  current = attempt;
  let result: FromChild;
  try {
    const module = await moduleAt(recipe.module);
    const task = makeTask(recipe, module);
    attempt.context = new AttemptContext(task, token, attempt.reports.observer(module));
    if (attempt.stopReason !== undefined) attempt.context.abort(attempt.stopReason);
    for (const message of attempt.early) deliver(attempt, message);
    send({ type: "started", token });
    await execute(
      task,
      attempt.context,
      members?.map((member) => makeTask(member, module)),
    );
    result = { type: "done", token };
  } catch (error) {
    result = { type: "failed", token, error: sendError(toError(error)) };
  }
  current = undefined;
  send(result);
}

/** Ends the process when the attempt does not end: an exit takes the files along that are being written, a kill does not. */
function stop(attempt: Attempt, reason: Error): void {
  attempt.stopReason = reason;
  attempt.context?.abort(reason);
  setTimeout(() => {
    if (current === attempt) process.exit(1);
  }, STOP_GRACE_MS);
}

/** Before any module is loaded: its code may make tasks. */
function configure({ layers, plugins, transfers }: Extract<ToChild, { type: "configure" }>): void {
  if (transfers) followTransfers((progress) => send({ type: "transfer", progress }));
  pluginModule = plugins;
  configuration = new Configuration(layers);
  useConfiguration(configuration);
}

function moduleAt(url: string): Promise<TaskModule> {
  const loading = modules.get(url) ?? loadModule(url);
  modules.set(url, loading);
  return loading;
}

async function loadModule(url: string): Promise<TaskModule> {
  if (pluginModule !== undefined) await loadPlugins(pluginModule);
  const module = await loadTaskModule(url);
  useConfiguration(configuration, { taskClass: (family) => module.get(family) });
  return module;
}

function send(message: FromChild | TransferMessage): void {
  // Without a parent that hears it, this process is about to end.
  process.send?.(message, undefined, undefined, () => undefined);
}
