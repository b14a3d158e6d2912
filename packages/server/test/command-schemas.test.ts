import type { RetryPolicy, SchedulerApi, TaskSpec } from "@leat/scheduler";
import { expect, it } from "vitest";
import {
  COMMAND_SCHEMAS,
  type CommandName,
  OPERATOR_COMMANDS,
  WORKER_COMMANDS,
} from "../src/command-schemas.ts";

type Members<T> = { readonly [Name in keyof Required<T>]: true };
type CommandMembers = { readonly [Name in CommandName]: Members<Parameters<SchedulerApi[Name]>[0]> };

/** All members that the scheduler's types have: the compiler refuses a list that is not complete. */
const MEMBERS: CommandMembers = {
  registerWorker: { worker: true, processes: true, assistant: true, families: true, info: true },
  registerBatcher: { worker: true, family: true, batchedParams: true, maxBatchSize: true },
  addTasks: { worker: true, tasks: true, assistant: true },
  getWork: { worker: true, slots: true, running: true, assistant: true },
  report: {
    worker: true,
    taskId: true,
    token: true,
    outcome: true,
    newDeps: true,
    suspended: true,
    explanation: true,
    made: true,
  },
  updateRun: {
    worker: true,
    taskId: true,
    token: true,
    statusMessage: true,
    progressPercentage: true,
    trackingUrl: true,
    decreaseResources: true,
  },
  heartbeat: { worker: true, running: true, acknowledge: true },
  respond: { taskId: true, messageId: true, response: true },
  unregisterWorker: { worker: true },
  forgive: { taskId: true },
  markDone: { taskId: true },
  reEnable: { taskId: true },
  act: { action: true, taskIds: true, withDependents: true, reason: true },
  setPaused: { paused: true },
  disableWorker: { worker: true },
  setWorkerPaused: { worker: true, paused: true },
  setWorkerProcesses: { worker: true, processes: true },
  setResource: { resource: true, limit: true },
  sendMessage: { taskId: true, content: true },
  takeResponse: { taskId: true, messageId: true },
};

const SPEC: Members<TaskSpec> = {
  taskId: true,
  family: true,
  module: true,
  params: true,
  paramVisibilities: true,
  status: true,
  deps: true,
  runnable: true,
  priority: true,
  resources: true,
  retry: true,
  batchable: true,
  acceptsMessages: true,
  owners: true,
  label: true,
  explanation: true,
  outputMissing: true,
  suspended: true,
};

const RETRY: Members<RetryPolicy> = {
  retryCount: true,
  retryDelaySeconds: true,
  retryBackoff: true,
  maxRetryDelaySeconds: true,
  disableWindowSeconds: true,
  disableHardTimeoutSeconds: true,
};

const propertiesOf = (json: any): string[] => Object.keys(json.properties).toSorted();

it.each(Object.keys(MEMBERS) as CommandName[])("%s takes over HTTP what the scheduler takes", (name) => {
  expect(propertiesOf(COMMAND_SCHEMAS[name].json)).toEqual(Object.keys(MEMBERS[name]).toSorted());
});

it("a task and its retry policy have all their members", () => {
  const spec = (COMMAND_SCHEMAS.addTasks.json as any).properties.tasks.items;
  expect(propertiesOf(spec)).toEqual(Object.keys(SPEC).toSorted());
  expect(propertiesOf(spec.properties.retry)).toEqual(Object.keys(RETRY).toSorted());
});

it("each command is for workers or for operators", () => {
  // `act` has a route of its own, for operators.
  expect([...WORKER_COMMANDS, ...OPERATOR_COMMANDS, "act"].toSorted()).toEqual(
    Object.keys(MEMBERS).toSorted(),
  );
});
