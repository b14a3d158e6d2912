import { Readable } from "node:stream";
import { TargetError, type FileWriter } from "@leat/core";
import type { FtpClient } from "./ftp-client.ts";
import { ftpError, saysMissing } from "./ftp-errors.ts";
import type { FtpPool } from "./ftp-pool.ts";

export interface WriterPaths {
  /** Where data goes, in the directory of `path`, which exists. */
  readonly temporary: string;
  readonly path: string;
}

/** Uploads to a temporary path and renames to the final one when all is there. */
export class FtpFileWriter implements FileWriter {
  readonly #pool: FtpPool;
  readonly #client: FtpClient;
  readonly #paths: WriterPaths;
  readonly #signal: AbortSignal | undefined;
  readonly #source = new UploadSource();
  readonly #uploaded: Promise<void>;
  #bytes = 0;
  #hasEnded = false;

  private constructor(pool: FtpPool, client: FtpClient, paths: WriterPaths, signal: AbortSignal | undefined) {
    this.#pool = pool;
    this.#client = client;
    this.#paths = paths;
    this.#signal = signal;
    this.#uploaded = client.upload(paths.temporary, this.#source);
    this.#uploaded.catch((error: Error) => this.#source.fail(error));
  }

  /** Resolves when the server takes data. */
  static async open(
    pool: FtpPool,
    paths: WriterPaths,
    signal: AbortSignal | undefined,
  ): Promise<FtpFileWriter> {
    const writer = new FtpFileWriter(pool, await pool.take(signal), paths, signal);
    try {
      // Until the server has answered, nobody knows whether it makes the file: the signal waits for that.
      await writer.#attempt(() => writer.#source.wanted());
      signal?.addEventListener("abort", writer.#cut);
      return writer;
    } catch (error) {
      await writer.abort().catch(() => undefined);
      throw error;
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.byteLength;
    await this.#attempt(() => this.#source.send(chunk));
  }

  async commit(): Promise<void> {
    const { temporary, path } = this.#paths;
    await this.#attempt(async () => {
      if (this.#bytes === 0) await this.#client.readyToEndEmpty();
      this.#source.end();
      await this.#uploaded;
      await this.#checkSize();
      await this.#client.rename(temporary, path);
    });
    this.#release();
  }

  async abort(): Promise<void> {
    if (this.#hasEnded) return;
    this.#cut();
    this.#release();
    const { temporary, path } = this.#paths;
    try {
      await this.#pool.use(undefined, (client) => client.removeFile(temporary));
    } catch (error) {
      if (!saysMissing(error)) throw ftpError(error, `remove ${temporary}`, path);
    }
  }

  /** Ends what is under way. */
  readonly #cut = (): void => this.#client.close();

  async #checkSize(): Promise<void> {
    const size = await this.#client.size(this.#paths.temporary);
    if (size === this.#bytes) return;
    const { path } = this.#paths;
    const message = `The server has ${size} of the ${this.#bytes} bytes of ${path}. Write it again.`;
    // Something between here and the server ended the connection too early.
    throw new TargetError("TARGET_UNAVAILABLE", message, { retryable: true, details: { path } });
  }

  #release(): void {
    this.#hasEnded = true;
    this.#signal?.removeEventListener("abort", this.#cut);
    this.#pool.give(this.#client);
  }

  async #attempt(operation: () => Promise<void>): Promise<void> {
    try {
      await operation();
      this.#signal?.throwIfAborted();
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw ftpError(error, `write ${this.#paths.path}`, this.#paths.path);
    }
  }
}

/** Gives the connection what is sent, when it asks. */
class UploadSource extends Readable {
  #isWanted = false;
  #failure: Error | undefined;
  #waiting: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor() {
    // It asks for more only when nothing is left here.
    super({ highWaterMark: 1 });
  }

  override _read(): void {
    this.#isWanted = true;
    this.#waiting?.resolve();
  }

  /** Resolves when the connection asks for data. */
  async wanted(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isWanted) return;
    await new Promise<void>((resolve, reject) => (this.#waiting = { resolve, reject }));
  }

  /** Resolves when the connection asks for more. */
  async send(chunk: Uint8Array): Promise<void> {
    await this.wanted();
    if (chunk.byteLength === 0) return;
    this.#isWanted = false;
    // The caller may use the chunk again before the connection has sent it.
    this.push(Buffer.from(chunk));
    await this.wanted();
  }

  end(): void {
    this.push(null);
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#waiting?.reject(error);
  }
}
