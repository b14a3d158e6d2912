import type { ComponentChildren } from "preact";
import type { TaskView, WorkerView } from "../api/types.ts";
import { now } from "../live/clock.ts";
import { mayOperate } from "../live/session.ts";
import { Meter } from "../ui/meter.tsx";
import { TaskLink, TaskName } from "../ui/task-link.tsx";
import { TaskNow } from "../tasks/task-now.tsx";
import { formatCount, formatRelative, formatTime } from "../words/format.ts";
import { WorkerControls } from "./worker-controls.tsx";

interface WorkerProps {
  readonly worker: WorkerView;
  readonly tasks: readonly TaskView[];
  readonly onDone: () => void;
}

export function WorkerCard({ worker, tasks, onDone }: WorkerProps) {
  const { running, processes } = worker;
  return (
    <section class="card worker" aria-label={worker.worker}>
      <div class="card-head">
        <h2>{worker.worker}</h2>
        <WorkerState worker={worker} />
      </div>
      <div class="load-line">
        <Meter label={`Load of ${worker.worker}`} value={running.length} max={processes} />
        <span>
          <strong>{running.length}</strong> of {processes} {processes === 1 ? "process" : "processes"} busy
        </span>
      </div>
      <dl class="facts">
        <Fact name="Last seen">
          <span title={formatTime(worker.lastActiveAt)}>
            {formatRelative(worker.lastActiveAt, now.value)}
          </span>
        </Fact>
        <Fact name="Started">
          <span title={formatTime(worker.startedAt)}>{formatRelative(worker.startedAt, now.value)}</span>
        </Fact>
        <Fact name="Pending">
          {formatCount(worker.pending)}{" "}
          <span class="quiet">({formatCount(worker.uniquePending)} only here)</span>
        </Fact>
        <Info info={worker.info} />
      </dl>
      {mayOperate.value ? <WorkerControls worker={worker} onDone={onDone} /> : null}
      <RunningTasks tasks={tasks} />
    </section>
  );
}

/** Shown elsewhere on the card. */
const NOT_SHOWN: readonly string[] = ["workers"];

/** What the worker tells of itself, under the names that Luigi's workers use. */
function Info({ info }: { readonly info: WorkerView["info"] }) {
  const facts = Object.entries(info).filter(([name, value]) => value !== "" && !NOT_SHOWN.includes(name));
  return facts.map(([name, value]) =>
    name === "first_task" ? (
      <Fact key={name} name="Root task">
        <TaskLink taskId={String(value)} />
      </Fact>
    ) : (
      <Fact key={name} name={name}>
        {String(value)}
      </Fact>
    ),
  );
}

function WorkerState({ worker: { workerState, paused, assistant } }: { readonly worker: WorkerView }) {
  const [name, look] =
    workerState === "disabled"
      ? (["Draining", "is-disabled"] as const)
      : paused
        ? (["Paused", "is-pending"] as const)
        : (["Active", "is-done"] as const);
  return (
    <span class="worker-states">
      {assistant ? <span class="pill is-running">Assistant</span> : null}
      <span class={`pill ${look}`}>{name}</span>
    </span>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function RunningTasks({ tasks }: { readonly tasks: readonly TaskView[] }) {
  if (tasks.length === 0) return <p class="quiet">Runs nothing.</p>;
  const longestFirst = tasks.toSorted((a, b) => (a.attempt?.startedAt ?? 0) - (b.attempt?.startedAt ?? 0));
  return (
    <ul class="running">
      {longestFirst.map((task) => (
        <li key={task.taskId}>
          <TaskName task={task} />
          <TaskNow task={task} />
        </li>
      ))}
    </ul>
  );
}
