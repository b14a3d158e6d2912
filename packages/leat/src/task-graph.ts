import { flattenRequirements, messageOf, type Task } from "@leat/core";

/** A task of the whole graph, in which complete tasks are no end: what they require is there as well. */
export interface GraphNode {
  readonly task: Task;
  /** Ids, each once. */
  readonly requires: readonly string[];
  readonly isComplete: boolean;
  /** Why `complete()` or `requires()` of the task threw. */
  readonly error: string | undefined;
}

/** Nodes by id; the first one is the task that was asked for. */
export type TaskGraph = ReadonlyMap<string, GraphNode>;

/** Tasks that are asked together whether they are complete. */
const BATCH = 64;

/** Finds a task and everything upstream of it, complete or not. Nothing is run. */
export async function taskGraph(root: Task): Promise<TaskGraph> {
  const graph = new Map<string, GraphNode>();
  let found = new Map([[root.id, root]]);
  while (found.size > 0) {
    const next = new Map<string, Task>();
    const tasks = [...found.values()];
    for (let at = 0; at < tasks.length; at += BATCH) {
      const nodes = await Promise.all(tasks.slice(at, at + BATCH).map(lookAt));
      for (const { node, required } of nodes) {
        graph.set(node.task.id, node);
        for (const task of required) next.set(task.id, task);
      }
    }
    for (const id of graph.keys()) next.delete(id);
    found = next;
  }
  return graph;
}

async function lookAt(task: Task): Promise<{ node: GraphNode; required: readonly Task[] }> {
  try {
    // First: what a range requires is known once it has looked for what is missing.
    const isComplete = await task.complete();
    const required = flattenRequirements(task.requires(), task);
    const requires = [...new Set(required.map(({ id }) => id))];
    return { node: { task, requires, isComplete, error: undefined }, required };
  } catch (error) {
    return { node: { task, requires: [], isComplete: false, error: messageOf(error) }, required: [] };
  }
}

/** The ids of tasks, and of all that depends on them. */
export function withDependants(graph: TaskGraph, ids: Iterable<string>): Set<string> {
  const dependants = new Map<string, string[]>();
  for (const [id, { requires }] of graph) {
    for (const required of requires) dependants.set(required, [...(dependants.get(required) ?? []), id]);
  }
  const reached = new Set<string>();
  const pending = [...ids];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    pending.push(...(dependants.get(id) ?? []));
  }
  return reached;
}
