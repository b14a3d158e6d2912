import { rmSync } from "node:fs";
import { open, rm, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { FileWriter } from "./file-system.ts";
import { localError } from "./local-errors.ts";

/** Bytes moved at a time: smaller chunks cost a third or more of the rate. */
export const CHUNK_BYTES = 256 * 1024;

const live = new Set<string>();

// A process that ends while files are in the making takes them with it; only SIGKILL leaves them.
process.on("exit", () => {
  for (const path of live) rmSync(path, { force: true });
});

interface Publishing {
  /** Moves the temporary file to its name. */
  publish(temporary: string): Promise<void>;
  /** Flush the file and its directory to the disk. */
  readonly fsync: boolean;
}

/** Writes to a temporary file beside the final one and renames it when it is whole. */
export class LocalFileWriter implements FileWriter {
  readonly #handle: FileHandle;
  readonly #temporary: string;
  readonly #path: string;
  readonly #publishing: Publishing;
  #ended = false;

  private constructor(handle: FileHandle, temporary: string, path: string, publishing: Publishing) {
    this.#handle = handle;
    this.#temporary = temporary;
    this.#path = path;
    this.#publishing = publishing;
  }

  static async open(temporary: string, path: string, publishing: Publishing): Promise<LocalFileWriter> {
    live.add(temporary);
    try {
      return new LocalFileWriter(await open(temporary, "wx"), temporary, path, publishing);
    } catch (error) {
      live.delete(temporary);
      throw error;
    }
  }

  async write(chunk: Uint8Array): Promise<void> {
    let offset = 0;
    try {
      while (offset < chunk.byteLength) offset += (await this.#handle.write(chunk, offset)).bytesWritten;
    } catch (error) {
      throw localError(error, "write", this.#path);
    }
  }

  async commit(): Promise<void> {
    if (this.#ended) throw new Error(`The file ${this.#path} was ended before.`);
    this.#ended = true;
    try {
      if (this.#publishing.fsync) await this.#handle.sync();
      await this.#handle.close();
      await this.#publishing.publish(this.#temporary);
      if (this.#publishing.fsync) await syncDirectory(dirname(this.#path));
    } catch (error) {
      throw localError(error, "write", this.#path);
    } finally {
      await this.#clean();
    }
  }

  async abort(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#clean();
  }

  async #clean(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true });
    live.delete(this.#temporary);
  }
}

/** A new name is durable when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
