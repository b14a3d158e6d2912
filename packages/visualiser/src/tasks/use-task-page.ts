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
  const loaded = useLoaded(JSON.stringify(apiQuery), (signal) =>
    client.get<TaskPage>("tasks", apiQuery, signal),
  );
  const held = useRef({ isHeld: false, isStale: false });
  const patched = usePatched(loaded.data);
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

/** The page with the states that its tasks got since it was read. */
function usePatched(page: TaskPage | undefined): TaskPage | undefined {
  const [patched, setPatched] = useState(page);
  useEffect(() => setPatched(page), [page]);
  useEffect(() => onBatch(({ events }) => setPatched((before) => before && patchPage(before, events))), []);
  return patched;
}

/** The same object when no event is about the page. */
function patchPage(page: TaskPage, events: readonly SchedulerEvent[]): TaskPage {
  const changes = new Map<string, Partial<TaskView>>();
  const shown = new Set(page.tasks.map(({ taskId }) => taskId));
  for (const event of events) {
    const change = "taskId" in event && shown.has(event.taskId) ? changeOf(event) : undefined;
    if (change !== undefined && "taskId" in event) {
      changes.set(event.taskId, { ...changes.get(event.taskId), ...change });
    }
  }
  if (changes.size === 0) return page;
  return { ...page, tasks: page.tasks.map((task) => ({ ...task, ...changes.get(task.taskId) })) };
}

function changeOf(event: SchedulerEvent): Partial<TaskView> | undefined {
  if (event.type === "task:status") return statusChange(event.to, event.at);
  if (event.type !== "task:progress") return undefined;
  const { statusMessage, progressPercentage } = event;
  return {
    ...(statusMessage === undefined ? {} : { statusMessage }),
    ...(progressPercentage === undefined ? {} : { progressPercentage }),
  };
}

function statusChange(status: TaskStatus, at: number): Partial<TaskView> {
  const isStart = status === "RUNNING" || status === "BATCH_RUNNING";
  return { status, updatedAt: at, ...(isStart ? { lastStartedAt: at } : {}) };
}
