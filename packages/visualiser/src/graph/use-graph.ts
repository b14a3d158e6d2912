import { useEffect, useRef, useState } from "preact/hooks";
import type { Graph, TaskStatus } from "../api/types.ts";
import { onBatch } from "../live/live.ts";
import { client } from "../live/session.ts";
import { useLoaded, type Loaded } from "../live/use-loaded.ts";
import { type GraphModel, withGraph, withStatuses } from "./model.ts";

export interface GraphOptions {
  /** Longest distance from the task. */
  readonly depth: number;
  readonly hidesDone: boolean;
}

/** As many as leatd gives at once. */
const LIMIT = 10_000;

interface LoadedGraph extends Loaded<{ readonly model: GraphModel; readonly isTruncated: boolean }> {
  /** Reads what a task requires and what requires it, and adds that to the model. */
  readonly expand: (taskId: string) => Promise<void>;
}

/** The surroundings of a task, up and down, whose states follow the events. */
export function useGraph(taskId: string, options: GraphOptions): LoadedGraph {
  const [model, setModel] = useState<GraphModel>(new Map());
  // States since the graph was asked for: those heard before it comes may be newer than it.
  const heard = useRef(new Map<string, TaskStatus>()).current;
  const loaded = useLoaded(JSON.stringify([taskId, options]), async (signal) => {
    heard.clear();
    const graphs = await readBoth(taskId, options, signal);
    setModel(withStatuses(withGraph(new Map(), ...graphs), heard));
    return graphs.some(({ isTruncated }) => isTruncated);
  });
  useEffect(
    () =>
      onBatch(({ events, isReset }) => {
        if (isReset) loaded.reload();
        const changes = new Map<string, TaskStatus>();
        for (const event of events) if (event.type === "task:status") changes.set(event.taskId, event.to);
        for (const [changed, status] of changes) heard.set(changed, status);
        if (changes.size > 0) setModel((before) => withStatuses(before, changes));
      }),
    [loaded.reload],
  );
  const expand = async (taskId: string) => {
    const graphs = await readBoth(taskId, { ...options, depth: 1 });
    setModel((before) => withStatuses(withGraph(before, ...graphs), heard));
  };
  const data = loaded.data === undefined ? undefined : { model, isTruncated: loaded.data };
  return { ...loaded, data, expand };
}

function readBoth(
  taskId: string,
  { depth, hidesDone }: GraphOptions,
  signal?: AbortSignal,
): Promise<[Graph, Graph]> {
  const read = (direction: "up" | "down") =>
    client.get<Graph>(
      `tasks/${encodeURIComponent(taskId)}/graph`,
      { direction, depth, limit: LIMIT, includeDone: !hidesDone },
      signal,
    );
  return Promise.all([read("up"), read("down")]);
}
