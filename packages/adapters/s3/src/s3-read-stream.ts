import { Readable } from "node:stream";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { LeatError, PooledReadable, TargetError } from "@leat/core";
import { BodyChunks, cutShort } from "./body-chunks.ts";
import type { ObjectOptions } from "./object-options.ts";
import { hasCode, isTimeout, s3Error } from "./s3-errors.ts";
import { locate } from "./s3-path.ts";
import type { S3Store } from "./s3-store.ts";

/** Bytes joined before they are handed on: pieces as small as the network gives them would cost more than the transfer. */
const JOINED_BYTES = 512 * 1024;

/** Bytes held while the reader is busy, so that the network and a disk work at the same time. */
const BUFFER_BYTES = 4 * JOINED_BYTES;

/** How often the rest is asked for without getting a byte of it. */
const MAX_FRUITLESS = 3;

/**
 * The content of an object. When the connection is lost, also because the reader paused for long, it asks for the rest of
 * the same object; when that was replaced meanwhile, reading fails with `TARGET_CONFLICT`.
 */
export class S3ReadStream extends PooledReadable {
  readonly #store: S3Store;
  readonly #path: string;
  readonly #objects: ObjectOptions;
  readonly #stop = new AbortController();
  #position: number;
  /** `NaN` when the store does not tell it: then the transfer is in chunks, of which the last one is marked. */
  #end = Number.NaN;
  #etag: string | undefined;
  #body: Readable | undefined;
  #chunks: BodyChunks | undefined;
  /** What did not fit into the last join. */
  #rest: Uint8Array | undefined;
  #fruitless = 0;

  private constructor(store: S3Store, path: string, objects: ObjectOptions, start: number) {
    super(JOINED_BYTES, BUFFER_BYTES);
    this.#store = store;
    this.#path = path;
    this.#objects = objects;
    this.#position = start;
  }

  /** Resolves when the store begins to answer. Beyond the end there is nothing to read, which is no error. */
  static async open(
    store: S3Store,
    path: string,
    objects: ObjectOptions,
    start: number,
    signal: AbortSignal | undefined,
  ): Promise<Readable> {
    const stream = new S3ReadStream(store, path, objects, start);
    try {
      stream.#chunks = await stream.#request(signal);
      return stream;
    } catch (error) {
      if (hasCode(error, "InvalidRange")) return Readable.from([], { objectMode: false });
      throw error;
    }
  }

  override _read(): void {
    this.#join().then(
      (joined) => this.push(joined),
      (error: Error) => this.destroy(error),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#stop.abort(error ?? new Error(`Reading ${this.#path} was given up`));
    this.#body?.destroy();
    done(error);
  }

  /** The next bytes, or null at the end. */
  async #join(): Promise<Buffer | null> {
    let chunk = this.#rest ?? (await this.#nextChunk());
    if (chunk === undefined) return null;
    const memory = this.takeMemory(chunk.byteLength + this.#end - this.#position);
    let bytes = 0;
    for (; chunk !== undefined; chunk = await this.#nextChunk()) {
      const taken = chunk.subarray(0, memory.byteLength - bytes);
      memory.set(taken, bytes);
      bytes += taken.byteLength;
      this.#rest = taken.byteLength < chunk.byteLength ? chunk.subarray(taken.byteLength) : undefined;
      if (bytes === memory.byteLength) break;
    }
    return memory.subarray(0, bytes);
  }

  async #nextChunk(): Promise<Uint8Array | undefined> {
    for (;;) {
      try {
        this.#chunks ??= await this.#request(this.#stop.signal);
        const chunk = await this.#chunks.next();
        if (chunk !== undefined) return this.#passed(chunk);
        if (!(this.#position < this.#end)) return undefined;
        throw cutShort();
      } catch (error) {
        this.#goOnAfter(error);
      }
    }
  }

  #passed(chunk: Uint8Array): Uint8Array {
    this.#position += chunk.byteLength;
    this.#fruitless = 0;
    return chunk;
  }

  /** Lets the next request ask for the rest, or throws what cannot be mended so. */
  #goOnAfter(error: unknown): void {
    this.#stop.signal.throwIfAborted();
    const failure = s3Error(error, "read", this.#path);
    const isLost = LeatError.is(failure) && failure.code === "TARGET_UNAVAILABLE" && failure.retryable;
    if (!isLost || isTimeout(error) || ++this.#fruitless > MAX_FRUITLESS) throw failure;
    this.#body?.destroy();
    this.#chunks = undefined;
  }

  async #request(signal: AbortSignal | undefined): Promise<BodyChunks> {
    const { bucket, key } = locate(this.#path);
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      ...this.#objects.key,
      ...(this.#position === 0 ? {} : { Range: `bytes=${this.#position}-` }),
      ...(this.#etag === undefined ? {} : { IfMatch: this.#etag }),
    });
    const reply = await this.#store
      .send(command, { action: "read", path: this.#path, signal })
      .catch((error: unknown) => {
        throw hasCode(error, "PreconditionFailed") ? this.#replaced(error) : error;
      });
    const body = reply.Body as unknown as Readable;
    this.#body = body;
    if (this.#position > 0 && reply.ContentRange === undefined) throw this.#noRanges();
    this.#etag ??= reply.ETag;
    this.#end = this.#position + (reply.ContentLength ?? Number.NaN);
    return new BodyChunks(body);
  }

  #replaced(cause: unknown): TargetError {
    const message = `Cannot read ${this.#path} to its end: it was replaced meanwhile. Read it again.`;
    // A reader that begins again reads the new object.
    return new TargetError("TARGET_CONFLICT", message, {
      cause,
      retryable: true,
      details: { path: this.#path },
    });
  }

  #noRanges(): TargetError {
    this.#body?.destroy();
    const message = `Cannot read ${this.#path} from byte ${this.#position}: the store gives whole objects only.`;
    return new TargetError("TARGET_UNSUPPORTED", message, { details: { path: this.#path } });
  }
}
