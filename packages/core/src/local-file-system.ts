import { constants, type Dirent } from "node:fs";
import * as fs from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Readable } from "node:stream";
import { FileSystem, type FileStat, type FileSystemCapabilities } from "./file-system.ts";
import type { FileWriter } from "./file-writer.ts";
import { attempt, isMissing, localError, systemError } from "./local-errors.ts";
import { LocalFileWriter } from "./local-file-writer.ts";
import { flushDirectory, flushTree } from "./local-flush.ts";
import {
  canonicalLocalPath,
  childPath,
  climbsAfterDescent,
  isLocalRoot,
  withoutTrailingSlashes,
} from "./local-paths.ts";
import { publishDirectory, publishFile, withParents } from "./local-publish.ts";
import { LocalReadStream } from "./local-read-stream.ts";
import { removeTree } from "./local-removal.ts";
import { temporaryName } from "./temporary-name.ts";
import { making } from "./local-temporary.ts";

/**
 * What a published file has survived. `rename`: the end of the process at any moment. `fsync`: also the end of the machine,
 * at the cost of flushing the file and its directory to the disk each time.
 */
export type Durability = "rename" | "fsync";

/**
 * Files on this machine.
 *
 * Paths are those of the operating system, relative ones from the working directory of the process. `..` may only stand at
 * their beginning: `../data/in.csv`, but not `data/../in.csv`, so that a value in a path cannot lead out of a directory.
 *
 * Links are followed when looking and reading. A link that leads nowhere is not there for `exists`, though it is in the way
 * of `exclusive`. Writing replaces a link and does not touch what it leads to, removing removes it; `list` gives links to
 * files, and leaves out links to directories.
 *
 * `exclusive` needs a file system with hard links (else `TARGET_UNSUPPORTED`): a link is what fails in one step when the name
 * is taken. A directory is moved by a rename, which itself refuses anything but an empty directory at the destination.
 *
 * Moving to another device copies to a temporary path there, publishes that, and then removes the source.
 */
export class LocalFileSystem extends FileSystem {
  readonly name = "local";
  readonly capabilities: FileSystemCapabilities = {
    directories: true,
    atomicReplace: true,
    atomicRename: true,
    createOnly: true,
    modifiedTime: true,
    streaming: true,
    emptySegments: false,
  };
  readonly #fsync: boolean;

  constructor(durability: Durability = "rename") {
    super();
    this.#fsync = durability === "fsync";
  }

  override temporaryPath(path: string): string {
    const directory = withoutTrailingSlashes(path);
    return childPath(dirname(path), temporaryName(basename(path))) + path.slice(directory.length);
  }

  override parentOf(path: string): string {
    return dirname(path);
  }

  override sharesFilesWith(other: FileSystem): boolean {
    return other instanceof LocalFileSystem;
  }

  protected override climbs(path: string): boolean {
    return climbsAfterDescent(path);
  }

  protected override canonicalPath(path: string): string {
    return canonicalLocalPath(path);
  }

  protected override isRoot(path: string): boolean {
    return isLocalRoot(path);
  }

  protected override async _stat(path: string): Promise<FileStat | undefined> {
    try {
      const stat = await fs.stat(path);
      const isDirectory = stat.isDirectory();
      return {
        kind: isDirectory ? "directory" : "file",
        size: isDirectory ? 0 : stat.size,
        modifiedAt: stat.mtimeMs,
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw localError(error, `look at ${path}`, path);
    }
  }

  protected override async *_list(path: string, recursive: boolean): AsyncGenerator<string> {
    const pending = [path];
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      for (const entry of await entriesOf(directory, directory === path)) {
        const found = childPath(directory, entry.name);
        if (entry.isDirectory() && recursive) pending.push(found);
        else if (entry.isDirectory()) yield `${found}/`;
        else if (entry.isFile() || (await this.#leadsToFile(entry, found))) yield found;
      }
    }
  }

  protected override async _mkdir(
    path: string,
    { parents, exclusive }: { readonly parents: boolean; readonly exclusive: boolean },
  ): Promise<void> {
    await attempt(`make the directory ${path}`, path, async () => {
      const make = (): Promise<void> => fs.mkdir(path);
      await (parents ? withParents(path, this.#fsync, make) : make()).catch(async (error: unknown) => {
        if (exclusive || (error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        if (!(await fs.stat(path)).isDirectory()) throw systemError("ENOTDIR", "a file is there");
      });
      if (this.#fsync) await flushDirectory(dirname(path));
    });
  }

  protected override async _remove(path: string, recursive: boolean): Promise<boolean> {
    // A slash at its end would make the system follow a link.
    const entry = withoutTrailingSlashes(path);
    try {
      const stat = await fs.lstat(entry);
      if (stat.isFile() && entry !== path) return false;
      if (!stat.isDirectory()) await fs.unlink(entry);
      else if (recursive) await removeTree(entry);
      else await fs.rmdir(entry);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw localError(error, `remove ${path}`, path);
    }
  }

  protected override async _rename(from: string, to: string, exclusive: boolean): Promise<void> {
    await attempt(`move ${from} to ${to}`, from, async () => {
      const stat = await fs.lstat(from);
      const publish = (path: string): Promise<void> =>
        stat.isDirectory()
          ? publishDirectory(path, to, exclusive)
          : publishFile(path, to, { exclusive, bytes: stat.size });
      try {
        await withParents(to, this.#fsync, () => publish(from));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
        await this.#viaTemporary(to, copyTree(from), publish);
        await this._remove(from, true);
      }
      if (this.#fsync) await Promise.all([flushDirectory(dirname(to)), flushDirectory(dirname(from))]);
    });
  }

  protected override async _copy(from: string, to: string, exclusive: boolean): Promise<number> {
    return attempt(`copy ${from} to ${to}`, from, async () => {
      const stat = await fs.stat(from);
      if (stat.isDirectory()) throw systemError("EISDIR", "it is a directory");
      const copy = (temporary: string): Promise<void> =>
        withParents(to, this.#fsync, () => fs.copyFile(from, temporary, constants.COPYFILE_FICLONE));
      const publication = { exclusive, bytes: stat.size };
      await this.#viaTemporary(to, copy, (temporary) => publishFile(temporary, to, publication));
      return stat.size;
    });
  }

  protected override _openRead(path: string, start: number): Promise<Readable> {
    return attempt(`read ${path}`, path, () => LocalReadStream.open(path, start));
  }

  protected override _openWrite(path: string, exclusive: boolean): Promise<FileWriter> {
    const options = { exclusive, fsync: this.#fsync };
    const open = (): Promise<FileWriter> => LocalFileWriter.open(this.temporaryPath(path), path, options);
    return attempt(`write ${path}`, path, () => withParents(path, this.#fsync, open));
  }

  /** Makes something at a temporary path beside `to` and publishes it. */
  async #viaTemporary(
    to: string,
    make: (temporary: string) => Promise<void>,
    publish: (temporary: string) => Promise<void>,
  ): Promise<void> {
    const temporary = this.temporaryPath(to);
    await making(temporary, async () => {
      await make(temporary);
      if (this.#fsync) await flushTree(temporary);
      await publish(temporary);
    });
    if (this.#fsync) await flushDirectory(dirname(to));
  }

  async #leadsToFile(entry: Dirent, path: string): Promise<boolean> {
    return entry.isSymbolicLink() && (await this._stat(path))?.kind === "file";
  }
}

function copyTree(from: string): (to: string) => Promise<void> {
  return (to) => fs.cp(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

/** @param isTop whether this was asked for; one below it may have been removed since it was seen */
async function entriesOf(directory: string, isTop: boolean): Promise<Dirent[]> {
  try {
    return await fs.readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (!isTop && isMissing(error)) return [];
    throw localError(error, `list ${directory}`, directory);
  }
}
