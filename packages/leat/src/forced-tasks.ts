import { type Task, UsageError } from "@leat/core";
import { classOf, notFoundMessage } from "@leat/worker";
import { type TaskGraph, taskGraph, withDependants } from "./task-graph.ts";

/**
 * Ids of the tasks that are to run though they are complete: those of some families and what depends on them, or all of the
 * graph. External tasks are never among them.
 *
 * @throws UsageError `FLAG_INVALID` for a family that the graph does not have
 */
export async function forcedTasks(root: Task, families: readonly string[] | "all"): Promise<Set<string>> {
  const graph = await taskGraph(root);
  const ids = families === "all" ? [...graph.keys()] : families.flatMap((family) => idsOf(graph, family));
  const forced = withDependants(graph, ids);
  for (const [id, { task }] of graph) if (task.isExternal) forced.delete(id);
  return forced;
}

function idsOf(graph: TaskGraph, family: string): string[] {
  const found = [...graph].filter(([, { task }]) => classOf(task).family === family);
  if (found.length > 0) return found.map(([id]) => id);
  throw notInGraph(graph, family, "--force");
}

/** The error for a family of which the graph has no task. */
export function notInGraph(graph: TaskGraph, family: string, place: string): UsageError {
  const families = new Set(Array.from(graph.values(), ({ task }) => classOf(task).family));
  const message = notFoundMessage("task", family, [...families]).replace("There is no", "The graph has no");
  return new UsageError("FLAG_INVALID", `${place}: ${message}`);
}
