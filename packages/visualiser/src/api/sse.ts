/** One message of a stream of server-sent events. */
export interface SseMessage {
  /** Empty when the message had none. */
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/**
 * Reads the text of a stream of server-sent events, which comes in pieces that end anywhere. A browser's own
 * `EventSource` cannot send a token, so the page reads the stream itself.
 */
export class SseParser {
  #rest = "";

  /** The messages that are complete with this piece. */
  push(piece: string): SseMessage[] {
    const blocks = (this.#rest + piece).split("\n\n");
    this.#rest = blocks.pop() as string;
    return blocks.map(toMessage).filter((message) => message.data !== "");
  }
}

function toMessage(block: string): SseMessage {
  const message = { id: "", event: "message", data: "" };
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    const field = line.slice(0, colon);
    const value = line.slice(colon + 2);
    if (field === "id") message.id = value;
    else if (field === "event") message.event = value;
    else if (field === "data") message.data += value;
  }
  return message;
}
