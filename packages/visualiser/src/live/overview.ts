import { effect, signal } from "@preact/signals";
import type { Counts, SchedulerEvent, Status, StatusCounts, TaskStatus } from "../api/types.ts";
import { setClock } from "./clock.ts";
import { type Batch, mayRead, onBatch } from "./live.ts";
import { client, session } from "./session.ts";

/** Numbers of tasks, kept in step with the events between two readings. `undefined` until the first. */
export const counts = signal<Counts | undefined>(undefined);

export const status = signal<Status | undefined>(undefined);

const RELOAD_PAUSE_MS = 2000;

export async function readOverview(): Promise<void> {
  const [newCounts, newStatus] = await Promise.all([
    client.get<Counts>("counts"),
    client.get<Status>("status"),
  ]);
  counts.value = newCounts;
  status.value = newStatus;
  setClock(newStatus.now);
}

/** Reads the overview when somebody has signed in, and keeps it true from then on. */
export function startOverview(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const read = () => {
    timer = undefined;
    // When leatd is away the stream says so; the next event reads again.
    readOverview().catch(() => undefined);
  };
  effect(() => {
    if (session.value.state === "open" && mayRead.value) read();
  });
  onBatch((batch) => {
    follow(batch);
    timer ??= setTimeout(read, RELOAD_PAUSE_MS);
  });
}

function follow({ events }: Batch): void {
  if (counts.value !== undefined) {
    counts.value = { ...counts.value, byStatus: countOn(counts.value.byStatus, events) };
  }
  const paused = events.findLast((event) => event.type === "scheduler:paused");
  if (paused !== undefined && status.value !== undefined) {
    status.value = { ...status.value, paused: paused.paused };
  }
}

/** The counts after the events. */
export function countOn(byStatus: StatusCounts, events: readonly SchedulerEvent[]): StatusCounts {
  const counted: { [Status in TaskStatus]?: number } = { ...byStatus };
  const add = (status: TaskStatus, change: 1 | -1) => {
    counted[status] = Math.max(0, (counted[status] ?? 0) + change);
  };
  for (const event of events) {
    if (event.type !== "task:status" || event.from === event.to) continue;
    if (event.from !== null) add(event.from, -1);
    add(event.to, 1);
  }
  return counted;
}
