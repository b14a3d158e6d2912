import type { TaskPage } from "../api/types.ts";
import { client } from "../live/session.ts";
import { paramText, taskTitle } from "../words/task-text.ts";
import type { GraphModel } from "./model.ts";
import type { Candidate } from "./task-finder.tsx";

const OFFERED = 8;

/** Asks leatd for tasks that have the words in their names. */
export async function findTasks(text: string, signal: AbortSignal): Promise<Candidate[]> {
  const { tasks } = await client.get<TaskPage>(
    "tasks",
    { search: text, limit: OFFERED, sort: "updated", order: "desc" },
    signal,
  );
  return tasks.map((task) => {
    const params = task.label === undefined ? paramText(task) : "";
    return { taskId: task.taskId, status: task.status, name: `${taskTitle(task)} ${params}`.trim() };
  });
}

/** Tasks of the graph that have the text in their names, drawn or folded. */
export function findInGraph(model: GraphModel, text: string): Candidate[] {
  const wanted = text.toLowerCase();
  const found: Candidate[] = [];
  for (const { taskId, status, label } of model.values()) {
    if (!`${taskId} ${label}`.toLowerCase().includes(wanted)) continue;
    found.push({ taskId, status, name: label });
    if (found.length === OFFERED) break;
  }
  return found;
}
