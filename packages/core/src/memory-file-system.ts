import { Readable } from "node:stream";
import { TargetError, type TargetErrorCode } from "./errors.ts";
import { FileSystem, type FileStat, type FileSystemCapabilities } from "./file-system.ts";
import type { FileWriter } from "./file-writer.ts";

interface Stored {
  readonly content: Uint8Array;
  readonly modifiedAt: number;
}

const CHUNK_BYTES = 64 * 1024;

/**
 * Files in the memory of this process, for tests and small intermediate results. As in an object store there are only
 * files; a directory is there as long as a file is below it. Other processes have files of their own.
 */
export class MemoryFileSystem extends FileSystem {
  readonly name = "memory";
  readonly capabilities: FileSystemCapabilities = {
    directories: false,
    atomicReplace: true,
    atomicRename: true,
    createOnly: true,
    modifiedTime: true,
    streaming: false,
    emptySegments: true,
  };
  readonly #files = new Map<string, Stored>();

  /** Removes every file. */
  clear(): void {
    this.#files.clear();
  }

  protected override async _stat(path: string): Promise<FileStat | undefined> {
    const file = this.#files.get(path);
    if (file !== undefined)
      return { kind: "file", size: file.content.byteLength, modifiedAt: file.modifiedAt };
    return this.#isDirectory(path) ? { kind: "directory", size: 0, modifiedAt: undefined } : undefined;
  }

  protected override async *_list(path: string, recursive: boolean): AsyncGenerator<string> {
    if (!this.#isDirectory(path)) throw this.#missing(path, "TARGET_NOT_DIRECTORY");
    const below = this.#below(path);
    yield* recursive ? below : new Set(below.map((file) => firstBelow(path, file)));
  }

  protected override async _mkdir(path: string, options: { readonly exclusive: boolean }): Promise<void> {
    if (options.exclusive && (await this._stat(path)) !== undefined)
      throw failure("TARGET_EXISTS", path, "something is there");
  }

  protected override async _remove(path: string, recursive: boolean): Promise<boolean> {
    const below = this.#below(path);
    if (!recursive && below.length > 0 && !this.#files.has(path)) {
      throw failure("TARGET_NOT_EMPTY", path, "there are files below it");
    }
    const removed = [path, ...(recursive ? below : [])].filter((file) => this.#files.delete(file));
    return removed.length > 0;
  }

  protected override async _rename(from: string, to: string, exclusive: boolean): Promise<void> {
    const files = this.#files.has(from) ? [from] : this.#below(from);
    if (files.length === 0) throw this.#missing(from, "TARGET_NOT_FOUND");
    this.#refuseExisting(to, exclusive);
    for (const file of files) {
      const stored = this.#files.get(file) as Stored;
      this.#files.delete(file);
      this.#files.set(withoutSlash(to) + file.slice(withoutSlash(from).length), stored);
    }
  }

  protected override async _copy(from: string, to: string, exclusive: boolean): Promise<number> {
    const { content } = this.#file(from);
    this.#refuseExisting(to, exclusive);
    this.#files.set(to, { content, modifiedAt: Date.now() });
    return content.byteLength;
  }

  protected override async _openRead(path: string, start: number): Promise<Readable> {
    return Readable.from(chunksOf(this.#file(path).content, start), { objectMode: false });
  }

  protected override async _openWrite(path: string, exclusive: boolean): Promise<FileWriter> {
    const chunks: Uint8Array[] = [];
    return {
      write: async (chunk) => void chunks.push(Uint8Array.from(chunk)),
      commit: async () => {
        this.#refuseExisting(path, exclusive);
        this.#files.set(path, { content: Buffer.concat(chunks.splice(0)), modifiedAt: Date.now() });
      },
      abort: async () => void chunks.splice(0),
    };
  }

  #file(path: string): Stored {
    const file = this.#files.get(path);
    if (file === undefined) throw this.#missing(path, "TARGET_IS_DIRECTORY");
    return file;
  }

  #isDirectory(path: string): boolean {
    return this.isRoot(path) || this.#below(path).length > 0;
  }

  #below(path: string): string[] {
    const prefix = `${withoutSlash(path)}/`;
    return [...this.#files.keys()].filter((file) => file.startsWith(prefix));
  }

  #refuseExisting(path: string, exclusive: boolean): void {
    if (exclusive && (this.#files.has(path) || this.#isDirectory(path)))
      throw failure("TARGET_EXISTS", path, "something is there");
  }

  /** Why a path cannot be used: nothing is there, or else `code`. */
  #missing(path: string, code: TargetErrorCode): TargetError {
    if (this.#files.has(withoutSlash(path))) return failure(code, path, "a file is there");
    if (this.#isDirectory(path)) return failure(code, path, "there are files below it");
    return failure("TARGET_NOT_FOUND", path, "nothing is there");
  }
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, "");
}

/** The entry of a directory through which a file below it is reached. */
function firstBelow(directory: string, file: string): string {
  const end = file.indexOf("/", withoutSlash(directory).length + 1);
  return end === -1 ? file : file.slice(0, end + 1);
}

function* chunksOf(content: Uint8Array, start: number): Generator<Uint8Array> {
  for (let at = start; at < content.byteLength; at += CHUNK_BYTES)
    yield content.subarray(at, at + CHUNK_BYTES);
}

function failure(code: TargetErrorCode, path: string, reason: string): TargetError {
  return new TargetError(code, `Cannot use ${path} in memory: ${reason}.`, { details: { path } });
}
