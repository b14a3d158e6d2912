import type { Resources, ResourceView, TaskDetails, Workers, WorkerView } from "../api/types.ts";
import { now } from "../live/clock.ts";
import { status } from "../live/overview.ts";
import { client } from "../live/session.ts";
import { useLoaded } from "../live/use-loaded.ts";
import { Progress } from "../ui/meter.tsx";
import { TrackingLink } from "../ui/safe-link.tsx";
import { TaskLink } from "../ui/task-link.tsx";
import { formatTime } from "../words/format.ts";
import { type Reason, whyOf } from "../words/why.ts";
import { ACTIONS } from "../actions/actions.ts";
import type { TaskAround } from "../views/task-view.tsx";

/** Why the task is in its state, in words; and how far it is when it runs. */
export function WhyCard({ around: { task, up } }: { readonly around: TaskAround }) {
  const isWaiting = task.status === "PENDING";
  const read = useLoaded(`${task.taskId} ${task.status} ${isWaiting ? task.deps.length : ""}`, () =>
    isWaiting ? readSurroundings() : Promise.resolve({ resources: [], workers: [] }),
  );
  const reasons = whyOf(task, {
    now: now.value,
    isPaused: status.value?.paused === true,
    deps: up.nodes.filter(({ depth }) => depth === 1),
    resources: read.data?.resources ?? [],
    workers: read.data?.workers ?? [],
  });
  return (
    <section class="card why" aria-label="Why">
      {isWaiting && read.data === undefined
        ? null
        : reasons.map((reason) => <Words key={reason.text} reason={reason} />)}
      <Running task={task} />
      <Note task={task} />
    </section>
  );
}

async function readSurroundings(): Promise<{
  resources: readonly ResourceView[];
  workers: readonly WorkerView[];
}> {
  const [{ resources }, { workers }] = await Promise.all([
    client.get<Resources>("resources"),
    client.get<Workers>("workers"),
  ]);
  return { resources, workers };
}

/** The rest is in the graph. */
const SHOWN = 12;

function Words({ reason: { text, tasks = [] } }: { readonly reason: Reason }) {
  return (
    <>
      <p class="why-text">{text}</p>
      {tasks.length === 0 ? null : (
        <ul class="why-tasks">
          {tasks.slice(0, SHOWN).map(({ taskId, status }) => (
            <li key={taskId}>
              <TaskLink taskId={taskId} status={status} />
            </li>
          ))}
          {tasks.length > SHOWN ? <li class="quiet">and {tasks.length - SHOWN} more</li> : null}
        </ul>
      )}
    </>
  );
}

function Running({ task }: { readonly task: TaskDetails }) {
  const { progressPercentage, statusMessage, trackingUrl } = task;
  return (
    <>
      {progressPercentage === undefined ? null : <Progress percentage={progressPercentage} />}
      {statusMessage === undefined ? null : <p class="status-message">{statusMessage}</p>}
      {trackingUrl === undefined ? null : (
        <p>
          <TrackingLink url={trackingUrl} />
        </p>
      )}
    </>
  );
}

/** What an operator did last, and why. */
function Note({ task: { note } }: { readonly task: TaskDetails }) {
  if (note === undefined) return null;
  return (
    <p class="note">
      <span class="quiet">{formatTime(note.at)}</span> An operator chose “{ACTIONS[note.action].name}”
      {note.reason === "" ? "." : `: ${note.reason}`}
    </p>
  );
}
