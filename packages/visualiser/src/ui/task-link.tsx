import type { TaskStatus, TaskView } from "../api/types.ts";
import { toHash } from "../live/location.ts";
import { paramText, taskTitle } from "../words/task-text.ts";
import { StateIcon } from "./state-icon.tsx";

/** Leads to the page of a task. */
export function TaskLink({
  taskId,
  status,
  label,
}: {
  readonly taskId: string;
  readonly status?: TaskStatus | null;
  readonly label?: string;
}) {
  return (
    <a class="task-link" href={toHash("task", taskId)} title={taskId}>
      {status === undefined ? null : <StateIcon status={status} />}
      <span>{label ?? taskId}</span>
    </a>
  );
}

/** Name of a task and, quieter, its parameters. */
export function TaskName({
  task,
}: {
  readonly task: Pick<TaskView, "taskId" | "family" | "params" | "paramVisibilities" | "label">;
}) {
  const params = task.label === undefined ? paramText(task) : "";
  return (
    <a class="task-name" href={toHash("task", task.taskId)}>
      <span class="task-family">{taskTitle(task)}</span>
      {params === "" ? null : <span class="task-params">{params}</span>}
    </a>
  );
}
