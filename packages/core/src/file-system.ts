import type { Readable } from "node:stream";
import { UsageError } from "./errors.ts";

/** What a store can do beyond the common operations. Public: users choose a store by it, test suites choose tests. */
export interface FileSystemCapabilities {
  /** Has real directories: an empty one can exist, and a missing one differs from an empty one. */
  readonly directories: boolean;
  /** A file is replaced in one step: a reader sees the old content or the new, never a mixture and never absence. */
  readonly atomicReplace: boolean;
  /** `openWrite` with `exclusive` lets exactly one of several writers win. */
  readonly createOnly: boolean;
  /** `stat` tells when a file was last written. */
  readonly modifiedTime: boolean;
}

export interface FileStat {
  readonly kind: "file" | "directory";
  /** Bytes as stored; 0 for a directory. */
  readonly size: number;
  /** Last write, in milliseconds since the Unix epoch; `undefined` where the store does not tell. */
  readonly modifiedAt: number | undefined;
}

export interface OperationOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface ReadOptions extends OperationOptions {
  /** First byte to read. Default 0. */
  readonly start?: number;
}

export interface WriteOptions extends OperationOptions {
  /** Refuse to replace: committing rejects with `TARGET_EXISTS` when something is there. Default false. */
  readonly exclusive?: boolean;
}

/**
 * One file being written. Nothing is visible under its path before `commit` resolves; exactly one of `commit` and `abort`
 * ends it.
 */
export interface FileWriter {
  /** Takes the next bytes. Wait for it before the next call: that is the back-pressure. The caller may reuse `chunk` after. */
  write(chunk: Uint8Array): Promise<void>;
  /** Publishes the file as a whole. When it rejects, nothing was published and nothing is left behind. */
  commit(): Promise<void>;
  /** Drops what was written. Never rejects for a file that was already ended. */
  abort(): Promise<void>;
}

/**
 * A store of files. The public methods check their arguments and then call the protected ones of the same name with an
 * underscore; a store implements those. All reject with a TargetError; which code is said at each.
 */
export abstract class FileSystem {
  /** Name of the kind of store: `local`, `s3`. */
  abstract readonly name: string;
  abstract readonly capabilities: FileSystemCapabilities;

  /** Whether a file or directory is there. Rejects when that cannot be told. */
  async exists(path: string, options: OperationOptions = {}): Promise<boolean> {
    return (await this.stat(path, options)) !== undefined;
  }

  async isDirectory(path: string, options: OperationOptions = {}): Promise<boolean> {
    return (await this.stat(path, options))?.kind === "directory";
  }

  /** What is at a path; `undefined` when nothing is there, also below a missing directory or below a file. */
  async stat(path: string, options: OperationOptions = {}): Promise<FileStat | undefined> {
    this.checkPath(path);
    options.signal?.throwIfAborted();
    return this._stat(path, options);
  }

  /** Full paths of all files below a directory, at any depth, without files that are still being written. `TARGET_NOT_FOUND`. */
  async *list(path: string, options: OperationOptions = {}): AsyncGenerator<string, void, undefined> {
    this.checkPath(path);
    options.signal?.throwIfAborted();
    yield* this._list(path, options);
  }

  /** Makes a directory and its parents; no error when it is there. `TARGET_NOT_DIRECTORY` when a file is in the way. */
  async mkdir(path: string, options: OperationOptions = {}): Promise<void> {
    this.checkPath(path);
    options.signal?.throwIfAborted();
    await this._mkdir(path, options);
  }

  /**
   * Removes a file, or with `recursive` a directory and all below it, without following links. Tells whether something was
   * there. `TARGET_NOT_EMPTY` for a directory with entries when not `recursive` (default).
   */
  async remove(
    path: string,
    options: OperationOptions & { readonly recursive?: boolean } = {},
  ): Promise<boolean> {
    this.checkPath(path);
    options.signal?.throwIfAborted();
    return this._remove(path, options.recursive ?? false, options);
  }

  /** Moves a file or directory, making parents, replacing a file unless `exclusive`. `TARGET_NOT_FOUND`, `TARGET_EXISTS`. */
  async rename(from: string, to: string, options: WriteOptions = {}): Promise<void> {
    this.checkPath(from);
    this.checkPath(to);
    options.signal?.throwIfAborted();
    await this._rename(from, to, options);
  }

  /** Copies a file within the store, as atomically as it writes one. `TARGET_NOT_FOUND`, `TARGET_EXISTS`. */
  async copy(from: string, to: string, options: WriteOptions = {}): Promise<void> {
    this.checkPath(from);
    this.checkPath(to);
    options.signal?.throwIfAborted();
    await this._copy(from, to, options);
  }

  /** Opens a file; resolves when its first byte can be read. `TARGET_NOT_FOUND`, `TARGET_IS_DIRECTORY`. */
  async openRead(path: string, options: ReadOptions = {}): Promise<Readable> {
    this.checkPath(path);
    options.signal?.throwIfAborted();
    return this._openRead(path, options);
  }

  /** Begins a file, making parent directories. `TARGET_IS_DIRECTORY`, `TARGET_NOT_DIRECTORY`, `TARGET_FORBIDDEN`, `TARGET_FULL`. */
  async openWrite(path: string, options: WriteOptions = {}): Promise<FileWriter> {
    this.checkPath(path);
    options.signal?.throwIfAborted();
    return this._openWrite(path, options);
  }

  /** A path beside `path` for data in the making; `list` leaves such paths out. */
  abstract temporaryPath(path: string): string;

  /** Refuses paths that no store can hold. @throws UsageError `PATH_INVALID` */
  protected checkPath(path: string): void {
    if (path === "") throw new UsageError("PATH_INVALID", "A path is empty. Give the path of a file.");
    if (path.includes("\0")) {
      throw new UsageError(
        "PATH_INVALID",
        `The path ${JSON.stringify(path)} has a NUL character. Remove it.`,
      );
    }
  }

  protected abstract _stat(path: string, options: OperationOptions): Promise<FileStat | undefined>;
  protected abstract _list(path: string, options: OperationOptions): AsyncIterable<string>;
  protected abstract _mkdir(path: string, options: OperationOptions): Promise<void>;
  protected abstract _remove(path: string, recursive: boolean, options: OperationOptions): Promise<boolean>;
  protected abstract _rename(from: string, to: string, options: WriteOptions): Promise<void>;
  protected abstract _copy(from: string, to: string, options: WriteOptions): Promise<void>;
  protected abstract _openRead(path: string, options: ReadOptions): Promise<Readable>;
  protected abstract _openWrite(path: string, options: WriteOptions): Promise<FileWriter>;
}
