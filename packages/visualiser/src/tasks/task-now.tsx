import type { TaskView } from "../api/types.ts";
import { now } from "../live/clock.ts";
import { Progress } from "../ui/meter.tsx";
import { TrackingSign } from "../ui/safe-link.tsx";
import { formatDuration, formatRelative } from "../words/format.ts";
import { resourceText } from "../words/task-text.ts";

/** What there is to say of a task in one line: how far it is, how it failed, how long it took. */
export function TaskNow({ task }: { readonly task: TaskView }) {
  switch (task.status) {
    case "RUNNING":
    case "BATCH_RUNNING":
      return <Running task={task} />;
    case "FAILED":
      return (
        <span class="now-failed">
          {errorLine(task.explanation)}
          {task.retryAt === undefined ? null : (
            <span class="quiet"> Retry {formatRelative(task.retryAt, now.value)}</span>
          )}
        </span>
      );
    case "DISABLED":
      return <span class="now-failed">{errorLine(task.explanation)}</span>;
    case "DONE":
      return task.lastStartedAt === undefined ? null : (
        <span class="quiet">{formatDuration(task.updatedAt - task.lastStartedAt)}</span>
      );
    case "PENDING":
    case "UNKNOWN":
      return <span class="quiet">{task.runnable ? resourceText(task.resources) : "External data"}</span>;
  }
}

function Running({ task }: { readonly task: TaskView }) {
  return (
    <span class="now-running">
      {task.progressPercentage === undefined ? null : <Progress percentage={task.progressPercentage} />}
      <span class="quiet">
        {task.trackingUrl === undefined ? null : <TrackingSign url={task.trackingUrl} of={task.taskId} />}{" "}
        {formatDuration(now.value - (task.lastStartedAt ?? task.updatedAt))}
        {task.statusMessage === undefined ? "" : ` · ${task.statusMessage}`}
      </span>
    </span>
  );
}

/** Of a Python trace the last line says what went wrong, of a JavaScript one the first. */
export function errorLine(explanation: string = ""): string {
  const lines = explanation.split("\n").filter((line) => line.trim() !== "");
  const [first = ""] = lines;
  return first.startsWith("Traceback") ? (lines.at(-1) as string) : first;
}
