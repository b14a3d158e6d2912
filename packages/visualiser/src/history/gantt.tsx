import { useState } from "preact/hooks";
import { toHash } from "../live/location.ts";
import { Button } from "../ui/button.tsx";
import { stateClass } from "../ui/state-icon.tsx";
import { formatDuration, formatTime, plural } from "../words/format.ts";
import { statusName } from "../words/statuses.ts";
import type { Bar, Row, TimeLine } from "./time-line.ts";

/** Rows that are drawn before the user asks for more. */
const PART = 100;

/** A line for each task, a bar for each attempt, from the first start to the last end. */
export function Gantt({ line }: { readonly line: TimeLine }) {
  const [shown, setShown] = useState(PART);
  const rows = line.rows.slice(0, shown);
  return (
    <>
      <div class="gantt">
        <Scale line={line} />
        <ul>
          {rows.map((row) => (
            <GanttRow key={row.task.taskId} row={row} />
          ))}
        </ul>
      </div>
      {line.rows.length > shown ? (
        <Button onClick={() => setShown(shown + 5 * PART)}>
          Show {plural(line.rows.length - shown, "more task")}
        </Button>
      ) : null}
    </>
  );
}

const TICKS = [0, 25, 50, 75, 100] as const;

function Scale({ line: { startedAt, endedAt } }: { readonly line: TimeLine }) {
  return (
    <div class="gantt-scale" aria-hidden="true">
      {TICKS.map((tick) => (
        <span
          key={tick}
          style={{ left: `${tick}%` }}
          title={formatTime(startedAt + ((endedAt - startedAt) * tick) / 100)}
        >
          {tick === 0
            ? formatTime(startedAt).slice(11)
            : `+${formatDuration(((endedAt - startedAt) * tick) / 100)}`}
        </span>
      ))}
    </div>
  );
}

function GanttRow({ row: { task, isCritical, bars } }: { readonly row: Row }) {
  return (
    <li class={isCritical ? "gantt-critical" : ""}>
      <a class="gantt-name" href={toHash("task", task.taskId)} title={task.taskId}>
        {isCritical ? <span class="unseen">On the critical path: </span> : null}
        {task.label}
      </a>
      <span class="gantt-track">
        {bars.map((bar) => (
          <span
            key={bar.token}
            class={`gantt-bar ${stateClass(bar.outcome ?? "RUNNING")}`}
            style={{ left: `${bar.left}%`, width: `${bar.width}%` }}
            title={barWords(bar)}
          />
        ))}
      </span>
      <span class="gantt-took">
        {formatDuration(bars.reduce((sum, bar) => sum + bar.endedAt - bar.startedAt, 0))}
      </span>
    </li>
  );
}

function barWords({ outcome, startedAt, endedAt, worker }: Bar): string {
  return `${statusName(outcome ?? "RUNNING")} in ${formatDuration(endedAt - startedAt)} on ${worker}, from ${formatTime(startedAt)}`;
}
