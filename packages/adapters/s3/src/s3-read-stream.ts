import { Readable } from "node:stream";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { LeatError, TargetError } from "@leat/core";
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
export class S3ReadStream extends Readable {
  readonly #store: S3Store;
  readonly #path: string;
  readonly #objects: ObjectOptions;
  readonly #stop = new AbortController();
  #position: number;
  /** `NaN` when the store does not tell it: then the transfer is in chunks, of which the last one is marked. */
  #end = Number.NaN;
  #etag: string | undefined;
  #body: Readable | undefined;
  #pieces: AsyncIterator<Uint8Array> | undefined;
  #isReading = false;
  #fruitless = 0;

  private constructor(store: S3Store, path: string, objects: ObjectOptions, start: number) {
    super({ highWaterMark: BUFFER_BYTES });
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
      stream.#pieces = await stream.#request(signal);
      return stream;
    } catch (error) {
      if (hasCode(error, "InvalidRange")) return Readable.from([], { objectMode: false });
      throw error;
    }
  }

  override _read(): void {
    this.#read().catch((error: Error) => this.destroy(error));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#stop.abort(error ?? new Error(`Reading ${this.#path} was given up`));
    this.#body?.destroy();
    done(error);
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    const joined = await this.#join();
    this.#isReading = false;
    this.push(joined);
  }

  /** The next bytes, or null at the end. */
  async #join(): Promise<Buffer | null> {
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    while (bytes < JOINED_BYTES) {
      const piece = await this.#nextPiece();
      if (piece === undefined) break;
      pieces.push(piece);
      bytes += piece.byteLength;
    }
    return bytes === 0 ? null : Buffer.concat(pieces, bytes);
  }

  async #nextPiece(): Promise<Uint8Array | undefined> {
    for (;;) {
      try {
        this.#pieces ??= await this.#request(this.#stop.signal);
        const { done = false, value } = await this.#pieces.next();
        if (!done) return this.#passed(value);
        if (!(this.#position < this.#end)) return undefined;
        throw cutShort();
      } catch (error) {
        this.#goOnAfter(error);
      }
    }
  }

  #passed(piece: Uint8Array): Uint8Array {
    this.#position += piece.byteLength;
    this.#fruitless = 0;
    return piece;
  }

  /** Lets the next request ask for the rest, or throws what cannot be mended so. */
  #goOnAfter(error: unknown): void {
    this.#stop.signal.throwIfAborted();
    const failure = s3Error(error, "read", this.#path);
    const isLost = LeatError.is(failure) && failure.code === "TARGET_UNAVAILABLE" && failure.retryable;
    if (!isLost || isTimeout(error) || ++this.#fruitless > MAX_FRUITLESS) throw failure;
    this.#body?.destroy();
    this.#pieces = undefined;
  }

  async #request(signal: AbortSignal | undefined): Promise<AsyncIterator<Uint8Array>> {
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
    body.on("error", () => this.#forget(body));
    if (this.#position > 0 && reply.ContentRange === undefined) throw this.#noRanges();
    this.#etag ??= reply.ETag;
    this.#end = this.#position + (reply.ContentLength ?? Number.NaN);
    return body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  /** A connection that is lost while nobody reads is not missed: the next read asks for the rest. */
  #forget(body: Readable): void {
    if (!this.#isReading && this.#body === body) this.#pieces = undefined;
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

function cutShort(): Error {
  return Object.assign(new Error("the answer ended before the object did"), { code: "ECONNRESET" });
}
