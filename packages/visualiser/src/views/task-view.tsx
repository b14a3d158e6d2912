import { ActionButtons } from "../actions/action-buttons.tsx";
import type { AttemptPage, Graph, TaskDetails } from "../api/types.ts";
import { toHash } from "../live/location.ts";
import { client } from "../live/session.ts";
import { type Loaded, useLoaded, usePolling, useReload } from "../live/use-loaded.ts";
import { AttemptsCard } from "../task/attempts-card.tsx";
import { ErrorCard } from "../task/error-card.tsx";
import { FactsCard } from "../task/facts-card.tsx";
import { LogCard } from "../task/log-card.tsx";
import { MessagesCard } from "../task/messages-card.tsx";
import { NeighboursCard } from "../task/neighbours-card.tsx";
import { ParamsCard } from "../task/params-card.tsx";
import { WhyCard } from "../task/why-card.tsx";
import { Shown } from "../ui/blank.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Icon } from "../ui/icon.tsx";
import { State } from "../ui/state-icon.tsx";
import { useTitle } from "../ui/title.ts";
import { taskTitle } from "../words/task-text.ts";

/** Requirements and dependents that are read with the task. */
const NEIGHBOURS = 200;

/** What the page of a task shows. */
export interface TaskAround {
  readonly task: TaskDetails;
  readonly up: Graph;
  readonly down: Graph;
  readonly attempts: AttemptPage["attempts"];
}

export function TaskView({ taskId }: { readonly taskId: string }) {
  const loaded = useTask(taskId);
  useTitle(loaded.data === undefined ? "Task" : taskTitle(loaded.data.task));
  return (
    <Shown of={loaded}>
      {(around) => (
        <article class="task">
          <Head task={around.task} onDone={loaded.reload} />
          <div class="task-columns">
            <div class="task-main">
              <WhyCard around={around} />
              <ErrorCard task={around.task} />
              <LogCard task={around.task} attempts={around.attempts} />
              <AttemptsCard task={around.task} attempts={around.attempts} />
            </div>
            <div class="task-side">
              {around.task.acceptsMessages ? <MessagesCard task={around.task} /> : null}
              <ParamsCard task={around.task} />
              <NeighboursCard around={around} />
              <FactsCard task={around.task} />
            </div>
          </div>
        </article>
      )}
    </Shown>
  );
}

function useTask(taskId: string): Loaded<TaskAround> {
  const path = `tasks/${encodeURIComponent(taskId)}`;
  const loaded = useLoaded(taskId, async (signal): Promise<TaskAround> => {
    const graph = (direction: "up" | "down") =>
      client.get<Graph>(`${path}/graph`, { direction, depth: 1, limit: NEIGHBOURS }, signal);
    const [task, up, down, { attempts }] = await Promise.all([
      client.get<TaskDetails>(path, {}, signal),
      graph("up"),
      graph("down"),
      client.get<AttemptPage>("attempts", { taskId, limit: 50 }, signal),
    ]);
    return { task, up, down, attempts };
  });
  const around = [...(loaded.data?.up.nodes ?? []), ...(loaded.data?.down.nodes ?? [])];
  // Of the task itself one may hear before it was read.
  const near = new Set([taskId, ...around.map((node) => node.taskId)]);
  useReload(
    ({ events }) => events.some((event) => "taskId" in event && near.has(event.taskId)),
    loaded.reload,
  );
  // Who holds a resource and which worker is free change without an event about this task.
  usePolling(loaded.data?.task.status === "PENDING", 5000, loaded.reload);
  return loaded;
}

function Head({ task, onDone }: { readonly task: TaskDetails; readonly onDone: () => void }) {
  return (
    <header class="task-head">
      <State status={task.status} />
      <h1>{taskTitle(task)}</h1>
      <p class="task-id">
        <span class="mono">{task.taskId}</span>
        <CopyButton text={task.taskId} label="Copy the id" />
        <a href={toHash("graph", task.taskId)}>
          <Icon name="graph" /> Graph
        </a>
        <a href={toHash("history", "", new URLSearchParams({ show: "run", task: task.taskId }))}>Time line</a>
      </p>
      <ActionButtons taskId={task.taskId} status={task.status} onDone={onDone} />
    </header>
  );
}
