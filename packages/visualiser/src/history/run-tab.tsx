import type { Run } from "../api/types.ts";
import { findTasks } from "../graph/find-tasks.ts";
import { TaskFinder } from "../graph/task-finder.tsx";
import { now } from "../live/clock.ts";
import { place, setParams } from "../live/location.ts";
import { client } from "../live/session.ts";
import { useLoaded, useReload } from "../live/use-loaded.ts";
import { Blank, Shown } from "../ui/blank.tsx";
import { TaskLink } from "../ui/task-link.tsx";
import { formatDuration, plural } from "../words/format.ts";
import { Gantt } from "./gantt.tsx";
import { type Row, type TimeLine, toTimeLine } from "./time-line.ts";

/** How the tasks below a task followed one another, and which of them made the whole as long as it was. */
export function RunTab() {
  const taskId = place.value.params.get("task");
  return (
    <>
      <div class="tools history-tools">
        <TaskFinder
          label="Find the last task of a run"
          find={findTasks}
          onPick={(task) => setParams({ task })}
        />
      </div>
      {taskId === null ? (
        <Blank title="Choose a task.">
          Its time line shows the task and all that it requires, one below the other.
        </Blank>
      ) : (
        <RunOf key={taskId} taskId={taskId} />
      )}
    </>
  );
}

function RunOf({ taskId }: { readonly taskId: string }) {
  const loaded = useLoaded(taskId, (signal) =>
    client.get<Run>(`tasks/${encodeURIComponent(taskId)}/run`, {}, signal),
  );
  // Of the task itself one may hear before it was read.
  const known = new Set([taskId, ...(loaded.data?.tasks ?? []).map((task) => task.taskId)]);
  useReload(
    ({ events }) => events.some((event) => "taskId" in event && known.has(event.taskId)),
    loaded.reload,
  );
  return (
    <Shown of={loaded}>
      {(run) => {
        const line = toTimeLine(run, now.value);
        return line.rows.length === 0 ? (
          <Blank title="Nothing of this has run yet." />
        ) : (
          <>
            <CriticalPath run={run} rows={line.rows} />
            <section class="card" aria-label={`Time line of ${taskId}`}>
              <h2>
                <TaskLink taskId={taskId} />
              </h2>
              <p class="quiet">{sumOf(line, run)}</p>
              <Gantt line={line} />
            </section>
          </>
        );
      }}
    </Shown>
  );
}

function sumOf({ rows, notRun, startedAt, endedAt }: TimeLine, { isTruncated }: Run): string {
  const others = notRun === 0 ? "" : `, ${plural(notRun, "other")} did not run`;
  return `${plural(rows.length, "task")} ran in ${formatDuration(endedAt - startedAt)}${others}.${isTruncated ? " More tasks are upstream than are shown." : ""}`;
}

/** The chain of tasks that waited for one another the longest. */
function CriticalPath({ run: { criticalPath }, rows }: { readonly run: Run; readonly rows: readonly Row[] }) {
  const byId = new Map(rows.map((row) => [row.task.taskId, row]));
  const chain = criticalPath.flatMap((taskId) => byId.get(taskId) ?? []);
  if (chain.length === 0) return null;
  return (
    <section class="card" aria-label="Critical path">
      <h2>Critical path</h2>
      <ol class="critical">
        {chain.map(({ task, bars }) => (
          <li key={task.taskId}>
            <TaskLink taskId={task.taskId} status={task.status} label={task.label} />
            <span class="quiet">
              {formatDuration(bars.reduce((sum, bar) => sum + bar.endedAt - bar.startedAt, 0))}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
