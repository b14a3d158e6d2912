import { Writable, type Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";

type Done = (error?: Error | null) => void;

/**
 * A stream through encoders into a last stream, as one: it takes bytes as fast as the last one does, finishes when that has
 * finished, and any one that fails ends them all.
 */
export class EncodingStream extends Writable {
  readonly #first: Duplex;
  readonly #last: Writable;
  readonly #finished: Promise<void>;
  #waiting: Done | undefined;

  constructor(encoders: readonly [Duplex, ...Duplex[]], last: Writable) {
    super();
    this.#first = encoders[0];
    this.#last = last;
    this.#first.on("drain", () => this.#continue());
    this.#finished = pipeline([...encoders, last]);
    this.#finished.catch((error: Error) => {
      this.#continue(error);
      this.destroy(error);
    });
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (this.#first.write(chunk)) done();
    else this.#waiting = done;
  }

  override _final(done: Done): void {
    this.#first.end();
    this.#finished.then(() => done(), done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#first.destroy(error ?? undefined);
    if (this.#last.closed) done(error);
    else this.#last.once("close", () => done(error));
  }

  #continue(error?: Error): void {
    const done = this.#waiting;
    this.#waiting = undefined;
    done?.(error);
  }
}
