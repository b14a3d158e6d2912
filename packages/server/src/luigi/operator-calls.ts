import type { Engine } from "../engine.ts";
import { HttpError } from "../http-error.ts";
import type { Arguments } from "./arguments.ts";
import type { Calls } from "./calls.ts";
import { toLuigiTask } from "./luigi-task.ts";
import type { Runs } from "./runs.ts";

/** What operators call, from Luigi's page or from scripts. */
export function operatorCalls(engine: Engine, runs: Runs): Calls {
  const onTask = async (type: "forgive" | "markDone", args: Arguments) => {
    const taskId = args.text("task_id");
    const { status } = await engine.execute({ type, taskId });
    return { task_id: taskId, status };
  };
  const setPaused = async (paused: boolean) => {
    await engine.execute({ type: "setPaused", paused });
    return null;
  };
  return {
    forgive_failures: (args) => onTask("forgive", args),
    mark_as_done: (args) => onTask("markDone", args),
    re_enable_task: (args) => reEnable(engine, args.text("task_id")),
    pause: () => setPaused(true),
    unpause: () => setPaused(false),
    disable_worker: async (args) => {
      await engine.execute({ type: "disableWorker", worker: args.text("worker") });
      return null;
    },
    set_worker_processes: async (args) => {
      const processes = Math.max(1, Math.trunc(args.number("n") ?? 1));
      await engine.execute({ type: "setWorkerProcesses", worker: args.text("worker"), processes });
      return null;
    },
    update_resource: (args) => updateResource(engine, args.text("resource"), args.get("amount")),
    update_resources: (args) => updateResources(engine, args),
    send_scheduler_message: async (args) => {
      const taskId = runs.find(args.text("task"))?.taskId ?? args.text("task");
      const content = args.anyText("content");
      const { messageId } = await engine.execute({ type: "sendMessage", taskId, content });
      return { message_id: messageId };
    },
    get_scheduler_message_response: async (args) => {
      const [taskId, messageId] = [args.text("task_id"), args.text("message_id")];
      return engine.execute({ type: "takeResponse", taskId, messageId });
    },
    prune: async () => {
      await engine.execute({ type: "tick" });
      return null;
    },
  };
}

async function reEnable(engine: Engine, taskId: string): Promise<object> {
  const wasDisabled = engine.scheduler.task(taskId)?.disabledUntil !== undefined;
  if (wasDisabled) await engine.execute({ type: "reEnable", taskId });
  const task = engine.scheduler.task(taskId);
  return task === undefined || !wasDisabled ? {} : { ...toLuigiTask(task), deps: task.deps };
}

/** Any number of resources by name. All of them are checked before the first is set. */
async function updateResources(engine: Engine, args: Arguments): Promise<null> {
  const limits = Object.entries(args.all());
  const wrong = limits.find(([, limit]) => !Number.isInteger(limit) || (limit as number) < 0);
  if (wrong !== undefined) {
    throw new HttpError(
      400,
      "INVALID_COMMAND",
      `The limit of "${wrong[0]}" must be an integer of at least 0.`,
    );
  }
  for (const [resource, limit] of limits) {
    await engine.execute({ type: "setResource", resource, limit: limit as number });
  }
  return null;
}

async function updateResource(engine: Engine, resource: string, limit: unknown): Promise<boolean> {
  if (!Number.isInteger(limit) || (limit as number) < 0) return false;
  await engine.execute({ type: "setResource", resource, limit: limit as number });
  return true;
}
