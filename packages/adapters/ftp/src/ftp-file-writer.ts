import { Readable } from "node:stream";
import { TargetError, type FileWriter } from "@leat/core";
import type { FtpClient } from "./ftp-client.ts";
import { ftpError, saysMissing } from "./ftp-errors.ts";
import type { FtpPool } from "./ftp-pool.ts";
import { UploadBuffers } from "./upload-buffers.ts";

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
  /** Gives nothing but the end: the bytes go past it. */
  readonly #source = new Readable({ read: () => this.#begin() });
  readonly #buffers: UploadBuffers;
  readonly #begun: Promise<void>;
  readonly #uploaded: Promise<void>;
  #begin: () => void = () => undefined;
  #bytes = 0;
  #hasEnded = false;

  private constructor(pool: FtpPool, client: FtpClient, paths: WriterPaths, signal: AbortSignal | undefined) {
    this.#pool = pool;
    this.#client = client;
    this.#paths = paths;
    this.#signal = signal;
    this.#buffers = new UploadBuffers((piece) => client.send(piece));
    const asked = new Promise<void>((resolve) => (this.#begin = resolve));
    this.#uploaded = client.upload(paths.temporary, this.#source);
    this.#uploaded.catch((error: unknown) => this.#buffers.fail(error));
    this.#begun = Promise.race([asked, this.#uploaded]);
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
      await writer.#attempt(() => writer.#begun);
      signal?.addEventListener("abort", writer.#cut);
      return writer;
    } catch (error) {
      await writer.abort().catch(() => undefined);
      throw error;
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#bytes += chunk.byteLength;
    await this.#attempt(() => this.#buffers.write(chunk));
  }

  async commit(): Promise<void> {
    const { temporary, path } = this.#paths;
    await this.#attempt(async () => {
      await this.#buffers.flush();
      await this.#client.readyToEnd();
      this.#source.push(null);
      await this.#uploaded;
      await this.#checkSize();
      await this.#client.rename(temporary, path);
    });
    this.#release();
  }

  async abort(): Promise<void> {
    if (this.#hasEnded) return;
    this.#source.destroy();
    await this.#uploaded.catch(() => undefined);
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
