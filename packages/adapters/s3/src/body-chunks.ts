import type { Readable } from "node:stream";
import { isTimeout } from "./s3-errors.ts";

/** Bytes held between two calls. The network goes on meanwhile. */
const HELD_BYTES = 512 * 1024;

/** The chunks of an answer as they came; what iterates over a stream itself would join those that wait, at the price of a copy. */
export class BodyChunks {
  readonly #body: Readable;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #outcome: { readonly error?: Error } | undefined;
  #isAwaited = false;
  #wake: () => void = () => undefined;

  constructor(body: Readable) {
    this.#body = body;
    body.on("data", (chunk: Uint8Array) => this.#hold(chunk));
    body.once("end", () => this.#finish({}));
    body.on("error", (error) => this.#finish({ error: this.#isIdle(error) ? cutShort() : error }));
    body.once("close", () => this.#finish({ error: cutShort() }));
  }

  /** The next chunk, `undefined` after the last one. Rejects when the connection is lost. */
  async next(): Promise<Uint8Array | undefined> {
    while (this.#chunks.length === 0) {
      if (this.#outcome?.error !== undefined) throw this.#outcome.error;
      if (this.#outcome !== undefined) return undefined;
      this.#isAwaited = true;
      this.#body.resume();
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#isAwaited = false;
    }
    const chunk = this.#chunks.shift() as Uint8Array;
    this.#bytes -= chunk.byteLength;
    return chunk;
  }

  /** Whether no bytes came because nobody read any, for which the server is not to blame. */
  #isIdle(error: Error): boolean {
    return !this.#isAwaited && isTimeout(error);
  }

  #hold(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#bytes >= HELD_BYTES) this.#body.pause();
    this.#wake();
  }

  /** The first outcome is the one that counts: a stream also closes after its end. */
  #finish(outcome: { readonly error?: Error }): void {
    this.#outcome ??= outcome;
    this.#wake();
  }
}

/** What a lost connection is like. */
export function cutShort(): Error {
  return Object.assign(new Error("the answer ended before the object did"), { code: "ECONNRESET" });
}
