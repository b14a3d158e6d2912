import { LocalFileSystem } from "./local-file-system.ts";
import type { FileStat, FileSystem, OperationOptions } from "./file-system.ts";
import { makerOf } from "./temporary-name.ts";

export interface SweepOptions extends OperationOptions {
  /** The store. Default: files of this machine. */
  readonly fileSystem?: FileSystem;
  /** Least time since the last write, in seconds. Default 3600 (1 hour). */
  readonly olderThanSeconds?: number;
  /**
   * Remove also what processes of other machines made, by its age alone: whether they live cannot be told from here. Default false.
   */
  readonly otherMachines?: boolean;
  /** Remove nothing, only tell. Default false. */
  readonly dryRun?: boolean;
  /** Milliseconds since epoch. Default: now. */
  readonly now?: number;
}

/** What a sweep found. */
export interface SweptOrphans {
  readonly removed: readonly string[];
  /** Data in the making that may still become something, and why, as the end of a sentence: `its process 4711 lives`. */
  readonly kept: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Removes the files and directories in the making that dead processes left in a directory and below it. One that is killed
 * cannot remove its own; they never get in the way of anything, but take up space.
 *
 * What a process of this machine makes that still lives is never removed, whatever its age (a process that happens to have the
 * number of a dead one keeps that one's files until it ends too). Programs that the dead one started may still write there:
 * `olderThanSeconds` leaves them time. `TARGET_NOT_FOUND` for a missing directory.
 */
export async function sweepOrphans(directory: string, options: SweepOptions = {}): Promise<SweptOrphans> {
  const { fileSystem = new LocalFileSystem(), signal, dryRun = false } = options;
  const removed: string[] = [];
  const kept: { path: string; reason: string }[] = [];
  for await (const path of fileSystem.listTemporary(directory, { ...(signal && { signal }) })) {
    const reason = strangerOrAlive(path, options) ?? tooYoung(await fileSystem.stat(path), options);
    if (reason !== undefined) kept.push({ path, reason });
    else if (dryRun || (await fileSystem.remove(path, { recursive: true }))) removed.push(path);
  }
  return { removed, kept };
}

function strangerOrAlive(path: string, { otherMachines = false }: SweepOptions): string | undefined {
  const maker = makerOf(path);
  if (maker?.isOnThisMachine === true) {
    return isAlive(maker.processId) ? `its process ${maker.processId} lives` : undefined;
  }
  return otherMachines ? undefined : "a process of another machine makes it";
}

function tooYoung(stat: FileStat | undefined, options: SweepOptions): string | undefined {
  const { olderThanSeconds = 3600, now = Date.now() } = options;
  if (stat?.modifiedAt === undefined) return "its age is not known";
  const isOld = now - stat.modifiedAt >= olderThanSeconds * 1000;
  return isOld ? undefined : `it was written to less than ${olderThanSeconds} s ago`;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // One of another user lives too.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
