import { PutObjectCommand } from "@aws-sdk/client-s3";
import { type FileWriter, TargetError } from "@leat/core";
import { MultipartUpload } from "./multipart-upload.ts";
import type { ObjectOptions } from "./object-options.ts";
import { type DigestKinds, PartBuffer } from "./part-buffer.ts";
import { MAX_PARTS } from "./s3-options.ts";
import { locate } from "./s3-path.ts";
import type { S3Store } from "./s3-store.ts";

/** Parts in memory at a time, of which one is being filled while the others are on their way. */
const SLOTS = 4;

/** Who gives up a file does not wait for long: a store that is not there is not there for cleaning up either. */
const CLEAN_UP_MS = 2_000;

export interface S3WriterOptions {
  readonly partBytes: number;
  readonly exclusive: boolean;
  readonly objects: ObjectOptions;
  readonly digests: DigestKinds;
}

/**
 * Writes an object: what fits into one part with one request, everything else in parts, several at a time. The buffers of
 * the parts are used again and again, so that memory does not grow with the file.
 */
export class S3Writer implements FileWriter {
  readonly #store: S3Store;
  readonly #path: string;
  readonly #options: S3WriterOptions;
  readonly #stop = new AbortController();
  readonly #unlink: () => void;
  readonly #pending = new Set<Promise<void>>();
  readonly #free: PartBuffer[] = [];
  #filling: PartBuffer;
  #slots = 1;
  #upload: Promise<MultipartUpload> | undefined;
  #parts = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(store: S3Store, path: string, options: S3WriterOptions, signal: AbortSignal | undefined) {
    this.#store = store;
    this.#path = path;
    this.#options = options;
    this.#filling = new PartBuffer(options.partBytes, options.digests);
    const stop = (): void => this.#stop.abort(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    this.#unlink = () => signal?.removeEventListener("abort", stop);
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#check();
    for (let at = 0; at < chunk.byteLength; ) {
      if (this.#filling.isFull) {
        await this.#sendPart();
        this.#filling = await this.#nextBuffer();
      }
      at += this.#filling.append(chunk.subarray(at));
    }
  }

  async commit(): Promise<void> {
    this.#check();
    if (this.#upload === undefined) await this.#put();
    else await this.#complete(await this.#upload);
    this.#unlink();
  }

  async abort(): Promise<void> {
    this.#stop.abort(new Error(`Writing ${this.#path} was given up`));
    this.#unlink();
    await withinTime(CLEAN_UP_MS, this.#cleanUp(), () => this.#cleaningTooLong());
  }

  async #cleanUp(): Promise<void> {
    // A part that arrived after the upload was aborted would stay in the store.
    const upload = await this.#upload?.catch(() => undefined);
    await Promise.allSettled(this.#pending);
    await upload?.abort();
  }

  async #put(): Promise<void> {
    const { exclusive, objects } = this.#options;
    const { bucket, key } = locate(this.#path);
    const content = this.#filling.takeContent();
    const command = new PutObjectCommand({
      ...objects.written,
      ...(exclusive ? { IfNoneMatch: "*" } : {}),
      Bucket: bucket,
      Key: key,
      Body: content.bytes,
      ChecksumCRC32: content.crc32,
    });
    // After a first try that went through without an answer, a second would find the object of the first.
    const purpose = { action: "write", path: this.#path, signal: this.#stop.signal, once: exclusive };
    await this.#store.upload(command, purpose, content);
  }

  async #complete(upload: MultipartUpload): Promise<void> {
    await this.#sendPart();
    await Promise.all(this.#pending);
    this.#check();
    await upload.complete(this.#options.exclusive, this.#stop.signal);
  }

  /** Sets the part that was filled on its way. */
  async #sendPart(): Promise<void> {
    const number = ++this.#parts;
    if (number > MAX_PARTS) throw this.#tooLarge();
    const buffer = this.#filling;
    const upload = await (this.#upload ??= this.#begin());
    const sending = this.#send(upload, number, buffer);
    this.#pending.add(sending);
    void sending.finally(() => this.#pending.delete(sending));
  }

  /** Never rejects: a failure is told by the next call. */
  async #send(upload: MultipartUpload, number: number, buffer: PartBuffer): Promise<void> {
    try {
      await upload.send(number, buffer.takeContent(), this.#stop.signal);
      buffer.clear();
      this.#free.push(buffer);
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #begin(): Promise<MultipartUpload> {
    // A store that gets checksums with the parts wants to know when the upload begins.
    const { digests, objects } = this.#options;
    const checksums = digests.crc32 ? { ChecksumAlgorithm: "CRC32" as const } : {};
    return MultipartUpload.begin(this.#store, this.#path, objects, checksums);
  }

  /** A buffer to fill; waits until one of the parts has arrived when all are on their way. */
  async #nextBuffer(): Promise<PartBuffer> {
    for (;;) {
      this.#check();
      const buffer = this.#free.pop();
      if (buffer !== undefined) return buffer;
      if (this.#slots < SLOTS) {
        this.#slots++;
        const { partBytes, digests } = this.#options;
        // The file is longer than a part.
        return new PartBuffer(partBytes, digests, partBytes);
      }
      await Promise.race(this.#pending);
    }
  }

  #check(): void {
    this.#stop.signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #cleaningTooLong(): TargetError {
    const message = `The parts of ${this.#path} could not be removed in ${CLEAN_UP_MS} ms. Let the bucket's rules remove such parts.`;
    return new TargetError("TARGET_TIMEOUT", message, { details: { path: this.#path } });
  }

  #tooLarge(): TargetError {
    const message = `Cannot write ${this.#path}: it needs more than ${MAX_PARTS} parts. Raise partBytes, which is ${this.#options.partBytes}.`;
    return new TargetError("TARGET_FULL", message, { details: { path: this.#path } });
  }
}

/** Waits for some time, while the work goes on as long as it takes. */
async function withinTime(timeMs: number, work: Promise<void>, tooLong: () => Error): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const alarm = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLong()), timeMs);
  });
  try {
    await Promise.race([work, alarm]);
  } finally {
    clearTimeout(timer);
  }
}
