import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import {
  FileSystem,
  TargetError,
  UsageError,
  type FileStat,
  type FileSystemCapabilities,
  type FileWriter,
  type TargetErrorCode,
} from "@leat/core";
import type { FtpClient } from "./ftp-client.ts";
import { ftpError, isRefusal, saysMissing } from "./ftp-errors.ts";
import { FtpFileWriter } from "./ftp-file-writer.ts";
import { childPath, type FtpEntry } from "./ftp-listing.ts";
import { settingsOf, type FtpConnection } from "./ftp-options.ts";
import { FtpPool } from "./ftp-pool.ts";
import { FtpReadStream } from "./ftp-read-stream.ts";
import { removedAsFile, removeTree } from "./ftp-removal.ts";

/**
 * Files on an FTP server. A path that begins with `/` starts at the root of the server, any other in the directory where the
 * login starts. `.` and doubled slashes do not count.
 *
 * Links are followed when looking and reading. Writing replaces a link and does not touch what it leads to, removing removes
 * it; `list` gives links to files, and leaves out links to directories, if the server shows what is a link.
 */
export class FtpFileSystem extends FileSystem {
  readonly name = "ftp";
  readonly capabilities: FileSystemCapabilities = {
    directories: true,
    atomicReplace: true,
    // Between two disks of the server, some servers copy and remove.
    atomicRename: false,
    // The protocol has no way to rename, or to begin a file of a certain name, only if nothing is there.
    createOnly: false,
    modifiedTime: true,
    streaming: true,
    emptySegments: false,
  };
  readonly #pool: FtpPool;

  /** @throws UsageError `OPTION_INVALID` */
  constructor(connection: FtpConnection) {
    super();
    this.#pool = new FtpPool(settingsOf(connection));
  }

  /** Number of connections that are in use now. */
  get connectionsInUse(): number {
    return this.#pool.inUse;
  }

  override async close(): Promise<void> {
    this.#pool.close();
  }

  override sharesFilesWith(other: FileSystem): boolean {
    if (!(other instanceof FtpFileSystem)) return false;
    const [mine, theirs] = [this.#pool.settings, other.#pool.settings];
    return mine.host === theirs.host && mine.port === theirs.port && mine.user === theirs.user;
  }

  protected override checkPath(path: string): void {
    super.checkPath(path);
    if (!/\p{Surrogate}/u.test(path)) return;
    const message = `The path ${JSON.stringify(path)} has half of a surrogate pair. Give text that UTF-8 can carry.`;
    throw new UsageError("PATH_INVALID", message, { details: { path } });
  }

  /** With the directory of the login in it as soon as that is known. */
  protected override canonicalPath(path: string): string {
    const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
    const base = this.#pool.base?.replace(/\/+$/, "");
    if (path.startsWith("/")) return `/${segments.join("/")}`;
    return [...(base === undefined ? [] : [base]), ...segments].join("/") || "/";
  }

  /** Also the directory of the login, by a path such as `.`. */
  protected override isRoot(path: string): boolean {
    return path.split("/").every((segment) => segment === "" || segment === ".");
  }

  protected override _stat(path: string, signal: AbortSignal | undefined): Promise<FileStat | undefined> {
    return this.#attempt("look at", path, signal, (client) => client.stat(path));
  }

  protected override async *_list(
    path: string,
    recursive: boolean,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<string> {
    await this.#checkDirectory(path, signal);
    const pending = [path];
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      for (const { name, kind } of await this.#entriesOf(directory, directory === path, signal)) {
        const found = childPath(directory, name);
        if (kind === "directory" && recursive) pending.push(found);
        else if (kind === "directory") yield `${found}/`;
        else if (kind === "file" || (kind === "link" && (await this.#leadsToFile(found, signal))))
          yield found;
      }
    }
  }

  protected override async _mkdir(
    path: string,
    { parents, exclusive }: { readonly parents: boolean; readonly exclusive: boolean },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    await this.#attempt("make the directory", path, signal, async (client) => {
      const wasMade = await makeDirectory(client, path, parents);
      if (exclusive && !wasMade)
        throw targetError("TARGET_EXISTS", path, "is there already. Remove it first");
    });
  }

  protected override _remove(
    path: string,
    recursive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    return this.#attempt("remove", path, signal, async (client) => {
      const found = await client.stat(path);
      if (found?.kind === "file" && path.endsWith("/")) return false;
      // What leads nowhere can be a link.
      if (found === undefined) return removedAsFile(client, path);
      if (found.kind === "file") await client.removeFile(path);
      else if (!(await removedAsFile(client, path))) await removeDirectory(client, path, recursive);
      return true;
    });
  }

  protected override async _rename(
    from: string,
    to: string,
    _exclusive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    await this.#attempt("move", from, signal, async (client) => {
      const isThere = (await client.stat(from)) !== undefined;
      if (!isThere) throw targetError("TARGET_NOT_FOUND", from, "is not there. Check the path");
      await this.#makeParent(client, to);
      await client.rename(from, to);
    });
  }

  protected override _openRead(
    path: string,
    start: number,
    signal: AbortSignal | undefined,
  ): Promise<Readable> {
    return this.#telling("read", path, signal, () => FtpReadStream.open(this.#pool, path, start, signal));
  }

  protected override async _openWrite(
    path: string,
    _exclusive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<FileWriter> {
    await this.#attempt("write", path, signal, (client) => this.#makeParent(client, path));
    const paths = { temporary: this.temporaryPath(path), path };
    return this.#telling("write", path, signal, () => FtpFileWriter.open(this.#pool, paths, signal));
  }

  async #makeParent(client: FtpClient, path: string): Promise<void> {
    const parent = this.parentOf(path);
    if (parent === undefined) return;
    const found = await client.stat(parent);
    if (found === undefined) await makeDirectory(client, parent, true);
    else if (found.kind === "file") throw notDirectory(parent);
  }

  async #checkDirectory(path: string, signal: AbortSignal | undefined): Promise<void> {
    const found = await this._stat(path, signal);
    if (found === undefined) throw targetError("TARGET_NOT_FOUND", path, "is not there. Check the path");
    if (found.kind === "file") throw notDirectory(path);
  }

  /** @param isTop whether this was asked for; one below it may have been removed since it was seen */
  #entriesOf(directory: string, isTop: boolean, signal: AbortSignal | undefined): Promise<FtpEntry[]> {
    return this.#attempt("list", directory, signal, async (client) => {
      try {
        return await client.entries(directory);
      } catch (error) {
        if (!isTop && saysMissing(error)) return [];
        throw error;
      }
    });
  }

  async #leadsToFile(path: string, signal: AbortSignal | undefined): Promise<boolean> {
    return (await this._stat(path, signal))?.kind === "file";
  }

  #attempt<T>(
    action: string,
    path: string,
    signal: AbortSignal | undefined,
    work: (client: FtpClient) => Promise<T>,
  ): Promise<T> {
    return this.#telling(action, path, signal, () => this.#pool.use(signal, work));
  }

  /** Tells errors as ours. */
  async #telling<T>(
    action: string,
    path: string,
    signal: AbortSignal | undefined,
    operation: () => Promise<T>,
  ): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      signal?.throwIfAborted();
      throw ftpError(error, `${action} ${path}`, path);
    }
  }
}

/** Tells whether it made the directory; false when there is one already. Others may make the same at the same time. */
async function makeDirectory(client: FtpClient, path: string, withParents: boolean): Promise<boolean> {
  try {
    await client.makeDirectory(path);
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const found = await client.stat(path);
    if (found?.kind === "directory") return false;
    if (found?.kind === "file") throw notDirectory(path);
    const parent = /^(.*[^/])\/+[^/]+\/*$/s.exec(path)?.[1];
    const wasMade = parent !== undefined && (await lacksParent(client, parent, withParents));
    // Somebody else may have made the parent since.
    if (wasMade || (withParents && saysMissing(error))) return makeDirectory(client, path, false);
    if (!path.includes("*")) throw error;
    await makeByRenaming(client, path);
    return true;
  }
}

/** ProFTPD makes no directory with an asterisk in its name, but renames one to it. */
async function makeByRenaming(client: FtpClient, path: string): Promise<void> {
  const temporary = path.replaceAll("*", `leat-${randomUUID()}`);
  await client.makeDirectory(temporary);
  await client.rename(temporary, path);
}

/** Makes a missing parent, if that is wanted. False when it was there: then it is not the reason of a refusal. */
async function lacksParent(client: FtpClient, parent: string, isWanted: boolean): Promise<boolean> {
  const found = await client.stat(parent);
  if (found?.kind === "file") throw notDirectory(parent);
  if (found !== undefined) return false;
  if (!isWanted)
    throw targetError("TARGET_NOT_FOUND", parent, "is not there. Make it, or give parents: true");
  await makeDirectory(client, parent, true);
  return true;
}

async function removeDirectory(client: FtpClient, path: string, recursive: boolean): Promise<void> {
  if (recursive) return removeTree(client, path.replace(/\/+$/, ""));
  // Not all servers say why they refuse.
  if ((await client.entries(path)).length === 0) return client.removeDirectory(path);
  throw targetError("TARGET_NOT_EMPTY", path, "has entries. Remove it with recursive: true");
}

function notDirectory(path: string): TargetError {
  return targetError("TARGET_NOT_DIRECTORY", path, "is a file. Give the path of a directory");
}

function targetError(code: TargetErrorCode, path: string, sentence: string): TargetError {
  return new TargetError(code, `The path ${JSON.stringify(path)} ${sentence}.`, { details: { path } });
}
