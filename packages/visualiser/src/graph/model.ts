import type { Graph, GraphNode, TaskStatus } from "../api/types.ts";

/** Tasks and what they require, as far as they are known to the page. */
export type GraphModel = ReadonlyMap<string, GraphNode>;

/** The model with what was read in addition; the newer reading of a task counts. */
export function withGraph(model: GraphModel, ...graphs: readonly Graph[]): GraphModel {
  const merged = new Map(model);
  for (const { nodes } of graphs) for (const node of nodes) merged.set(node.taskId, node);
  return merged;
}

/** The model with the states that tasks got since it was read; the same one when none of them is in it. */
export function withStatuses(model: GraphModel, changes: ReadonlyMap<string, TaskStatus>): GraphModel {
  const known = [...changes].filter(([taskId]) => model.has(taskId));
  if (known.length === 0) return model;
  const changed = new Map(model);
  for (const [taskId, status] of known) changed.set(taskId, { ...(model.get(taskId) as GraphNode), status });
  return changed;
}

/** Requirements of a task that the model does not hold. */
export function hiddenDeps(model: GraphModel, { deps }: GraphNode): number {
  return deps.reduce((count, dep) => count + (model.has(dep) ? 0 : 1), 0);
}
