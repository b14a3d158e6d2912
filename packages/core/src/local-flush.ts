import { open, readdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { childPath } from "./local-paths.ts";

const IS_WINDOWS = process.platform === "win32";

/** Flushes a directory to the disk: the names in it are durable then. */
export async function flushDirectory(path: string): Promise<void> {
  // Windows has no way to flush a directory.
  if (!IS_WINDOWS) await flush(path, "r");
}

/** Flushes a file, or a directory with all below it, to the disk. */
export async function flushTree(path: string): Promise<void> {
  // Windows flushes a file only for those who may write to it; elsewhere that may not be allowed.
  if (!(await stat(path)).isDirectory()) return flush(path, IS_WINDOWS ? "r+" : "r");
  for (const name of await readdir(path)) await flushTree(childPath(path, name));
  await flushDirectory(path);
}

/**
 * Flushes the directories in which new ones were made.
 *
 * @param first the topmost of the new ones
 * @param last the lowest of the new ones
 */
export async function flushNewDirectories(first: string, last: string): Promise<void> {
  const top = dirname(resolve(first));
  for (let made = resolve(last); made !== top; made = dirname(made)) await flushDirectory(dirname(made));
}

async function flush(path: string, flags: "r" | "r+"): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
