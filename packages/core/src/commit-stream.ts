import { Writable, type Duplex } from "node:stream";
import { finished } from "node:stream/promises";
import type { FileWriter } from "./file-system.ts";

/** Bytes gathered before they go to the store: each write there has a price of its own. */
const BATCH_BYTES = 256 * 1024;

type Done = (error?: Error | null) => void;

/** A stream into a file writer: finishing it commits the file, destroying it before that aborts the file. */
export class CommitStream extends Writable {
  readonly #open: () => Promise<FileWriter>;
  readonly #encoders: readonly Duplex[];
  #writer: FileWriter | undefined;
  #batch: Uint8Array[] = [];
  #batchBytes = 0;
  #encoded: Promise<void> | undefined;

  /** @param encoders streams that the bytes pass on their way, in order */
  constructor(open: () => Promise<FileWriter>, encoders: readonly Duplex[]) {
    super({ highWaterMark: BATCH_BYTES });
    this.#open = open;
    this.#encoders = encoders;
  }

  override _construct(done: Done): void {
    this.#start().then(() => done(), done);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.#take(chunk).then(() => done(), done);
  }

  override _final(done: Done): void {
    this.#finish().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: Done): void {
    for (const encoder of this.#encoders) encoder.destroy();
    // After a commit, aborting does nothing.
    const aborted = this.#writer?.abort() ?? Promise.resolve();
    aborted.then(
      () => done(error),
      (failure: Error) => done(error ?? failure),
    );
  }

  async #start(): Promise<void> {
    this.#writer = await this.#open();
    const last = this.#encoders.at(-1);
    if (last === undefined) return;
    this.#encoders.reduce((from, to) => from.pipe(to));
    this.#encoded = this.#drain(last);
    // Its rejection is seen in `#take` or `#finish`; this keeps it from counting as unhandled until then.
    this.#encoded.catch((error: Error) => this.destroy(error));
  }

  async #drain(last: Duplex): Promise<void> {
    for await (const chunk of last) await this.#gather(chunk as Uint8Array);
  }

  async #take(chunk: Uint8Array): Promise<void> {
    const first = this.#encoders[0];
    if (first === undefined) return this.#gather(chunk);
    if (!first.write(chunk))
      await Promise.race([new Promise((resolve) => first.once("drain", resolve)), this.#encoded]);
  }

  async #finish(): Promise<void> {
    const [first, last] = [this.#encoders[0], this.#encoders.at(-1)];
    if (first !== undefined && last !== undefined) {
      first.end();
      await Promise.all([finished(last, { writable: false }), this.#encoded]);
    }
    await this.#flush();
    await this.#writer?.commit();
  }

  async #gather(chunk: Uint8Array): Promise<void> {
    this.#batch.push(chunk);
    this.#batchBytes += chunk.byteLength;
    if (this.#batchBytes >= BATCH_BYTES) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#batchBytes === 0) return;
    const batch = this.#batch.length === 1 ? (this.#batch[0] as Uint8Array) : Buffer.concat(this.#batch);
    this.#batch = [];
    this.#batchBytes = 0;
    await this.#writer?.write(batch);
  }
}
