import type { ServerResponse } from "node:http";
import type { SchedulerEvent } from "@leat/scheduler";
import type { Change, ChangeListener } from "./engine.ts";

interface NumberedEvent {
  /** Number of the command and of the event within it. */
  readonly sequence: number;
  readonly index: number;
  readonly event: SchedulerEvent;
}

/** Events kept for readers that come back. */
const KEPT = 20_000;

/** A reader that has this much waiting for it is cut off; it comes back and goes on where it was. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

const HEARTBEAT_MS = 15_000;

/** Events that come within this time are sent together: a page draws no faster, and each sending costs. */
const GATHER_MS = 50;

/**
 * Sends events to readers as they become durable, as server-sent events.
 *
 * The id of an event stays the same when leatd starts again. A reader that names the last one it has seen gets those
 * after it, or first a `reset` when they are not kept any more: then it has to read everything anew.
 */
export class EventStream implements ChangeListener {
  #kept: NumberedEvent[] = [];
  /** Place of the last event that is not kept. */
  #forgotten: Position = [0, 0];
  readonly #readers = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;
  /** Events that the readers do not have yet. */
  #unsent: NumberedEvent[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.#heartbeat = setInterval(() => this.#send(": still here\n\n"), HEARTBEAT_MS).unref();
  }

  /** `sequence`: number of the last command whose events are not known. */
  startAfter(sequence: number): void {
    if (isBefore(this.#forgotten, [sequence, 0])) this.#forgotten = [sequence, 0];
  }

  get readers(): number {
    return this.#readers.size;
  }

  committed(changes: readonly Change[]): void {
    for (const { sequence, events } of changes) {
      const numbered = this.keep(sequence, events);
      if (this.#readers.size > 0) for (const event of numbered) this.#unsent.push(event);
    }
    if (this.#unsent.length > 0) this.#timer ??= setTimeout(() => this.#sendUnsent(), GATHER_MS);
  }

  /** Keeps the events of a command for readers that come back. */
  keep(sequence: number, events: readonly SchedulerEvent[]): NumberedEvent[] {
    const numbered = events.map((event, index) => ({ sequence, index: index + 1, event }));
    for (const event of numbered) this.#kept.push(event);
    if (this.#kept.length >= 2 * KEPT) this.#forget(this.#kept.length - KEPT);
    return numbered;
  }

  /** Sends everything from now on, and what came after `lastId` first. */
  open(response: ServerResponse, lastId: string | undefined): void {
    // What others wait for would come to this one twice.
    this.#sendUnsent();
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(`retry: 1000\n\n${lastId === undefined ? "" : this.#missed(lastId)}`);
    this.#readers.add(response);
    response.on("close", () => this.#readers.delete(response));
  }

  /** Ends all streams: their readers come back to the next leatd. */
  close(): void {
    clearInterval(this.#heartbeat);
    this.#sendUnsent();
    for (const response of this.#readers) response.end();
  }

  #forget(count: number): void {
    this.#forgotten = positionOf(this.#kept[count - 1] as NumberedEvent);
    this.#kept = this.#kept.slice(count);
  }

  #missed(lastId: string): string {
    const last = parseId(lastId);
    if (last === undefined || isBefore(last, this.#forgotten) || isBefore(this.#newest(), last)) {
      return "event: reset\ndata: {}\n\n";
    }
    const missed = this.#kept.filter((numbered) => isBefore(last, positionOf(numbered)));
    return missed.map(toText).join("");
  }

  #newest(): Position {
    const last = this.#kept.at(-1);
    return last === undefined ? this.#forgotten : positionOf(last);
  }

  #sendUnsent(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const events = this.#unsent;
    this.#unsent = [];
    if (events.length > 0 && this.#readers.size > 0) this.#send(events.map(toText).join(""));
  }

  #send(text: string): void {
    const bytes = Buffer.from(text);
    for (const response of this.#readers) {
      if (response.writableLength > MOST_WAITING_BYTES) response.destroy();
      else response.write(bytes);
    }
  }
}

type Position = readonly [sequence: number, index: number];

function positionOf({ sequence, index }: NumberedEvent): Position {
  return [sequence, index];
}

function parseId(text: string): Position | undefined {
  const [, sequence, index] = /^(\d{1,15})-(\d{1,9})$/.exec(text) ?? [];
  return sequence === undefined || index === undefined ? undefined : [Number(sequence), Number(index)];
}

function isBefore([a, aIndex]: Position, [b, bIndex]: Position): boolean {
  return a < b || (a === b && aIndex < bIndex);
}

function toText(numbered: NumberedEvent): string {
  return `id: ${positionOf(numbered).join("-")}\nevent: ${numbered.event.type}\ndata: ${JSON.stringify(numbered.event)}\n\n`;
}
