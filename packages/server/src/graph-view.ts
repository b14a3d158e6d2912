import type { Scheduler, TaskStatus } from "@leat/scheduler";
import { taskLabel } from "./task-label.ts";

interface GraphNode {
  readonly taskId: string;
  readonly label: string;
  /** `null`: required, but not there any more. */
  readonly status: TaskStatus | null;
  readonly family: string;
  /** Distance from the task that was asked for; negative upstream when both directions were. */
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
  readonly direction: "up" | "down" | "both";
  readonly depth: number;
  readonly limit: number;
  readonly includeDone: boolean;
}

type OneWay = GraphQuery & { readonly direction: "up" | "down" };

/** The surroundings of a task, breadth first. `undefined` when there is no such task. */
export function viewGraph(scheduler: Scheduler, taskId: string, query: GraphQuery): GraphView | undefined {
  if (scheduler.task(taskId) === undefined) return undefined;
  if (query.direction !== "both") return walk(scheduler, taskId, query as OneWay);
  const limit = Math.ceil(query.limit / 2);
  const up = walk(scheduler, taskId, { ...query, direction: "up", limit });
  const down = walk(scheduler, taskId, { ...query, direction: "down", limit });
  const upstream = up.nodes.slice(1).map((node) => ({ ...node, depth: -node.depth }));
  // In a cycle a task is both; it is shown once.
  const seen = new Set(upstream.map((node) => node.taskId));
  const nodes = [...upstream, ...down.nodes.filter((node) => !seen.has(node.taskId))];
  return { nodes, isTruncated: up.isTruncated || down.isTruncated };
}

function walk(scheduler: Scheduler, taskId: string, query: OneWay): GraphView {
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
  return {
    taskId,
    label: task === undefined || task.family === "" ? taskId : taskLabel(task),
    status: task?.status ?? null,
    family: task?.family ?? "",
    depth,
    deps: task?.deps ?? [],
  };
}

function neighbours(scheduler: Scheduler, { taskId, deps }: GraphNode, query: OneWay): readonly string[] {
  const next = query.direction === "up" ? deps : scheduler.dependents(taskId);
  return query.includeDone ? next : next.filter((id) => scheduler.task(id)?.status !== "DONE");
}

/** Tasks of one family within a part of the graph. */
interface GraphGroup {
  readonly family: string;
  readonly count: number;
  readonly byStatus: { readonly [status: string]: number };
  /** Families that tasks of this one require, with the number of such requirements. */
  readonly requires: { readonly [family: string]: number };
}

export interface GraphGroups {
  readonly groups: readonly GraphGroup[];
  readonly isTruncated: boolean;
}

/** The same part of the graph with each family folded into one node. */
export function foldGraph({ nodes, isTruncated }: GraphView): GraphGroups {
  const families = new Map(nodes.map(({ taskId, family }) => [taskId, family]));
  const groups = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    const members = groups.get(node.family) ?? [];
    groups.set(node.family, members);
    members.push(node);
  }
  return {
    groups: [...groups].map(([family, members]) => ({
      family,
      count: members.length,
      byStatus: countBy(members.map(({ status }) => status ?? "UNKNOWN")),
      requires: countBy(members.flatMap(({ deps }) => deps.flatMap((dep) => families.get(dep) ?? []))),
    })),
    isTruncated,
  };
}

function countBy(names: readonly string[]): { readonly [name: string]: number } {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}
