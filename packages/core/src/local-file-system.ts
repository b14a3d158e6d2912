import { constants, createReadStream, rmSync } from "node:fs";
import * as fs from "node:fs/promises";
import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { TargetError } from "./errors.ts";
import {
  FileSystem,
  type FileStat,
  type FileWriter,
  type OperationOptions,
  type ReadOptions,
  type WriteOptions,
} from "./file-system.ts";
import { isMissing, localError } from "./local-errors.ts";
import { CHUNK_BYTES, LocalFileWriter } from "./local-file-writer.ts";

/**
 * What a published file has survived. `rename`: the end of the process at any moment. `fsync`: also the end of the machine,
 * at the cost of a flush to the disk for each file.
 */
export type Durability = "rename" | "fsync";

// Most file systems take names of up to 255 bytes.
const NAME_BYTES = 255;
const TEMPORARY_NAME = /^\..*\.leat-tmp-\d+-[0-9a-f]{12}$/s;

/** Files on this machine. Links are followed when reading and writing, never when listing and removing. */
export class LocalFileSystem extends FileSystem {
  readonly name = "local";
  readonly capabilities = {
    directories: true,
    atomicReplace: true,
    createOnly: true,
    modifiedTime: true,
  } as const;
  readonly #durability: Durability;

  constructor(durability: Durability = "rename") {
    super();
    this.#durability = durability;
  }

  /** `.<name>.leat-tmp-<pid>-<random>`, in the same directory so that it can be renamed in one step. */
  override temporaryPath(path: string): string {
    const suffix = `.leat-tmp-${process.pid}-${randomBytes(6).toString("hex")}`;
    const name = Buffer.from(basename(path))
      .subarray(0, NAME_BYTES - 1 - suffix.length)
      .toString("latin1");
    // A name cut within a character would not be UTF-8: beyond ASCII the name says less instead.
    return join(dirname(path), `.${name.replaceAll(/[^ -~]/g, "_")}${suffix}`);
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
      throw localError(error, "look at", path);
    }
  }

  protected override async *_list(path: string, options: OperationOptions): AsyncGenerator<string> {
    const pending = [path];
    for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
      for (const entry of await entriesOf(directory)) {
        options.signal?.throwIfAborted();
        const found = join(directory, entry.name);
        if (entry.isDirectory()) pending.push(found);
        else if (!TEMPORARY_NAME.test(entry.name)) yield found;
      }
    }
  }

  protected override async _mkdir(path: string): Promise<void> {
    await attempt("make the directory", path, async () => {
      await fs.mkdir(path, { recursive: true });
      // With `recursive`, an existing file at the very path is EEXIST, in the middle it is ENOTDIR.
      if (!(await fs.stat(path)).isDirectory())
        throw Object.assign(new Error("a file is there"), { code: "ENOTDIR" });
    });
  }

  protected override async _remove(path: string, recursive: boolean): Promise<boolean> {
    try {
      const isDirectory = (await fs.lstat(path)).isDirectory();
      if (!isDirectory) await fs.unlink(path);
      else if (recursive) await fs.rm(path, { recursive: true });
      else await fs.rmdir(path);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw localError(error, "remove", path);
    }
  }

  protected override async _rename(from: string, to: string, options: WriteOptions): Promise<void> {
    await attempt("move", `${from} to ${to}`, async () => {
      if (options.exclusive === true) await this.#refuseExisting(to);
      await fs.mkdir(dirname(to), { recursive: true });
      await fs.rename(from, to).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EXDEV") throw error;
        return this.#moveAcrossDevices(from, to);
      });
    });
  }

  protected override async _copy(from: string, to: string, options: WriteOptions): Promise<void> {
    const temporary = this.temporaryPath(to);
    await attempt("copy", `${from} to ${to}`, async () => {
      await fs.mkdir(dirname(to), { recursive: true });
      try {
        await fs.copyFile(from, temporary, constants.COPYFILE_FICLONE);
        await publish(temporary, to, options.exclusive ?? false);
      } finally {
        rmSync(temporary, { force: true });
      }
    });
  }

  protected override async _openRead(path: string, options: ReadOptions): Promise<Readable> {
    return attempt("read", path, async () => {
      const handle = await fs.open(path, "r");
      if ((await handle.stat()).isDirectory()) {
        await handle.close();
        throw Object.assign(new Error("it is a directory"), { code: "EISDIR" });
      }
      const { start = 0, signal } = options;
      return createReadStream(path, {
        fd: handle,
        start,
        highWaterMark: CHUNK_BYTES,
        ...(signal ? { signal } : {}),
      });
    });
  }

  protected override async _openWrite(path: string, options: WriteOptions): Promise<FileWriter> {
    return attempt("write", path, async () => {
      await fs.mkdir(dirname(path), { recursive: true });
      if ((await this._stat(path))?.kind === "directory") {
        throw Object.assign(new Error("it is a directory"), { code: "EISDIR" });
      }
      return LocalFileWriter.open(this.temporaryPath(path), path, {
        publish: (temporary) => publish(temporary, path, options.exclusive ?? false),
        fsync: this.#durability === "fsync",
      });
    });
  }

  async #refuseExisting(path: string): Promise<void> {
    if ((await this._stat(path)) === undefined) return;
    throw new TargetError("TARGET_EXISTS", `There is something at ${path} already. Remove it first.`, {
      details: { path },
    });
  }

  async #moveAcrossDevices(from: string, to: string): Promise<void> {
    const temporary = this.temporaryPath(to);
    try {
      await fs.cp(from, temporary, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
      await fs.rename(temporary, to);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
    await fs.rm(from, { recursive: true });
  }
}

/** Moves a finished file to its name: replacing in one step, or refusing in one step when something is there. */
async function publish(temporary: string, path: string, exclusive: boolean): Promise<void> {
  if (!exclusive) return fs.rename(temporary, path);
  // A hard link is the one portable step that fails when the name is taken.
  await fs.link(temporary, path);
  await fs.unlink(temporary);
}

async function entriesOf(directory: string) {
  return attempt("list", directory, () => fs.readdir(directory, { withFileTypes: true }));
}

async function attempt<T>(action: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw localError(error, action, path);
  }
}
