import type { Client } from "../api/client.ts";
import { type SseMessage, SseParser } from "../api/sse.ts";

export interface EventHandlers {
  readonly onMessages: (messages: readonly SseMessage[]) => void;
  /** Whether something is shown that events may have changed since. */
  readonly hasRead: () => boolean;
  readonly onOpen: () => void;
  readonly onLost: () => void;
}

const RESET: SseMessage = { id: "", event: "reset", data: "{}" };

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Reads the events of leatd, and comes back where it was when the connection is lost, until the signal aborts. */
export async function followEvents(
  client: Client,
  handlers: EventHandlers,
  signal: AbortSignal,
): Promise<void> {
  let lastId = "";
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    try {
      const headers: { [name: string]: string } = lastId === "" ? {} : { "last-event-id": lastId };
      const response = await client.open("events", {}, signal, headers);
      pauseMs = FIRST_PAUSE_MS;
      // Without an id leatd cannot tell what was missed in between.
      if (lastId === "" && handlers.hasRead()) handlers.onMessages([RESET]);
      handlers.onOpen();
      for await (const messages of messagesOf(response)) {
        lastId = messages.findLast(({ id }) => id !== "")?.id ?? lastId;
        handlers.onMessages(messages);
      }
    } catch {
      // Whatever cut the stream: the reader shows that it is away, and tries again.
    }
    if (signal.aborted) return;
    handlers.onLost();
    await pause(pauseMs * (0.5 + Math.random()), signal);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

async function* messagesOf(response: Response): AsyncGenerator<SseMessage[]> {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const parser = new SseParser();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    const messages = parser.push(read.value);
    if (messages.length > 0) yield messages;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
