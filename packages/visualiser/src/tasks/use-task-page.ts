import { useEffect, useRef, useState } from "preact/hooks";
import type { SchedulerEvent, TaskPage, TaskStatus, TaskView } from "../api/types.ts";
import { onBatch } from "../live/live.ts";
import { client } from "../live/session.ts";
import { type Loaded, useLoaded, useReload } from "../live/use-loaded.ts";
import { type TaskQuery, toApiQuery } from "./task-query.ts";

export interface LivePage extends Loaded<TaskPage> {
  /** While true no row moves or goes: the user is about to click one. Their states change all the same. */
  readonly hold: (isHeld: boolean) => void;
}

/** A page of tasks that follows the events: states at once, rows about once a second. */
export function useTaskPage(query: TaskQuery): LivePage {
  const apiQuery = toApiQuery(query);
  const heard = useRef<Changes>(new Map()).current;
  const loaded = useLoaded(JSON.stringify(apiQuery), (signal) => {
    heard.clear();
    return client.get<TaskPage>("tasks", apiQuery, signal);
  });
  const held = useRef({ isHeld: false, isStale: false });
  const patched = usePatched(loaded.data, heard);
  useReload(
    ({ events }) => events.some(({ type }) => type === "task:status" || type === "task:removed"),
    () => {
      if (held.current.isHeld) held.current.isStale = true;
      else loaded.reload();
    },
  );
  const hold = (isHeld: boolean) => {
    const { isStale } = held.current;
    held.current = { isHeld, isStale: isHeld && isStale };
    if (!isHeld && isStale) loaded.reload();
  };
  return { ...loaded, data: patched, hold };
}

/** What events say of tasks, by their ids. */
type Changes = Map<string, Partial<TaskView>>;

/** The page with what its tasks got since it was asked for: what is heard before it comes may be newer than it. */
function usePatched(page: TaskPage | undefined, heard: Changes): TaskPage | undefined {
  const [patched, setPatched] = useState(page);
  useEffect(() => setPatched(page && patchPage(page, heard)), [page]);
  useEffect(
    () =>
      onBatch(({ events }) => {
        const changes = changesOf(events);
        for (const [taskId, change] of changes) heard.set(taskId, { ...heard.get(taskId), ...change });
        setPatched((before) => before && patchPage(before, changes));
      }),
    [],
  );
  return patched;
}

function changesOf(events: readonly SchedulerEvent[]): Changes {
  const changes: Changes = new Map();
  for (const event of events) {
    const change = changeOf(event);
    if (change !== undefined && "taskId" in event) {
      changes.set(event.taskId, { ...changes.get(event.taskId), ...change });
    }
  }
  return changes;
}

/** The same object when nothing is said about the page. */
function patchPage(page: TaskPage, changes: Changes): TaskPage {
  if (!page.tasks.some(({ taskId }) => changes.has(taskId))) return page;
  return { ...page, tasks: page.tasks.map((task) => ({ ...task, ...changes.get(task.taskId) })) };
}

function changeOf(event: SchedulerEvent): Partial<TaskView> | undefined {
  if (event.type === "task:status") return statusChange(event.to, event.at);
  if (event.type !== "task:progress") return undefined;
  const { statusMessage, progressPercentage, trackingUrl } = event;
  return {
    ...(statusMessage === undefined ? {} : { statusMessage }),
    ...(progressPercentage === undefined ? {} : { progressPercentage }),
    ...(trackingUrl === undefined ? {} : { trackingUrl }),
  };
}

function statusChange(status: TaskStatus, at: number): Partial<TaskView> {
  const isStart = status === "RUNNING" || status === "BATCH_RUNNING";
  return { status, updatedAt: at, ...(isStart ? { lastStartedAt: at } : {}) };
}
