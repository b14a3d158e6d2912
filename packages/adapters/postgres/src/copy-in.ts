import type { ClientBase } from "pg";
import { from } from "pg-copy-streams";

/** Bytes that may wait for the socket: so the next chunk is made while the last one is sent. */
const HIGH_WATER_MARK = 512 * 1024;

/**
 * Runs a `COPY … FROM STDIN` with these bytes and gives the number of rows that the server loaded. When `chunks` fails, the
 * server is told to drop what it has, and the error is that of `chunks`.
 *
 * @param translate makes what to throw of an error of the server or the connection
 */
export async function copyIn(
  client: ClientBase,
  text: string,
  chunks: AsyncIterable<Uint8Array>,
  translate: (error: Error) => unknown,
): Promise<number> {
  const copy = new CopyIn(client, text);
  const source = chunks[Symbol.asyncIterator]();
  let isAsked = false;
  try {
    for (;;) {
      isAsked = true;
      const { done, value } = await copy.orFailure(source.next());
      isAsked = false;
      if (done === true) return await copy.end();
      await copy.write(value);
    }
  } catch (error) {
    // What is still at work on a chunk may never give it.
    if (!isAsked) await source.return?.();
    await copy.fail();
    throw copy.error === undefined ? error : translate(copy.error);
  }
}

/** The stream of a COPY, awaited. The driver's stream tells a failure by an event alone. */
class CopyIn {
  readonly #stream: ReturnType<typeof from>;
  readonly #done: Promise<void>;
  #error: Error | undefined;
  #room: () => void = () => {};
  #onFailure: () => void = () => {};

  constructor(client: ClientBase, text: string) {
    this.#stream = client.query(from(text, { highWaterMark: HIGH_WATER_MARK }));
    this.#done = new Promise((resolve) => {
      this.#stream.once("finish", resolve);
      this.#stream.on("error", (error: Error) => {
        this.#error ??= error;
        this.#onFailure();
        resolve();
      });
    });
    this.#stream.on("drain", () => this.#room());
  }

  /** What the server or the connection said; `undefined` while all is well. */
  get error(): Error | undefined {
    return this.#error;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#throwIfFailed();
    if (this.#stream.write(chunk)) return;
    const room = new Promise<void>((resolve) => {
      this.#room = resolve;
    });
    await this.orFailure(room);
  }

  /** What is waited for, or the failure of the copy when that comes first. */
  orFailure<T>(awaited: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#onFailure = () => reject(this.#error);
      if (this.#error !== undefined) this.#onFailure();
      awaited.then(resolve, reject);
    });
  }

  async end(): Promise<number> {
    this.#throwIfFailed();
    this.#stream.end();
    await this.#done;
    this.#throwIfFailed();
    return this.#stream.rowCount;
  }

  /** Makes the server drop the rows, unless it has failed, and waits until it has. */
  async fail(): Promise<void> {
    if (this.#error !== undefined) return;
    const told = new Promise((resolve) => this.#stream.once("error", resolve));
    // The text goes to the server's log, so it says nothing of the rows.
    this.#stream.destroy(new Error("the client gave up"));
    await told;
    // What the server answers to that is no failure of its own.
    this.#error = undefined;
  }

  #throwIfFailed(): void {
    if (this.#error !== undefined) throw this.#error;
  }
}
