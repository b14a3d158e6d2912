import type { SchedulerApi } from "@leat/scheduler";
import { flag, id, integer, list, map, number, object, oneOf, scalar, type Schema, text } from "./schema.ts";

export type CommandName = keyof SchedulerApi;

/** What each command takes, by its name. */
export type CommandSchemas = { readonly [Name in CommandName]: Schema<Parameters<SchedulerApi[Name]>[0]> };

export const ACTIONS = ["retry", "forgive", "reEnable", "disable", "markDone", "cancel", "rerun"] as const;

const amounts = map(number(0));
const onTask = object({ taskId: id() });
const attempt = { worker: id(), taskId: id(), token: text() };

const retryPolicy = object(
  {},
  {
    retryCount: number(),
    retryDelaySeconds: number(),
    retryBackoff: number(),
    maxRetryDelaySeconds: number(),
    disableWindowSeconds: number(),
    disableHardTimeoutSeconds: number(),
  },
);

const taskSpec = object(
  { taskId: id() },
  {
    family: text(),
    module: text(),
    params: map(text()),
    paramVisibilities: map(oneOf(0, 1, 2)),
    status: oneOf("PENDING", "DONE", "FAILED", "DISABLED", "UNKNOWN"),
    deps: list(id()),
    runnable: flag(),
    priority: number(),
    resources: amounts,
    retry: retryPolicy,
    batchable: flag(),
    acceptsMessages: flag(),
    owners: list(text()),
    label: text(),
    explanation: text(),
    outputMissing: flag(),
    suspended: flag(),
  },
);

export const COMMAND_SCHEMAS: CommandSchemas = {
  registerWorker: object(
    { worker: id() },
    { processes: integer(1), assistant: flag(), families: list(id()), info: map(scalar()) },
  ),
  registerBatcher: object(
    { worker: id(), family: text(), batchedParams: list(text()) },
    { maxBatchSize: integer(1) },
  ),
  addTasks: object({ worker: id(), tasks: list(taskSpec) }, { assistant: flag() }),
  getWork: object({ worker: id() }, { slots: integer(0), running: list(text()), assistant: flag() }),
  report: object(
    { ...attempt, outcome: oneOf("DONE", "FAILED", "PENDING") },
    {
      newDeps: list(id()),
      suspended: flag(),
      explanation: text(),
      made: object({}, { outputs: list(text()), bytes: integer(0), rows: integer(0) }),
    },
  ),
  updateRun: object(attempt, {
    statusMessage: text(),
    progressPercentage: number(),
    trackingUrl: text(),
    decreaseResources: amounts,
  }),
  heartbeat: object({ worker: id() }, { running: list(text()), acknowledge: integer(0) }),
  respond: object({ taskId: id(), messageId: text(), response: text() }),
  unregisterWorker: object({ worker: id() }),
  forgive: onTask,
  markDone: onTask,
  reEnable: onTask,
  act: object({ action: oneOf(...ACTIONS), taskIds: list(id()) }, { withDependents: flag(), reason: text() }),
  setPaused: object({ paused: flag() }),
  disableWorker: object({ worker: id() }),
  setWorkerPaused: object({ worker: id(), paused: flag() }),
  setWorkerProcesses: object({ worker: id(), processes: integer(1) }),
  setResource: object({ resource: id(), limit: integer(0) }),
  sendMessage: object({ taskId: id(), content: text() }),
  takeResponse: object({ taskId: id(), messageId: text() }),
};

/** Commands by who may send them; `act` has a route of its own. */
export const WORKER_COMMANDS: readonly CommandName[] = [
  "registerWorker",
  "registerBatcher",
  "addTasks",
  "getWork",
  "report",
  "updateRun",
  "heartbeat",
  "respond",
  "unregisterWorker",
];

export const OPERATOR_COMMANDS: readonly CommandName[] = [
  "forgive",
  "markDone",
  "reEnable",
  "setPaused",
  "disableWorker",
  "setWorkerPaused",
  "setWorkerProcesses",
  "setResource",
  "sendMessage",
  "takeResponse",
];

/** What each command does, in a line. */
export const COMMAND_SUMMARIES: { readonly [Name in CommandName]: string } = {
  registerWorker: "A worker introduces itself, or says what changed about it.",
  registerBatcher: "A worker says that it can run several tasks of a family at once.",
  addTasks: "A worker registers tasks: any number, in any order.",
  getWork: "A worker asks for assignments, and may wait for them with `waitMs`.",
  report: "A worker says how an attempt ended.",
  updateRun: "A worker shows the progress of an attempt.",
  heartbeat: "A worker is alive, and fetches its messages.",
  respond: "A running task answers a message of an operator.",
  unregisterWorker: "A worker ends: what it held goes to others.",
  forgive: "A FAILED task becomes PENDING now.",
  markDone: "A task becomes DONE; its attempt is over.",
  reEnable: "A task that the scheduler disabled becomes FAILED, with no failures counted.",
  act: "An operator does one thing to many tasks; `dryRun` tells what it would do.",
  setPaused: "Stops handing out work, or goes on with it.",
  disableWorker: "A worker finishes what it runs and gets nothing else.",
  setWorkerPaused: "A worker gets nothing more, or goes on.",
  setWorkerProcesses: "Tells a worker how many assignments to run at a time.",
  setResource: "Sets the limit of a resource.",
  sendMessage: "Sends a message to a running task.",
  takeResponse: "Fetches the response to a message, once.",
};
