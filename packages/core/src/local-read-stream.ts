import { open, type FileHandle } from "node:fs/promises";
import { localError, systemError } from "./local-errors.ts";
import { PooledReadable } from "./pooled-readable.ts";

/** Bytes read at a time: each read has a thread woken, and each write of what was read has its price in a store. */
const CHUNK_BYTES = 1024 * 1024;

/** Memory for a file that says it has nothing more, which may not be true: it grows, or is one of the system's. */
const LEAST_BYTES = 16 * 1024;

/** An open file as a stream, whose errors are ours. */
export class LocalReadStream extends PooledReadable {
  readonly #handle: FileHandle;
  readonly #path: string;
  /** When it was opened. */
  readonly #size: number;
  #position: number;

  private constructor(handle: FileHandle, path: string, size: number, start: number) {
    super(CHUNK_BYTES);
    this.#handle = handle;
    this.#path = path;
    this.#size = size;
    this.#position = start;
  }

  static async open(path: string, start: number): Promise<LocalReadStream> {
    const handle = await open(path, "r");
    try {
      // Opening a directory is allowed; only reading it is not, which would be too late.
      const stat = await handle.stat();
      if (stat.isDirectory()) throw systemError("EISDIR", "it is a directory");
      return new LocalReadStream(handle, path, stat.size, start);
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
    const chunk = this.takeMemory(Math.max(this.#size - this.#position, LEAST_BYTES));
    const { bytesRead } = await this.#handle.read(chunk, 0, chunk.byteLength, this.#position);
    this.#position += bytesRead;
    return bytesRead === 0 ? null : chunk.subarray(0, bytesRead);
  }
}
