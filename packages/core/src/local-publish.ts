import { constants } from "node:fs";
import { type FileHandle, link, mkdir, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { systemError } from "./local-errors.ts";
import { flushNewDirectories } from "./local-flush.ts";

/** From this size on a replaced file takes longer to be freed than to be opened. */
const LARGE_BYTES = 16 * 1024 * 1024;

export interface Publication {
  /** Refuse when the name is taken. */
  readonly exclusive: boolean;
  /** Size of the finished file, which what it replaces is likely to be near to. */
  readonly bytes: number;
}

/** Gives a finished file its name: replacing in one step, or with `exclusive` refusing in one step when it is taken. */
export async function publishFile(
  from: string,
  to: string,
  { exclusive, bytes }: Publication,
): Promise<void> {
  if (!exclusive) return bytes < LARGE_BYTES ? rename(from, to) : replaceLarge(from, to);
  // A hard link is the one portable step that fails when the name is taken.
  await link(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EPERM") throw error;
    throw systemError("ENOTSUP", "the file system has no hard links, or does not allow them here");
  });
  await unlink(from).catch(async (error: unknown) => {
    await unlink(to);
    throw error;
  });
}

/**
 * Replaces a file without waiting until the system has freed its blocks and memory, which was a third of the time of a
 * download of 256 MiB to ext4. The system does it when the last who has the file open closes it.
 */
async function replaceLarge(from: string, to: string): Promise<void> {
  const replaced = await openReplaced(to);
  try {
    await rename(from, to);
  } finally {
    // Nothing of ours is in it that a failure could lose.
    void replaced?.close().catch(() => undefined);
  }
}

async function openReplaced(path: string): Promise<FileHandle | undefined> {
  // Windows replaces no file that is open.
  if (process.platform === "win32") return undefined;
  // Where nothing is, or nothing that may be read, there is nothing to hold; a pipe could have nobody at its other end.
  return open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
}

/** Gives a finished directory its name. The rename itself refuses all that is there, except an empty directory. */
export async function publishDirectory(from: string, to: string, exclusive: boolean): Promise<void> {
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (exclusive && error.code === "ENOTEMPTY") throw systemError("EEXIST", "a directory is there");
    throw error;
  });
}

/** Does what needs the parent directories of a path, making them when they are missing. */
export async function withParents<T>(path: string, fsync: boolean, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const parent = dirname(path);
    const first = await mkdir(parent, { recursive: true });
    if (fsync && first !== undefined) await flushNewDirectories(first, parent);
    return operation();
  }
}
