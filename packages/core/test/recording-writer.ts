import type { FileWriter } from "@leat/core";

type Name = "write" | "commit" | "abort";

/** A file writer that keeps what it is told, and fails or waits when a test wants it to. */
export class RecordingWriter implements FileWriter {
  readonly calls: { readonly name: Name; readonly bytes: number }[] = [];
  readonly opened: Promise<void>;
  readonly #chunks: Buffer[] = [];
  readonly #failures = new Map<Name, Error>();
  readonly #gates = new Map<Name, Promise<void>>();
  readonly #waiting = new Map<Name, () => void>();
  #open: () => void = () => {};

  constructor() {
    this.opened = new Promise((resolve) => (this.#open = resolve));
  }

  async open(): Promise<this> {
    // Whoever waits for it goes on when the opening has been seen.
    setImmediate(this.#open);
    return this;
  }

  get content(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  names(): Name[] {
    return this.calls.map(({ name }) => name);
  }

  /** Makes calls fail. */
  fail(name: Name): Error {
    const failure = new Error(`cannot ${name}`);
    this.#failures.set(name, failure);
    return failure;
  }

  /** Makes calls wait until the result is called. */
  hold(name: Name): () => void {
    let release: () => void = () => {};
    this.#gates.set(name, new Promise((resolve) => (release = resolve)));
    return release;
  }

  /** Waits for a call. */
  async reached(name: Name): Promise<void> {
    if (this.names().includes(name)) return;
    await new Promise<void>((resolve) => this.#waiting.set(name, resolve));
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#chunks.push(Buffer.from(chunk));
    await this.#call("write", chunk.byteLength);
  }

  commit(): Promise<void> {
    return this.#call("commit", 0);
  }

  abort(): Promise<void> {
    return this.#call("abort", 0);
  }

  async #call(name: Name, bytes: number): Promise<void> {
    this.calls.push({ name, bytes });
    this.#waiting.get(name)?.();
    await this.#gates.get(name);
    const failure = this.#failures.get(name);
    if (failure !== undefined) throw failure;
  }
}
