import type { Scheduler, TaskStatus, TaskView, WorkerView } from "@leat/scheduler";
import { viewGraph } from "../graph-view.ts";
import { taskLabel } from "../task-label.ts";
import type { TaskIndex } from "../task-index.ts";
import { inSlices } from "../in-slices.ts";
import type { Arguments } from "./arguments.ts";
import type { Calls } from "./calls.ts";
import { moduleOrNull, resourcesRunning, toLuigiTask, toSeconds, unknownLuigiTask } from "./luigi-task.ts";
import type { Runs } from "./runs.ts";

/** Most tasks of a list and most nodes of a graph: luigid's defaults. */
const MOST = 100_000;

/** What Luigi's page reads. */
export function viewCalls(scheduler: Scheduler, index: TaskIndex, runs: Runs): Calls {
  const shown = (taskId: string) => scheduler.task(runs.find(taskId)?.taskId ?? taskId);
  return {
    task_list: (args) => taskList(scheduler, index, args),
    dep_graph: (args) => graph(scheduler, "up", args),
    inverse_dep_graph: (args) => graph(scheduler, "down", args),
    graph: () => wholeGraph(scheduler, index),
    task_search: (args) => taskSearch(scheduler, index, args.text("task_str")),
    worker_list: (args) => workerList(scheduler, args.flag("include_running", true)),
    resource_list: () => resourceList(scheduler),
    fetch_error: (args) => fetchError(scheduler, args.text("task_id")),
    get_task_status_message: (args) => {
      const taskId = args.text("task_id");
      const task = shown(taskId);
      return { taskId, statusMessage: task === undefined ? "" : (task.statusMessage ?? null) };
    },
    get_task_progress_percentage: (args) => {
      const taskId = args.text("task_id");
      return { taskId, progressPercentage: shown(taskId)?.progressPercentage ?? null };
    },
    get_running_task_resources: (args) => {
      const taskId = args.text("task_id");
      const task = shown(taskId);
      return { taskId, resources: task === undefined ? null : resourcesRunning(task) };
    },
    is_paused: () => ({ paused: scheduler.isPaused }),
    is_pause_enabled: () => ({ enabled: true }),
    has_task_history: () => false,
  };
}

type TaskMap = { [taskId: string]: object };

async function taskList(scheduler: Scheduler, index: TaskIndex, args: Arguments): Promise<object> {
  const status = args.optionalText("status") ?? "";
  const upstream = args.optionalText("upstream_status") ?? "";
  const words = (args.optionalText("search") ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const most = args.flag("limit", true) ? (args.number("max_shown_tasks") ?? MOST) : Infinity;
  const count = status === "" ? index.size : (index.countByStatus()[status as TaskStatus] ?? 0);
  if (words.length === 0 && count > most) return { num_tasks: upstream === "" ? count : -1 };
  const tasks: TaskMap = {};
  for await (const { taskId } of inSlices(index.select(status === "" ? undefined : [status as TaskStatus]))) {
    const task = scheduler.task(taskId);
    if (task !== undefined && hasWords(taskLabel(task), words)) tasks[taskId] = toLuigiTask(task);
  }
  const found = upstream === "" ? tasks : withUpstream(scheduler, tasks, upstream);
  const size = Object.keys(found).length;
  return size > most ? { num_tasks: size } : found;
}

function hasWords(label: string, words: readonly string[]): boolean {
  const text = label.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Only PENDING tasks have such a status; others stay. */
function withUpstream(scheduler: Scheduler, tasks: TaskMap, wanted: string): TaskMap {
  const ids = Object.keys(tasks);
  const statuses = scheduler.upstreamStatuses(ids);
  const kept = ids.filter((id, n) => scheduler.task(id)?.status !== "PENDING" || statuses[n] === wanted);
  return Object.fromEntries(kept.map((id) => [id, tasks[id] as object]));
}

/** Only the task that was asked for has a name for people. One that is not registered stands alone. */
function graph(scheduler: Scheduler, direction: "up" | "down", args: Arguments): object {
  const root = args.text("task_id");
  const includeDone = args.flag("include_done", true);
  const depth = isRegistered(scheduler.task(root)) ? Infinity : 0;
  const view = viewGraph(scheduler, root, { direction, depth, limit: MOST, includeDone });
  const nodes = (view?.nodes ?? []).map(({ taskId }) => {
    const node = toNode(scheduler, taskId, direction, includeDone);
    return [taskId, taskId === root ? node : withoutName(node)];
  });
  return Object.fromEntries(nodes);
}

type Node = { readonly [key: string]: unknown };

function withoutName(node: Node): Node {
  return Object.fromEntries(Object.entries(node).filter(([key]) => key !== "display_name"));
}

function isRegistered(task: TaskView | undefined): task is TaskView {
  return task !== undefined && task.family !== "";
}

async function wholeGraph(scheduler: Scheduler, index: TaskIndex): Promise<TaskMap> {
  const nodes: TaskMap = {};
  for await (const { taskId } of inSlices(index.select())) {
    const node = toNode(scheduler, taskId, "up", true);
    nodes[taskId] = isRegistered(scheduler.task(taskId)) ? node : withoutName(node);
  }
  return nodes;
}

/** Tasks whose ids have the text in them, by status. */
async function taskSearch(
  scheduler: Scheduler,
  index: TaskIndex,
  text: string,
): Promise<{ readonly [status: string]: TaskMap }> {
  const found = new Map<string, TaskMap>();
  for await (const { taskId } of inSlices(index.select())) {
    const task = taskId.includes(text) ? scheduler.task(taskId) : undefined;
    if (task === undefined) continue;
    const tasks = found.get(task.status) ?? {};
    found.set(task.status, tasks);
    tasks[taskId] = toLuigiTask(task);
  }
  return Object.fromEntries(found);
}

function toNode(scheduler: Scheduler, taskId: string, direction: "up" | "down", includeDone: boolean): Node {
  const task = scheduler.task(taskId);
  if (!isRegistered(task)) return unknownLuigiTask(taskId);
  const next = direction === "up" ? task.deps : scheduler.dependents(taskId);
  const deps = includeDone ? next : next.filter((id) => scheduler.task(id)?.status !== "DONE");
  return { ...toLuigiTask(task), deps };
}

function workerList(scheduler: Scheduler, includeRunning: boolean): object[] {
  const workers = scheduler.workers().sort((a, b) => b.startedAt - a.startedAt);
  return workers.map((worker) => ({
    ...worker.info,
    name: worker.worker,
    last_active: toSeconds(worker.lastActiveAt),
    started: toSeconds(worker.startedAt),
    state: worker.workerState,
    first_task_display_name: firstTask(scheduler, worker),
    num_unread_rpc_messages: 0,
    workers: worker.processes,
    ...(includeRunning ? runningOf(scheduler, worker) : {}),
  }));
}

function firstTask(scheduler: Scheduler, { info }: WorkerView): string {
  const first = info["first_task"];
  if (typeof first !== "string") return "";
  const task = scheduler.task(first);
  return task === undefined ? first : taskLabel(task);
}

function runningOf(scheduler: Scheduler, { running, pending, uniquePending }: WorkerView): object {
  return {
    num_running: running.length,
    num_pending: pending,
    num_uniques: uniquePending,
    running: tasksById(scheduler, running),
  };
}

function resourceList(scheduler: Scheduler): object[] {
  return scheduler.resources().map(({ resource, limit, used, holders }) => ({
    name: resource,
    num_total: limit,
    num_used: used,
    num_consumer: holders.length,
    running: tasksById(scheduler, holders),
  }));
}

function tasksById(scheduler: Scheduler, taskIds: readonly string[]): TaskMap {
  const tasks = taskIds.flatMap((taskId) => scheduler.task(taskId) ?? []);
  return Object.fromEntries(tasks.map((task) => [task.taskId, toLuigiTask(task)]));
}

/** The error is JSON, as Luigi's workers send it. */
function fetchError(scheduler: Scheduler, taskId: string): object {
  const task = scheduler.task(taskId);
  if (task === undefined) return { taskId, error: "" };
  return {
    taskId,
    error: task.explanation === undefined ? null : JSON.stringify(task.explanation),
    displayName: taskLabel(task),
    taskParams: task.params,
    taskModule: moduleOrNull(task.module),
    taskFamily: task.family,
  };
}
