import { signal } from "@preact/signals";
import type { SseMessage } from "../api/sse.ts";
import type { SchedulerEvent } from "../api/types.ts";
import { followEvents } from "./event-source.ts";
import { client } from "./session.ts";

/** What happened since the last batch. */
export interface Batch {
  readonly events: readonly SchedulerEvent[];
  /** Events were missed: what is shown has to be read anew. */
  readonly isReset: boolean;
}

type Listener = (batch: Batch) => void;

/** `away`: the stream is cut, what is shown may be old. */
export const connection = signal<"connecting" | "live" | "away">("connecting");

/** False until events are followed, or do not come for a while: none is missed between what is read after that and the events. */
export const mayRead = signal(false);

/** Some proxies keep the beginning of a stream to themselves. */
const PATIENCE_MS = 2000;

/** More than this in one batch (the tab was hidden) is cheaper to read anew. */
const MOST_EVENTS = 5000;

const listeners = new Set<Listener>();
let waiting: SchedulerEvent[] = [];
let isReset = false;
let isPlanned = false;

/** Calls the listener once for each drawn frame in which something happened. Returns what ends that. */
export function onBatch(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Follows the events of leatd until the signal aborts. */
export function startLive(stop: AbortSignal): void {
  const become = (state: "live" | "away") => {
    connection.value = state;
    mayRead.value = true;
  };
  const handlers = {
    onMessages: take,
    hasRead: () => mayRead.value,
    onOpen: () => become("live"),
    onLost: () => become("away"),
  };
  setTimeout(() => (mayRead.value = true), PATIENCE_MS);
  void followEvents(client, handlers, stop);
}

function take(messages: readonly SseMessage[]): void {
  for (const { event, data } of messages) {
    if (event === "reset") isReset = true;
    else waiting.push(JSON.parse(data) as SchedulerEvent);
  }
  if (waiting.length > MOST_EVENTS) {
    waiting = [];
    isReset = true;
  }
  plan();
}

function plan(): void {
  if (isPlanned) return;
  isPlanned = true;
  requestAnimationFrame(flush);
}

function flush(): void {
  const batch = { events: waiting, isReset };
  waiting = [];
  isReset = false;
  isPlanned = false;
  if (batch.events.length === 0 && !batch.isReset) return;
  for (const listener of listeners) listener(batch);
}
