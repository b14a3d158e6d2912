import { open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { FileWriter } from "./file-writer.ts";
import { attempt } from "./local-errors.ts";
import { flushDirectory } from "./local-flush.ts";
import { publishFile } from "./local-publish.ts";
import { discard, keep, release } from "./local-temporary.ts";

export interface LocalWriterOptions {
  readonly exclusive: boolean;
  /** Flush the file and its directory to the disk. */
  readonly fsync: boolean;
}

/** Writes to a temporary file beside the final one and moves it there when it is whole. */
export class LocalFileWriter implements FileWriter {
  readonly #handle: FileHandle;
  readonly #temporary: string;
  readonly #path: string;
  readonly #options: LocalWriterOptions;
  #bytes = 0;

  private constructor(handle: FileHandle, temporary: string, path: string, options: LocalWriterOptions) {
    this.#handle = handle;
    this.#temporary = temporary;
    this.#path = path;
    this.#options = options;
  }

  static async open(temporary: string, path: string, options: LocalWriterOptions): Promise<LocalFileWriter> {
    const handle = await open(temporary, "wx");
    keep(temporary);
    return new LocalFileWriter(handle, temporary, path, options);
  }

  async write(chunk: Uint8Array): Promise<void> {
    await attempt(`write ${this.#path}`, this.#path, async () => {
      let offset = 0;
      while (offset < chunk.byteLength) offset += (await this.#handle.write(chunk, offset)).bytesWritten;
      this.#bytes += offset;
    });
  }

  async commit(): Promise<void> {
    await attempt(`write ${this.#path}`, this.#path, async () => {
      const { exclusive, fsync } = this.#options;
      if (fsync) await this.#handle.sync();
      await this.#handle.close();
      await publishFile(this.#temporary, this.#path, { exclusive, bytes: this.#bytes });
      if (fsync) await flushDirectory(dirname(this.#path));
    });
    release(this.#temporary);
  }

  async abort(): Promise<void> {
    // A handle that is closed already is no reason to leave the file.
    await this.#handle.close().catch(() => undefined);
    await discard(this.#temporary);
  }
}
