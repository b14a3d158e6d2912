import { Writable, type Readable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { destroyOnAbort } from "./abort.ts";
import type { FileTransfer } from "./file-transfer.ts";
import type { FileWriter } from "./file-writer.ts";
import { PooledReadable } from "./pooled-readable.ts";

/** Bytes gathered before they go to the store: each write there has a price of its own. */
const BATCH_BYTES = 256 * 1024;

type Done = (error?: Error | null) => void;

/**
 * A stream into a file: finishing it commits the file, destroying it before that, also by the signal, aborts the file.
 * When it has closed, the one or the other has happened.
 */
export class CommitStream extends Writable {
  readonly #open: () => Promise<FileWriter>;
  readonly #transfer: FileTransfer | undefined;
  #writer: FileWriter | undefined;
  #batch: Buffer[] = [];
  #batchBytes = 0;
  #joined: Buffer | undefined;
  #source: PooledReadable | undefined;
  /** Bytes that it was given. */
  bytesTaken = 0;

  /** @param transfer is told how far it is */
  constructor(open: () => Promise<FileWriter>, signal?: AbortSignal, transfer?: FileTransfer) {
    super({ highWaterMark: BATCH_BYTES });
    this.#open = open;
    this.#transfer = transfer;
    destroyOnAbort(this, signal);
  }

  /** Writes all of a stream that nobody else reads, which gets its memory back as the store takes the bytes. */
  async copy(source: Readable): Promise<void> {
    if (source instanceof PooledReadable) this.#source = source;
    await writeAll(source, this);
  }

  override _construct(done: Done): void {
    settle(this.#begin(), done);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (this.#batchBytes + chunk.byteLength < BATCH_BYTES) {
      this.#gather(chunk);
      done();
    } else settle(this.#writeAfterBatch(chunk), done);
  }

  override _final(done: Done): void {
    settle(this.#finish(), done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#transfer?.end("failed");
    // What failed first is what the user has to know.
    settle(this.#writer?.abort() ?? Promise.resolve(), (failure) => done(error ?? failure));
  }

  async #begin(): Promise<void> {
    this.#writer = await this.#open();
  }

  async #finish(): Promise<void> {
    await this.#flush();
    await this.#writer?.commit();
    this.#writer = undefined;
    this.#transfer?.end("done");
  }

  #gather(chunk: Buffer): void {
    this.#batch.push(chunk);
    this.#batchBytes += chunk.byteLength;
    this.bytesTaken += chunk.byteLength;
  }

  /** Takes a chunk that fills the batch, or does not fit into it any more. */
  async #writeAfterBatch(chunk: Buffer): Promise<void> {
    if (this.#batchBytes + chunk.byteLength > BATCH_BYTES) await this.#flush();
    this.#gather(chunk);
    if (this.#batchBytes >= BATCH_BYTES) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#batchBytes === 0) return;
    const chunks = this.#batch;
    const batch = chunks.length === 1 ? (chunks[0] as Buffer) : this.#join();
    this.#batch = [];
    this.#batchBytes = 0;
    await this.#writer?.write(batch);
    for (const chunk of chunks) this.#source?.giveBack(chunk);
    this.#transfer?.advance(batch.byteLength);
  }

  /** The batch in one piece, in memory that is used again: the writer has let go of it when it asks for more. */
  #join(): Buffer {
    this.#joined ??= Buffer.allocUnsafeSlow(BATCH_BYTES);
    let length = 0;
    for (const chunk of this.#batch) length += chunk.copy(this.#joined, length);
    return this.#joined.subarray(0, length);
  }
}

/** Writes all of a source. Resolves when the file is committed, rejects when it is aborted and nothing is left of it. */
export async function writeAll(source: Readable, file: Writable): Promise<void> {
  // `pipeline` ends only when the source has closed, for which a source that waits for something needs forever.
  pipeline(source, file).catch((error: Error) => file.destroy(error));
  await finished(file);
}

function settle(promise: Promise<void>, done: Done): void {
  promise.then(() => done(), done);
}
