import { open, type FileHandle } from "node:fs/promises";
import { localError, systemError } from "./local-errors.ts";
import { PooledReadable } from "./pooled-readable.ts";

/** Bytes read at a time: smaller chunks cost a third or more of the rate. */
const CHUNK_BYTES = 256 * 1024;

/** An open file as a stream, whose errors are ours. */
export class LocalReadStream extends PooledReadable {
  readonly #handle: FileHandle;
  readonly #path: string;
  #position: number;

  private constructor(handle: FileHandle, path: string, start: number) {
    super(CHUNK_BYTES);
    this.#handle = handle;
    this.#path = path;
    this.#position = start;
  }

  static async open(path: string, start: number): Promise<LocalReadStream> {
    const handle = await open(path, "r");
    try {
      // Opening a directory is allowed; only reading it is not, which would be too late.
      if ((await handle.stat()).isDirectory()) throw systemError("EISDIR", "it is a directory");
      return new LocalReadStream(handle, path, start);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  override _read(): void {
    this.#readChunk().then(
      (chunk) => this.push(chunk),
      (error: unknown) => this.destroy(localError(error, `read ${this.#path}`, this.#path) as Error),
    );
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#handle.close().then(
      () => done(error),
      (failure: Error) => done(error ?? failure),
    );
  }

  /** The next bytes; null at the end. */
  async #readChunk(): Promise<Buffer | null> {
    const chunk = this.takeMemory();
    const { bytesRead } = await this.#handle.read(chunk, 0, CHUNK_BYTES, this.#position);
    this.#position += bytesRead;
    return bytesRead === 0 ? null : chunk.subarray(0, bytesRead);
  }
}
