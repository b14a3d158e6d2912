import type { Readable } from "node:stream";
import {
  FileSystem,
  LeatError,
  UsageError,
  type FileStat,
  type FileWriter,
  type TargetErrorCode,
} from "@leat/core";
import { untilAborted } from "./abort.ts";
import type { Attributes, SftpClient } from "./sftp-client.ts";
import { copyOnServer } from "./sftp-copy.ts";
import { checkMade, makeDirectory, withParents } from "./sftp-directories.ts";
import { attempt, hasStatus, STATUS } from "./sftp-errors.ts";
import { entriesOf, isFile, type ListedEntry } from "./sftp-listing.ts";
import { nameOf, resolveConnection, type SftpFileSystemOptions } from "./sftp-options.ts";
import { SftpPool, type Lease } from "./sftp-pool.ts";
import { publishDirectory, publishFile } from "./sftp-publish.ts";
import { SftpReader } from "./sftp-reader.ts";
import { removeEmpty, removeTree } from "./sftp-removal.ts";
import { SftpWriter, type Destination } from "./sftp-writer.ts";

/**
 * Files on an SFTP server.
 *
 * Paths are those of the server; one that does not begin with `/` is relative to where a login starts. Nothing in them is
 * special: no `~`, no wildcards. The names are UTF-8; one on the server that is not is an error when it is listed.
 *
 * Links are followed when looking and reading. Writing replaces a link and does not touch what it leads to, removing removes
 * it; `list` gives links to files, and leaves out links to directories.
 *
 * A file appears by `posix-rename@openssh.com`, with `exclusive` by `hardlink@openssh.com`, both of which OpenSSH has. A
 * server without hard links has to keep the rule of the protocol that a rename fails when the name is taken.
 *
 * Connections are made when needed, shared by all operations of this object, and closed when they had nothing to do for a
 * while; they do not keep a finished process alive.
 */
export class SftpFileSystem extends FileSystem {
  readonly name = "sftp";
  readonly capabilities;
  /** `sftp://user@host`, for people. */
  readonly server: string;
  readonly #pool: SftpPool;
  readonly #allowReplaceGap: boolean;

  /** @throws UsageError `OPTION_INVALID` */
  constructor({ connection, allowReplaceGap = false }: SftpFileSystemOptions) {
    super();
    const settings = resolveConnection(connection);
    this.server = nameOf(settings);
    this.#pool = new SftpPool(settings);
    this.#allowReplaceGap = allowReplaceGap;
    this.capabilities = {
      directories: true,
      atomicReplace: !allowReplaceGap,
      atomicRename: true,
      createOnly: true,
      modifiedTime: true,
      streaming: true,
      emptySegments: false,
    } as const;
  }

  override sharesFilesWith(other: FileSystem): boolean {
    return other instanceof SftpFileSystem && other.server === this.server;
  }

  override async close(): Promise<void> {
    this.#pool.close();
  }

  protected override checkPath(path: string): void {
    super.checkPath(path);
    if (!/\p{Surrogate}/u.test(path)) return;
    const message = `The path ${JSON.stringify(path)} has half of a character, which UTF-8 cannot hold. Correct it.`;
    throw new UsageError("PATH_INVALID", message, { details: { path } });
  }

  protected override canonicalPath(path: string): string {
    const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
    return (path.startsWith("/") ? "/" : "") + segments.join("/");
  }

  /** The directory where a login starts counts as a root too. */
  protected override isRoot(path: string): boolean {
    return ["", "/"].includes(this.canonicalPath(path));
  }

  protected override _stat(path: string, signal: AbortSignal | undefined): Promise<FileStat | undefined> {
    return this.#do(`look at ${path}`, path, signal, async (client) => {
      try {
        return fileStat(await client.stat(path));
      } catch (error) {
        if (hasStatus(error, STATUS.NO_SUCH_FILE)) return undefined;
        throw error;
      }
    });
  }

  protected override async *_list(
    path: string,
    recursive: boolean,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<string> {
    const { client, release } = await this.#take(`list ${path}`, path, signal);
    const pending = [path];
    try {
      for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
        for await (const entry of this.#entries(client, directory, directory === path, signal)) {
          if (entry.attributes.isDirectory() && recursive) pending.push(entry.path);
          else if (entry.attributes.isDirectory()) yield `${entry.path}/`;
          else if (await this.#leadsToFile(client, entry)) yield entry.path;
        }
      }
    } finally {
      release();
    }
  }

  protected override _mkdir(
    path: string,
    { parents, exclusive }: { readonly parents: boolean; readonly exclusive: boolean },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    return this.#do(`make the directory ${path}`, path, signal, async (client) => {
      if (parents) return makeDirectory(client, path, !exclusive);
      await client.mkdir(path).catch((error: unknown) => checkMade(client, path, !exclusive, error));
    });
  }

  protected override _remove(
    path: string,
    recursive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    return this.#do(`remove ${path}`, path, signal, async (client) => {
      // A slash at its end would make the server follow a link.
      const entry = path.replace(/\/+$/, "");
      try {
        const attributes = await client.lstat(entry);
        if (attributes.isFile() && entry !== path) return false;
        if (!attributes.isDirectory()) await client.unlink(entry);
        else if (recursive) await removeTree(client, entry, signal);
        else await removeEmpty(client, entry);
        return true;
      } catch (error) {
        if (hasStatus(error, STATUS.NO_SUCH_FILE)) return false;
        throw error;
      }
    });
  }

  protected override _rename(
    from: string,
    to: string,
    exclusive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    return this.#do(`move ${from} to ${to}`, from, signal, async (client) => {
      const [source, destination] = [from.replace(/\/+$/, ""), to.replace(/\/+$/, "")];
      const isDirectory = (await client.lstat(source)).isDirectory();
      const options = { exclusive, allowReplaceGap: this.#allowReplaceGap };
      await withParents(client, destination, () =>
        isDirectory
          ? publishDirectory(client, source, destination, exclusive)
          : publishFile(client, source, destination, options),
      );
    });
  }

  protected override async _copy(
    from: string,
    to: string,
    exclusive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<number> {
    const action = `copy ${from} to ${to}`;
    const lease = await this.#take(action, from, signal);
    try {
      const copied = await attempt(action, from, () =>
        copyOnServer(this.#pool, lease, from, this.#destination(to, exclusive), signal),
      );
      if (copied !== undefined) return copied;
    } finally {
      lease.release();
    }
    return super._copy(from, to, exclusive, signal);
  }

  protected override _openRead(
    path: string,
    start: number,
    signal: AbortSignal | undefined,
  ): Promise<Readable> {
    return attempt(`read ${path}`, path, () => {
      const discard = (late: SftpReader): void => void late.destroy();
      return untilAborted(signal, SftpReader.open(this.#pool, path, start), discard);
    });
  }

  protected override async _openWrite(
    path: string,
    exclusive: boolean,
    signal: AbortSignal | undefined,
  ): Promise<FileWriter> {
    const lease = await this.#take(`write ${path}`, path, signal);
    return attempt(`write ${path}`, path, () => {
      const opened = SftpWriter.open(this.#pool, lease, this.#destination(path, exclusive));
      return untilAborted(signal, opened, (late) => void late.abort().catch(() => undefined));
    });
  }

  #destination(path: string, exclusive: boolean): Destination {
    const temporary = this.temporaryPath(path);
    return { temporary, path, exclusive, allowReplaceGap: this.#allowReplaceGap };
  }

  /** Does something over a connection, which is given back at once when the signal is aborted. */
  async #do<T>(
    action: string,
    path: string,
    signal: AbortSignal | undefined,
    operation: (client: SftpClient) => Promise<T>,
  ): Promise<T> {
    const { client, release } = await this.#take(action, path, signal);
    try {
      return await attempt(action, path, () => untilAborted(signal, operation(client)));
    } finally {
      release();
    }
  }

  #take(action: string, path: string, signal: AbortSignal | undefined): Promise<Lease> {
    return attempt(action, path, () => untilAborted(signal, this.#pool.take(), ({ release }) => release()));
  }

  /** @param isTop whether this was asked for; one below it may have been removed since it was seen */
  async *#entries(
    client: SftpClient,
    directory: string,
    isTop: boolean,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<ListedEntry> {
    const pages = entriesOf(client, directory);
    const next = () => attempt(`list ${directory}`, directory, () => untilAborted(signal, pages.next()));
    try {
      for (let page = await next(); page.done !== true; page = await next()) yield* page.value;
    } catch (error) {
      if (isTop || !hasCode(error, "TARGET_NOT_FOUND")) throw error;
    } finally {
      void pages.return(undefined);
    }
  }

  async #leadsToFile(client: SftpClient, { path, attributes }: ListedEntry): Promise<boolean> {
    if (attributes.isFile()) return true;
    return attributes.isSymbolicLink() && attempt(`look at ${path}`, path, () => isFile(client, path));
  }
}

function hasCode(error: unknown, code: TargetErrorCode): boolean {
  return LeatError.is(error) && error.code === code;
}

function fileStat(attributes: Attributes): FileStat {
  const isDirectory = attributes.isDirectory();
  return {
    kind: isDirectory ? "directory" : "file",
    size: isDirectory ? 0 : attributes.size,
    modifiedAt: attributes.mtime * 1000,
  };
}
