import { Readable } from "node:stream";
import { TargetError, type TargetErrorCode } from "./errors.ts";
import {
  FileSystem,
  type FileStat,
  type FileWriter,
  type OperationOptions,
  type ReadOptions,
  type WriteOptions,
} from "./file-system.ts";

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
  readonly capabilities = {
    directories: false,
    atomicReplace: true,
    createOnly: true,
    modifiedTime: true,
  } as const;
  readonly #files = new Map<string, Stored>();

  /** Removes every file. */
  clear(): void {
    this.#files.clear();
  }

  override temporaryPath(path: string): string {
    return `${path}.leat-tmp-${crypto.randomUUID()}`;
  }

  protected override async _stat(path: string): Promise<FileStat | undefined> {
    const file = path.endsWith("/") ? undefined : this.#files.get(path);
    if (file !== undefined)
      return { kind: "file", size: file.content.byteLength, modifiedAt: file.modifiedAt };
    const isDirectory = this.#below(path).length > 0;
    return isDirectory ? { kind: "directory", size: 0, modifiedAt: undefined } : undefined;
  }

  protected override async *_list(path: string): AsyncGenerator<string> {
    const found = this.#below(path).filter((name) => !/\.leat-tmp-[0-9a-f-]{36}$/.test(name));
    if (found.length === 0) throw failure("TARGET_NOT_FOUND", path, "there is no file below it");
    yield* found;
  }

  protected override async _mkdir(path: string): Promise<void> {
    if (this.#files.has(path)) throw failure("TARGET_NOT_DIRECTORY", path, "a file is there");
  }

  protected override async _remove(path: string, recursive: boolean): Promise<boolean> {
    if (this.#files.delete(path)) return true;
    const below = this.#below(path);
    if (below.length > 0 && !recursive) throw failure("TARGET_NOT_EMPTY", path, "there are files below it");
    for (const name of below) this.#files.delete(name);
    return below.length > 0;
  }

  protected override async _rename(from: string, to: string, options: WriteOptions): Promise<void> {
    this.#copyAll(from, to, options);
    await this._remove(from, true);
  }

  protected override async _copy(from: string, to: string, options: WriteOptions): Promise<void> {
    this.#copyAll(from, to, options);
  }

  protected override async _openRead(path: string, options: ReadOptions): Promise<Readable> {
    const file = this.#files.get(path);
    if (file === undefined) throw await this.#notAFile(path);
    return Readable.from(chunksOf(file.content, options.start ?? 0), { objectMode: false });
  }

  protected override async _openWrite(path: string, options: WriteOptions): Promise<FileWriter> {
    await this.#refuseDirectory(path);
    const chunks: Uint8Array[] = [];
    let isOpen = true;
    return {
      write: async (chunk) => void chunks.push(Uint8Array.from(chunk)),
      commit: async () => {
        if (!isOpen) throw new Error(`The file ${path} was ended before.`);
        isOpen = false;
        this.#put(path, Buffer.concat(chunks), options);
      },
      abort: async () => {
        isOpen = false;
      },
    };
  }

  #put(path: string, content: Uint8Array, options: WriteOptions): void {
    if (options.exclusive === true && this.#files.has(path))
      throw failure("TARGET_EXISTS", path, "a file is there");
    this.#files.set(path, { content, modifiedAt: Date.now() });
  }

  #copyAll(from: string, to: string, options: WriteOptions): void {
    const file = this.#files.get(from);
    const pairs: [string, Stored | undefined][] =
      file === undefined
        ? this.#below(from).map((name) => [`${to}${name.slice(from.length)}`, this.#files.get(name)])
        : [[to, file]];
    if (pairs.length === 0) throw failure("TARGET_NOT_FOUND", from, "there is no such file");
    if (options.exclusive === true && (this.#files.has(to) || this.#below(to).length > 0)) {
      throw failure("TARGET_EXISTS", to, "something is there");
    }
    for (const [path, stored] of pairs) if (stored !== undefined) this.#put(path, stored.content, {});
  }

  #below(path: string): string[] {
    const prefix = path.endsWith("/") ? path : `${path}/`;
    return [...this.#files.keys()].filter((name) => name.startsWith(prefix));
  }

  async #refuseDirectory(path: string): Promise<void> {
    if (await this.isDirectory(path)) throw failure("TARGET_IS_DIRECTORY", path, "there are files below it");
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const parent = path.slice(0, end);
      if (this.#files.has(parent)) throw failure("TARGET_NOT_DIRECTORY", path, `${parent} is a file`);
    }
  }

  async #notAFile(path: string): Promise<TargetError> {
    return (await this.isDirectory(path))
      ? failure("TARGET_IS_DIRECTORY", path, "there are files below it")
      : failure("TARGET_NOT_FOUND", path, "there is no such file");
  }
}

function* chunksOf(content: Uint8Array, start: number): Generator<Uint8Array> {
  for (let at = start; at < content.byteLength; at += CHUNK_BYTES)
    yield content.subarray(at, at + CHUNK_BYTES);
}

function failure(code: TargetErrorCode, path: string, reason: string): TargetError {
  return new TargetError(code, `Cannot use ${path} in memory: ${reason}.`, { details: { path } });
}
