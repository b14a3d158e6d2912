import { link, mkdir, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { systemError } from "./local-errors.ts";
import { flushNewDirectories } from "./local-flush.ts";

/** Gives a finished file its name: replacing in one step, or with `exclusive` refusing in one step when it is taken. */
export async function publishFile(from: string, to: string, exclusive: boolean): Promise<void> {
  if (!exclusive) return rename(from, to);
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
