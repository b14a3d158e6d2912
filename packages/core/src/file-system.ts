import type { Readable } from "node:stream";
import { destroyOnAbort } from "./abort.ts";
import { CommitStream } from "./commit-stream.ts";
import { UsageError } from "./errors.ts";
import { checkFilePath, invalidPath, targetError } from "./file-path-errors.ts";
import { CheckedWriter, type FileWriter } from "./file-writer.ts";
import { isTemporaryPath, temporaryName, temporaryPart } from "./temporary-name.ts";

/**
 * What a store can do beyond the common operations. Public: users choose a store by it, the test suite chooses its tests.
 * Claim only what holds for every server and every setting that the options allow.
 */
export interface FileSystemCapabilities {
  /**
   * Has real directories: an empty one can exist, and a file and a directory cannot share a name. Without, there are only
   * files: a directory is there as long as a file is below it, and `a` and `a/b` can both be files.
   */
  readonly directories: boolean;
  /** Writing replaces a file in one step: a reader sees the old content or the new, never a mixture and never absence. */
  readonly atomicReplace: boolean;
  /**
   * `rename` is one step, also of a directory. Without, it copies and then removes: a reader may see both, and when it is
   * interrupted the source is still whole.
   */
  readonly atomicRename: boolean;
  /** `exclusive` lets exactly one of several writers win. Without, it is refused with `TARGET_UNSUPPORTED`. */
  readonly createOnly: boolean;
  /** `stat` tells when a file was last written. */
  readonly modifiedTime: boolean;
  /** Files pass through in pieces: the memory that they need does not grow with their size. */
  readonly streaming: boolean;
  /** `a//b` is another file than `a/b`. Without, both name the same. */
  readonly emptySegments: boolean;
}

export interface FileStat {
  readonly kind: "file" | "directory";
  /** Bytes as stored; 0 for a directory. */
  readonly size: number;
  /** Last write, in milliseconds since the Unix epoch; `undefined` where the store does not tell. */
  readonly modifiedAt: number | undefined;
}

export interface OperationOptions {
  /** Ends the operation: it rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

export interface ListOptions extends OperationOptions {
  /** Also what is below directories. Default true. */
  readonly recursive?: boolean;
}

export interface MkdirOptions extends OperationOptions {
  /** Make missing parents. Default true; without, a missing parent is `TARGET_NOT_FOUND`. */
  readonly parents?: boolean;
  /** Reject with `TARGET_EXISTS` when something is there. Default false. */
  readonly exclusive?: boolean;
}

export interface RemoveOptions extends OperationOptions {
  /** Remove a directory with all that is below it. Default false. */
  readonly recursive?: boolean;
}

export interface ReadOptions extends OperationOptions {
  /** First byte to read, counted from 0. Default 0. From the end on there is nothing to read, which is no error. */
  readonly start?: number;
}

export interface WriteOptions extends OperationOptions {
  /**
   * Refuse to replace: reject with `TARGET_EXISTS`, at once or when it is published, if something is there. Default false.
   * `TARGET_UNSUPPORTED` in a store without `createOnly`.
   */
  readonly exclusive?: boolean;
}

/**
 * A store of files. Users call the public methods, which check arguments, fill defaults and keep the common rules; a store
 * implements the protected methods of the same name with an underscore, where the rules for it are written.
 *
 * Paths. A path is text that only the store interprets: no shell, no URL decoding, no wildcards. `/` separates segments; a
 * path that ends in one names a directory. NUL, line ends and `..` are refused with `PATH_INVALID`, as is every name that
 * the store cannot hold, before anything is asked of it.
 *
 * Errors. Everything rejects with a TargetError (a UsageError where the caller's code is at fault) that has the path in
 * `details.path` and the driver's error as `cause`: `TARGET_FORBIDDEN` when not let in, `TARGET_UNAVAILABLE` when the store
 * cannot be reached or the connection is lost, `TARGET_TIMEOUT` when it does not answer within the deadline that the
 * store's options set, `TARGET_FULL` when there is no space. Other codes stand at the methods.
 *
 * Abort. Once the signal is aborted, an operation ends soon, rejects with `signal.reason` and lets go of its connection.
 *
 * Connections. A stream and a writer may hold a connection for as long as they are open, a listing only while it fetches a
 * page. Any number of them can be open at once, and a copy through this process needs one of each, so a pool must open
 * further connections rather than wait for those to end. Idle connections must not keep the process alive.
 */
export abstract class FileSystem {
  /** Name of the kind of store: `local`, `s3`. */
  abstract readonly name: string;
  abstract readonly capabilities: FileSystemCapabilities;

  /** Whether a file or directory is there. Rejects when that cannot be told. */
  async exists(path: string, options?: OperationOptions): Promise<boolean> {
    return (await this.stat(path, options)) !== undefined;
  }

  async isDirectory(path: string, options?: OperationOptions): Promise<boolean> {
    return (await this.stat(path, options))?.kind === "directory";
  }

  /**
   * What is at a path; `undefined` when nothing is there, also below a missing directory, below a file, and for a file when
   * the path ends in `/`. The root is a directory; when the store behind it is missing, this rejects.
   */
  async stat(path: string, { signal }: OperationOptions = {}): Promise<FileStat | undefined> {
    this.checkPath(path);
    signal?.throwIfAborted();
    const found = await this._stat(path, signal);
    return found?.kind === "file" && path.endsWith("/") ? undefined : found;
  }

  /**
   * Paths of the files below a directory, each beginning with `path`, in no certain order and without files in the making.
   * With `recursive: false` those directly in it, and its directories with `/` at the end.
   *
   * `TARGET_NOT_FOUND` for a missing directory, which in a store without directories is one with no file below it;
   * `TARGET_NOT_DIRECTORY` for a file.
   */
  async *list(path: string, options: ListOptions = {}): AsyncGenerator<string, void, undefined> {
    const { recursive = true, signal } = options;
    this.checkPath(path);
    signal?.throwIfAborted();
    for await (const found of this._list(path, recursive, signal)) {
      signal?.throwIfAborted();
      if (!isTemporaryPath(found.slice(path.length))) yield found;
    }
  }

  /** Paths of the files and directories in the making in a directory and below it, each once; those that `list` leaves out. */
  async *listTemporary(
    path: string,
    { signal }: OperationOptions = {},
  ): AsyncGenerator<string, void, undefined> {
    this.checkPath(path);
    signal?.throwIfAborted();
    const seen = new Set<string>();
    for await (const found of this._list(path, true, signal)) {
      signal?.throwIfAborted();
      const part = temporaryPart(found.slice(path.length));
      if (part === undefined || seen.has(part)) continue;
      seen.add(part);
      yield path + part;
    }
  }

  /** Makes a directory; no error when it is there. `TARGET_NOT_DIRECTORY` when a file is in the way. */
  async mkdir(path: string, options: MkdirOptions = {}): Promise<void> {
    const { parents = true, exclusive = false, signal } = options;
    this.checkPath(path);
    signal?.throwIfAborted();
    await this._mkdir(path, { parents, exclusive }, signal);
  }

  /**
   * Removes a file or an empty directory, with `recursive` also a directory that is not empty; links are removed, not
   * followed. Tells whether something was there. `TARGET_NOT_EMPTY`; `PATH_INVALID` for the root, always.
   *
   * When a part cannot be removed, the rest is, and the error has in `details.remaining` the paths that are left (of many
   * the first 100), a line each, and in `details.remainingCount` their number.
   */
  async remove(path: string, options: RemoveOptions = {}): Promise<boolean> {
    this.checkPath(path);
    if (this.isRoot(path)) {
      throw invalidPath(path, "is the root of the store, which is never removed. Remove what is below it");
    }
    options.signal?.throwIfAborted();
    return this._remove(path, options.recursive ?? false, options.signal);
  }

  /**
   * Moves a file or directory, making missing parents and replacing a file; onto itself it does nothing. Never moves into a
   * directory: `TARGET_IS_DIRECTORY` when there is one at `to`. `TARGET_NOT_DIRECTORY` for a directory onto a file.
   * `TARGET_NOT_FOUND`, `TARGET_EXISTS`.
   */
  async rename(from: string, to: string, options: WriteOptions = {}): Promise<void> {
    const { exclusive = false, signal } = options;
    this.#checkTransfer(from, to, exclusive, signal);
    if (this.isSamePath(from, to)) return void (await this.#present(from, exclusive, signal));
    if (this.canonicalPath(to).startsWith(`${this.canonicalPath(from)}/`)) {
      throw invalidPath(to, `is below ${JSON.stringify(from)}. Give a destination outside of what is moved`);
    }
    if (to.endsWith("/") && (await this.#present(from, false, signal)).kind === "file") checkFilePath(to);
    await this.#checkDestination(to, exclusive, signal);
    await this._rename(from, to, exclusive, signal);
  }

  /**
   * Copies a file within the store, as atomically as it writes one, making missing parents; onto itself it does nothing.
   * Resolves to the size of the file in bytes. `TARGET_NOT_FOUND`, `TARGET_EXISTS`, `TARGET_IS_DIRECTORY` for a directory.
   */
  async copy(from: string, to: string, options: WriteOptions = {}): Promise<number> {
    const { exclusive = false, signal } = options;
    this.#checkTransfer(from, to, exclusive, signal);
    checkFilePath(to);
    if (this.isSamePath(from, to)) return (await this.#present(from, exclusive, signal)).size;
    await this.#checkDestination(to, exclusive, signal);
    return this._copy(from, to, exclusive, signal);
  }

  /**
   * Opens a file; resolves when its first byte can be read. The stream ends only after the last byte, and destroying it at
   * any time releases what it holds. `TARGET_NOT_FOUND`, `TARGET_IS_DIRECTORY`.
   */
  async openRead(path: string, options: ReadOptions = {}): Promise<Readable> {
    const { start = 0, signal } = options;
    this.checkPath(path);
    if (!Number.isSafeInteger(start) || start < 0) {
      throw new UsageError(
        "OPTION_INVALID",
        `Reading cannot start at byte ${start}. Give a whole number from 0.`,
      );
    }
    signal?.throwIfAborted();
    return destroyOnAbort(await this._openRead(path, start, signal), signal);
  }

  /**
   * Begins a file, making missing parents. The signal ends also what is done with the writer.
   * `TARGET_EXISTS`, `TARGET_IS_DIRECTORY`, `TARGET_NOT_DIRECTORY` when a file stands where a parent is needed.
   */
  async openWrite(path: string, options: WriteOptions = {}): Promise<FileWriter> {
    const { exclusive = false, signal } = options;
    this.checkPath(path);
    checkFilePath(path);
    this.#checkExclusive(path, exclusive);
    signal?.throwIfAborted();
    await this.#checkDestination(path, exclusive, signal);
    return new CheckedWriter(path, await this._openWrite(path, exclusive, signal), signal);
  }

  /** A path beside `path` for data in the making, named after it; `list` leaves it out with all that is below it. */
  temporaryPath(path: string): string {
    const [, parent = "", name = "", slash = ""] = /^(.*\/)?([^/]+)(\/*)$/s.exec(path) ?? [];
    return parent + temporaryName(name) + slash;
  }

  /** The directory that a path is in; `undefined` when it has none. */
  parentOf(path: string): string | undefined {
    return /^(.*[^/])\/+[^/]+\/*$/s.exec(path)?.[1];
  }

  /** Whether `other` has the same files, so that one of the two can move and copy for both. Default: the same object. */
  sharesFilesWith(other: FileSystem): boolean {
    return this === other;
  }

  /** Whether two paths name the same file or directory of this store, in whatever spelling. */
  isSamePath(one: string, other: string): boolean {
    return this.canonicalPath(one) === this.canonicalPath(other);
  }

  /** Closes idle connections; the store connects again when it is used again. Default: there are none. */
  async close(): Promise<void> {
    // A store without connections has nothing to close.
  }

  /** Refuses a path that the store cannot hold. A store with rules of its own checks them after these. @throws UsageError `PATH_INVALID` */
  protected checkPath(path: string): void {
    if (path === "") throw invalidPath(path, "is empty. Give the path of a file or directory");
    if (/[\0\r\n]/.test(path))
      throw invalidPath(path, "has a NUL character or a line end. Take it out of the name");
    if (this.climbs(path))
      throw invalidPath(path, 'has a segment "..", which could lead anywhere. Resolve it before');
  }

  /** Whether a path has a `..` that the store does not allow. Default: any. */
  protected climbs(path: string): boolean {
    return path.split("/").includes("..");
  }

  /** The one spelling of a path among all that name the same. Default: without slashes at its end, doubled ones only if they count. */
  protected canonicalPath(path: string): string {
    const spelled = this.capabilities.emptySegments ? path : path.replaceAll(/\/+/g, "/");
    return spelled.replace(/(?<=.)\/+$/s, "");
  }

  /** Whether a path names the root. Default: nothing but slashes. */
  protected isRoot(path: string): boolean {
    return this.canonicalPath(path) === "/";
  }

  /** Looks at a path, following links; one that leads nowhere is nothing. `undefined` only when it is certain. */
  protected abstract _stat(path: string, signal: AbortSignal | undefined): Promise<FileStat | undefined>;

  /** Gives the full paths as `list` says, page by page; temporary ones are left out by the caller. Follows no links to directories. */
  protected abstract _list(
    path: string,
    recursive: boolean,
    signal: AbortSignal | undefined,
  ): AsyncIterable<string>;

  /** Makes a directory; does nothing where the store has none. Several clients may make the same tree at once. */
  protected abstract _mkdir(
    path: string,
    options: { readonly parents: boolean; readonly exclusive: boolean },
    signal: AbortSignal | undefined,
  ): Promise<void>;

  protected abstract _remove(
    path: string,
    recursive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<boolean>;

  /**
   * Opens the file at byte `start`. The stream must fail when the connection is lost before the last byte, never end; it
   * may also ask again for the rest, if it makes sure that the file is still the same. On abort the caller destroys it with the
   * signal's reason, which no translation of errors may change.
   */
  protected abstract _openRead(
    path: string,
    start: number,
    signal: AbortSignal | undefined,
  ): Promise<Readable>;

  /**
   * Begins a file. The caller looks for a directory or, when `exclusive`, for anything at the path; a store makes sure
   * of `exclusive` when it publishes. Data goes to a temporary path to be renamed (after its size was checked, where that
   * goes over a network), or to an upload that becomes visible when it is completed.
   *
   * The caller keeps the order of calls. `abort` comes at most once: also during a `write`, which it ends, and after a `write`
   * or `commit` that rejected, to remove what is left.
   */
  protected abstract _openWrite(
    path: string,
    exclusive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<FileWriter>;

  /** Copies a file. Default: through this process; a server that copies by itself is faster. */
  protected async _copy(
    from: string,
    to: string,
    exclusive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const source = await this._openRead(from, 0, signal);
    const open = async (): Promise<FileWriter> =>
      new CheckedWriter(to, await this._openWrite(to, exclusive, signal), signal);
    const file = new CommitStream(open, signal);
    await file.copy(source);
    return file.bytesTaken;
  }

  /** Moves a file or directory. Default: copies every file, then removes what it copied. */
  protected async _rename(
    from: string,
    to: string,
    exclusive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const isFile = (await this.#present(from, false, signal)).kind === "file";
    const sources: string[] = [];
    if (isFile) sources.push(from);
    else for await (const path of this._list(from, true, signal)) sources.push(path);
    const [fromStart, toStart] = [from.replace(/\/+$/, ""), to.replace(/\/+$/, "")];
    for (const path of sources) {
      await this._copy(path, toStart + path.slice(fromStart.length), exclusive, signal);
    }
    for (const path of sources) await this._remove(path, false, signal);
  }

  #checkTransfer(from: string, to: string, exclusive: boolean, signal: AbortSignal | undefined): void {
    for (const path of [from, to]) {
      this.checkPath(path);
      if (this.isRoot(path)) throw invalidPath(path, "is the root of the store. Give a path below it");
    }
    this.#checkExclusive(to, exclusive);
    signal?.throwIfAborted();
  }

  #checkExclusive(path: string, exclusive: boolean): void {
    if (!exclusive || this.capabilities.createOnly) return;
    throw targetError(
      "TARGET_UNSUPPORTED",
      path,
      `cannot be written exclusively: the ${this.name} store has no createOnly. Leave \`exclusive\` out`,
    );
  }

  /** Refuses what is at a destination and must not be replaced. */
  async #checkDestination(path: string, exclusive: boolean, signal: AbortSignal | undefined): Promise<void> {
    if (!exclusive && !this.capabilities.directories) return;
    const found = await this._stat(path, signal);
    if (found === undefined) return;
    if (exclusive) throw targetError("TARGET_EXISTS", path, "is there already. Remove it first");
    if (found.kind === "directory")
      throw targetError("TARGET_IS_DIRECTORY", path, "is a directory. Give the path of a file");
  }

  /** What is at the source of a move or copy; as the destination of the same, it must not be exclusive. */
  async #present(path: string, exclusive: boolean, signal: AbortSignal | undefined): Promise<FileStat> {
    const found = await this._stat(path, signal);
    if (found === undefined) throw targetError("TARGET_NOT_FOUND", path, "is not there. Check the path");
    if (exclusive) throw targetError("TARGET_EXISTS", path, "is there already. Give another destination");
    return found;
  }
}
