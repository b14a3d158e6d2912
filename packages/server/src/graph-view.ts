import type { Scheduler, TaskStatus } from "@leat/scheduler";

interface GraphNode {
  readonly taskId: string;
  /** `null`: required, but not there any more. */
  readonly status: TaskStatus | null;
  readonly family: string;
  /** Distance from the task that was asked for. */
  readonly depth: number;
  readonly deps: readonly string[];
}

export interface GraphView {
  readonly nodes: readonly GraphNode[];
  /** There are more nodes than `limit` allowed; those nearest are given. */
  readonly isTruncated: boolean;
}

export interface GraphQuery {
  /** `up`: what the task requires. `down`: what requires it. */
  readonly direction: "up" | "down";
  readonly depth: number;
  readonly limit: number;
  readonly includeDone: boolean;
}

/** The surroundings of a task, breadth first. `undefined` when there is no such task. */
export function viewGraph(scheduler: Scheduler, taskId: string, query: GraphQuery): GraphView | undefined {
  if (scheduler.task(taskId) === undefined) return undefined;
  const depths = new Map([[taskId, 0]]);
  const nodes: GraphNode[] = [];
  for (const [current, depth] of depths) {
    if (nodes.length === query.limit) return { nodes, isTruncated: true };
    const node = toNode(scheduler, current, depth);
    nodes.push(node);
    if (depth === query.depth) continue;
    for (const next of neighbours(scheduler, node, query)) if (!depths.has(next)) depths.set(next, depth + 1);
  }
  return { nodes, isTruncated: false };
}

function toNode(scheduler: Scheduler, taskId: string, depth: number): GraphNode {
  const task = scheduler.task(taskId);
  return { taskId, status: task?.status ?? null, family: task?.family ?? "", depth, deps: task?.deps ?? [] };
}

function neighbours(scheduler: Scheduler, { taskId, deps }: GraphNode, query: GraphQuery): readonly string[] {
  const next = query.direction === "up" ? deps : scheduler.dependents(taskId);
  return query.includeDone ? next : next.filter((id) => scheduler.task(id)?.status !== "DONE");
}
