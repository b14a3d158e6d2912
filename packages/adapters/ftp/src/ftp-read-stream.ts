import { Readable, Writable } from "node:stream";
import { LeatError, TargetError, type FileStat } from "@leat/core";
import type { FtpClient } from "./ftp-client.ts";
import { ftpError } from "./ftp-errors.ts";
import type { FtpPool } from "./ftp-pool.ts";

/** Bytes held while the reader is busy, so that the network and a disk work at the same time. */
const BUFFER_BYTES = 2 * 1024 * 1024;

/**
 * A file as a stream. A download that breaks goes on from where it was over another connection, if the file is still the same.
 * It ends only when the server says that all was sent and the number of bytes agrees.
 */
export class FtpReadStream extends Readable {
  readonly #pool: FtpPool;
  readonly #path: string;
  readonly #file: FileStat;
  readonly #start: number;
  #position: number;
  /** What the download under way goes into. */
  #sink: Writable | undefined;
  /** Resolves when there is no download under way any more. */
  #ended: Promise<void> = Promise.resolve();
  #readOn: (() => void) | undefined;
  #opened: (() => void) | undefined;

  private constructor(pool: FtpPool, path: string, file: FileStat, start: number) {
    super({ highWaterMark: BUFFER_BYTES });
    this.#pool = pool;
    this.#path = path;
    this.#file = file;
    this.#start = start;
    this.#position = start;
  }

  /** Resolves when the first byte is there, or the end. */
  static async open(
    pool: FtpPool,
    path: string,
    start: number,
    signal: AbortSignal | undefined,
  ): Promise<FtpReadStream> {
    // Some servers reset the connection when a file to be sent is missing: so it is looked at before.
    const file = await pool.use(signal, (client) => presentFile(client, path));
    const stream = new FtpReadStream(pool, path, file, start);
    await stream.#begin(signal);
    return stream;
  }

  override _read(): void {
    const readOn = this.#readOn;
    this.#readOn = undefined;
    readOn?.();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#sink?.destroy();
    // Whoever stops early can wait for the server's last word, but an error should be told now.
    if (error !== null) done(error);
    else void this.#ended.then(() => done());
  }

  async #begin(signal: AbortSignal | undefined): Promise<void> {
    if (this.#start >= this.#file.size) return void this.push(null);
    const stop = (): void => void this.destroy(signal?.reason as Error);
    signal?.addEventListener("abort", stop);
    let fail!: (error: Error) => void;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#opened = resolve;
        this.once("error", (fail = reject));
        this.#ended = this.#download().then(resolve, (error: unknown) => void this.destroy(error as Error));
      });
    } finally {
      signal?.removeEventListener("abort", stop);
    }
    this.removeListener("error", fail);
  }

  /** Downloads until all is there. Each further attempt must have been preceded by one that brought something. */
  async #download(): Promise<void> {
    for (let before = -1; this.#position !== before; ) {
      before = this.#position;
      const failure = await this.#attempt();
      if (this.destroyed) return;
      if (failure === undefined) return void this.push(null);
      if (!this.#mayResume(failure, before)) throw failure;
    }
  }

  #mayResume(failure: unknown, before: number): boolean {
    const isPassing = LeatError.is(failure) && failure.retryable && failure.code !== "TARGET_CONFLICT";
    return isPassing && this.#position > before && this.#file.modifiedAt !== undefined;
  }

  /** Downloads from the position on; gives what went wrong. */
  async #attempt(): Promise<unknown> {
    try {
      await this.#pool.use(undefined, async (client) => {
        if (this.#position > this.#start) await this.#checkUnchanged(client);
        const from = this.#position;
        this.#sink = this.#newSink();
        await client.download(this.#path, from, this.#sink);
        await this.#checkComplete(client, from === 0);
      });
      return undefined;
    } catch (error) {
      return ftpError(error, `read ${this.#path}`, this.#path);
    }
  }

  #newSink(): Writable {
    const sink = new Writable({
      highWaterMark: BUFFER_BYTES,
      write: (chunk: Buffer, _encoding, done) => {
        this.#position += chunk.byteLength;
        this.#opened?.();
        if (this.push(chunk)) done();
        else this.#readOn = done;
      },
    });
    // Nobody waits any more.
    if (this.destroyed) sink.destroy();
    return sink;
  }

  /** @param isWhole whether all came in one piece: for a part, servers announce its size or that of the whole */
  async #checkComplete(client: FtpClient, isWhole: boolean): Promise<void> {
    const size = (isWhole ? client.announcedBytes : undefined) ?? this.#file.size;
    if (this.#position === size) return;
    await this.#checkUnchanged(client);
    if (this.#position > this.#file.size) throw changed(this.#path);
    throw new TargetError("TARGET_UNAVAILABLE", `The server ended ${this.#path} early. Try again.`, {
      retryable: true,
      details: { path: this.#path },
    });
  }

  async #checkUnchanged(client: FtpClient): Promise<void> {
    const file = await client.stat(this.#path);
    if (file?.size !== this.#file.size || file.modifiedAt !== this.#file.modifiedAt)
      throw changed(this.#path);
  }
}

async function presentFile(client: FtpClient, path: string): Promise<FileStat> {
  const found = await client.stat(path);
  const details = { path };
  if (found === undefined || (found.kind === "file" && path.endsWith("/"))) {
    throw new TargetError("TARGET_NOT_FOUND", `There is no file at ${path}. Check the path.`, { details });
  }
  if (found.kind === "file") return found;
  throw new TargetError("TARGET_IS_DIRECTORY", `${path} is a directory. Give the path of a file.`, {
    details,
  });
}

function changed(path: string): TargetError {
  const message = `The file ${path} changed while it was read. Read it again from its beginning.`;
  // What is there now can be read.
  return new TargetError("TARGET_CONFLICT", message, { retryable: true, details: { path } });
}
