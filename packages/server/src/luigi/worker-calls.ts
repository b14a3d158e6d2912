import type {
  Assignment,
  ParamVisibility,
  RegisteredStatus,
  RetryPolicy,
  TaskSpec,
  WorkReply,
} from "@leat/scheduler";
import type { Emails } from "../emails.ts";
import type { Engine } from "../engine.ts";
import { HttpError } from "../http-error.ts";
import type { Arguments } from "./arguments.ts";
import type { Calls } from "./calls.ts";
import { moduleOrNull } from "./luigi-task.ts";
import { batchIdOf, type Run, type Runs } from "./runs.ts";

/** What Luigi's workers and their running tasks call. */
export function workerCalls(engine: Engine, runs: Runs, emails: Emails): Calls {
  const update = (taskId: string, change: object) => updateRun(engine, runs, taskId, change);
  return {
    add_task: (args) => addTask(engine, runs, args),
    add_task_batcher: (args) => addBatcher(engine, args),
    add_worker: (args) => addWorker(engine, args),
    announce_scheduling_failure: (args) => announceFailure(emails, args),
    get_work: (args) => getWork(engine, runs, args),
    count_pending: (args) => countPending(engine, args),
    ping: (args) => ping(engine, args),
    set_task_status_message: (args) =>
      update(args.text("task_id"), { statusMessage: args.anyText("status_message") }),
    set_task_progress_percentage: (args) =>
      update(args.text("task_id"), { progressPercentage: args.number("progress_percentage") ?? 0 }),
    decrease_running_task_resources: (args) =>
      update(args.text("task_id"), { decreaseResources: args.numbers("decrease_resources") ?? {} }),
    report_task_statistics: () => null,
    // luigid exports it by accident; nobody outside it can call it to an end.
    update_metrics_task_started: () => null,
    add_scheduler_message_response: async (args) => {
      const [taskId, messageId] = [args.text("task_id"), args.text("message_id")];
      await engine.execute({
        type: "respond",
        taskId,
        messageId,
        response: args.anyText("response"),
      });
      return null;
    },
  };
}

/**
 * One call for many things: a worker registers a task, says how an attempt ended, gives a tracking URL, or announces
 * that it runs a batch. Only a report carries `new_deps`, be it an empty list.
 */
async function addTask(engine: Engine, runs: Runs, args: Arguments): Promise<null> {
  const [worker, taskId] = [args.text("worker"), args.text("task_id")];
  const status = args.optionalText("status") ?? "PENDING";
  const batchId = args.optionalText("batch_id");
  if (status === "RUNNING") {
    if (batchId !== undefined) runs.announce(taskId, worker, batchId);
    const trackingUrl = args.optionalText("tracking_url");
    return trackingUrl === undefined ? null : updateRun(engine, runs, taskId, { trackingUrl });
  }
  const run = runs.find(taskId, worker, args.optionalText("family"));
  const newDeps = args.texts("new_deps") ?? [];
  const isEnd = status === "DONE" || status === "FAILED" || newDeps.length > 0;
  if (run !== undefined && isEnd) return report(engine, run, status, newDeps, args);
  // The attempt was ended by somebody else. That it failed is no news then; that the output is there is.
  if (status === "FAILED" || newDeps.length > 0) return null;
  const assistant = args.flag("assistant");
  await engine.execute({ type: "addTasks", worker, assistant, tasks: [toSpec(taskId, status, args)] });
  return null;
}

async function report(
  engine: Engine,
  run: Run,
  status: string,
  newDeps: readonly string[],
  args: Arguments,
): Promise<null> {
  const outcome = status === "DONE" || status === "FAILED" ? status : "PENDING";
  await engine.execute({ type: "report", ...run, outcome, newDeps, ...explanationOf(args) });
  return null;
}

const STATUSES: { readonly [status: string]: RegisteredStatus } = {
  PENDING: "PENDING",
  SUSPENDED: "PENDING",
  DONE: "DONE",
  DISABLED: "DISABLED",
  UNKNOWN: "UNKNOWN",
};

function toSpec(taskId: string, status: string, args: Arguments): TaskSpec {
  const known = STATUSES[status];
  if (known === undefined) throw new HttpError(400, "INVALID_COMMAND", `"${status}" is no status of a task.`);
  return {
    taskId,
    status: known,
    runnable: args.flag("runnable", true),
    priority: args.number("priority") ?? 0,
    resources: args.numbers("resources") ?? {},
    acceptsMessages: args.flag("accepts_messages"),
    retry: retryOf(args),
    ...explanationOf(args),
    ...given("family", args.optionalText("family")),
    ...given("module", args.optionalText("module")),
    ...given("params", args.textMap("params")),
    ...given("paramVisibilities", visibilitiesOf(args)),
    ...given("deps", args.texts("deps")),
    ...given("owners", args.texts("owners")),
    ...(args.has("batchable") ? { batchable: args.flag("batchable") } : {}),
  };
}

function given<Name extends string, T>(name: Name, value: T | undefined): { readonly [N in Name]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { [N in Name]?: T };
}

function visibilitiesOf(args: Arguments): { readonly [name: string]: ParamVisibility } | undefined {
  const given = args.numbers("param_visibilities");
  if (given === undefined) return undefined;
  const known = Object.entries(given).filter(([, visibility]) => [0, 1, 2].includes(visibility));
  return Object.fromEntries(known) as { [name: string]: ParamVisibility };
}

function retryOf(args: Arguments): Partial<RetryPolicy> {
  const policy = args.map("retry_policy_dict") ?? {};
  const numberOf = (name: string) => (typeof policy[name] === "number" ? policy[name] : undefined);
  return {
    ...given("retryCount", numberOf("retry_count")),
    ...given("disableHardTimeoutSeconds", numberOf("disable_hard_timeout")),
    ...given("disableWindowSeconds", numberOf("disable_window")),
  };
}

/** Luigi's workers send the text as JSON; people want to read it as it is. */
function explanationOf(args: Arguments): { readonly explanation?: string } {
  const text = args.optionalText("expl");
  if (text === undefined) return {};
  try {
    const decoded: unknown = JSON.parse(text);
    return { explanation: typeof decoded === "string" ? decoded : text };
  } catch {
    return { explanation: text };
  }
}

/** The worker could not tell whether the task is complete or what it requires. */
function announceFailure(emails: Emails, args: Arguments): null {
  const family = args.optionalText("family") ?? "";
  const { explanation = "" } = explanationOf(args);
  emails.add({
    trouble: "scheduling failure",
    label: args.text("task_name"),
    family,
    params: args.textMap("params") ?? {},
    batchedParams: emails.batchedParams(family),
    message: explanation,
    owners: args.texts("owners") ?? [],
  });
  return null;
}

async function addBatcher(engine: Engine, args: Arguments): Promise<null> {
  const maxBatchSize = args.get("max_batch_size");
  await engine.execute({
    type: "registerBatcher",
    worker: args.text("worker"),
    family: args.text("task_family"),
    batchedParams: args.texts("batched_args") ?? [],
    ...(Number.isInteger(maxBatchSize) ? { maxBatchSize: maxBatchSize as number } : {}),
  });
  return null;
}

async function addWorker(engine: Engine, args: Arguments): Promise<null> {
  const info = args.map("info") ?? {};
  const shown = Object.entries(info).filter(([, value]) => value === null || typeof value !== "object");
  const processes = info["workers"];
  await engine.execute({
    type: "registerWorker",
    worker: args.text("worker"),
    info: Object.fromEntries(shown) as { [key: string]: string | number | boolean | null },
    ...(Number.isInteger(processes) && (processes as number) > 0 ? { processes: processes as number } : {}),
    ...(info["assistant"] === true ? { assistant: true } : {}),
  });
  return null;
}

async function getWork(engine: Engine, runs: Runs, args: Arguments): Promise<object> {
  const worker = args.text("worker");
  const current = args.texts("current_tasks");
  const reply = await engine.execute({
    type: "getWork",
    worker,
    ...(args.flag("assistant") ? { assistant: true } : {}),
    ...(current === undefined ? {} : { running: runs.tokens(worker, current) }),
  });
  return { ...counts(engine, reply), ...assignmentOf(reply.assignments[0]) };
}

function counts({ scheduler }: Engine, reply: WorkReply): object {
  return {
    n_pending_tasks: reply.pending,
    n_unique_pending: reply.uniquePending,
    n_pending_last_scheduled: reply.pendingLastScheduled,
    worker_state: reply.workerState,
    running_tasks: reply.runningElsewhere.map(({ taskId, worker }) => ({
      ...scheduler.worker(worker)?.info,
      task_id: taskId,
      worker,
    })),
  };
}

function assignmentOf(assignment: Assignment | undefined): object {
  if (assignment === undefined) return { task_id: null };
  const { taskId, family, module, params, batch } = assignment;
  const common = { task_family: family, task_module: moduleOrNull(module) };
  if (batch === undefined) return { ...common, task_id: taskId, task_params: params };
  return {
    ...common,
    task_id: null,
    task_params: { ...params, ...batch.batchedParams },
    batch_id: batchIdOf(batch.taskIds),
    batch_task_ids: batch.taskIds,
  };
}

/** Of a worker that is not known: nothing, and it stays unknown. */
async function countPending(engine: Engine, args: Arguments): Promise<object> {
  const worker = args.text("worker");
  if (engine.scheduler.worker(worker) !== undefined) {
    return counts(engine, await engine.execute({ type: "getWork", worker, slots: 0 }));
  }
  const none = { n_pending_tasks: 0, n_unique_pending: 0, n_pending_last_scheduled: 0 };
  return { ...none, worker_state: "active", running_tasks: [] };
}

/** Luigi's workers take each message for a new one: so they get it once. */
async function ping(engine: Engine, args: Arguments): Promise<object> {
  const worker = args.text("worker");
  const { messages } = await engine.execute({ type: "heartbeat", worker });
  const last = messages.at(-1);
  if (last !== undefined) await engine.execute({ type: "heartbeat", worker, acknowledge: last.number });
  return {
    rpc_messages: messages.map((message) =>
      message.name === "setProcesses"
        ? { name: "set_worker_processes", kwargs: { n: message.processes } }
        : {
            name: "dispatch_scheduler_message",
            kwargs: { task_id: message.taskId, message_id: message.messageId, content: message.content },
          },
    ),
  };
}

async function updateRun(engine: Engine, runs: Runs, taskId: string, change: object): Promise<null> {
  const run = runs.find(taskId);
  if (run !== undefined) await engine.execute({ type: "updateRun", ...run, ...change });
  return null;
}
