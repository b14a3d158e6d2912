import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Account } from "./accounts.ts";
import { onExit } from "./exit-hooks.ts";

/** A directory that goes away with `remove()`, or else when Node exits. */
export interface TemporaryDirectory {
  readonly path: string;
  readonly remove: () => void;
}

/** Makes a temporary directory that every account can enter and `owner` (default: this user) can write. */
export function makeTemporaryDirectory(prefix: string, owner?: Account): TemporaryDirectory {
  const directory = mkdtempSync(path.join(os.tmpdir(), `${prefix}-`));
  const forget = onExit(() => {
    removeDirectory(directory);
  });
  chmodSync(directory, 0o755);
  giveTo(directory, owner);
  return {
    path: directory,
    remove() {
      removeDirectory(directory);
      forget();
    },
  };
}

/** Runs `start` in a fresh temporary directory, and removes the directory when `start` fails. */
export async function inTemporaryDirectory<T>(
  prefix: string,
  owner: Account | undefined,
  start: (directory: TemporaryDirectory) => Promise<T>,
): Promise<T> {
  const directory = makeTemporaryDirectory(prefix, owner);
  try {
    return await start(directory);
  } catch (error) {
    directory.remove();
    throw error;
  }
}

/** Makes a directory, mode 0700 unless told otherwise, that belongs to `owner`. */
export function makeDirectory(directory: string, owner?: Account, mode = 0o700): string {
  mkdirSync(directory, { mode });
  giveTo(directory, owner);
  return directory;
}

/** Writes a file that only `owner` (default: this user) and root can read. */
export function writePrivateFile(file: string, content: string, owner?: Account): string {
  writeFileSync(file, content, { mode: 0o600 });
  giveTo(file, owner);
  return file;
}

/** Removes a directory with all in it; no error when it is not there. */
export function removeDirectory(directory: string): void {
  // A server that was just killed may still be writing its last files: ENOTEMPTY, retried by Node.
  rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
}

/** True when the mode bits of every directory on the way let the account enter `directory`. */
export function canEnter(account: Account, directory: string): boolean {
  const parent = path.dirname(directory);
  return mayEnter(account, directory) && (parent === directory || canEnter(account, parent));
}

/** A directory that does not exist yet counts as one that can be entered. */
function mayEnter(account: Account, directory: string): boolean {
  const status = statSync(directory, { throwIfNoEntry: false });
  if (status === undefined) return true;
  if (status.uid === account.uid) return (status.mode & 0o100) !== 0;
  if (status.gid === account.gid) return (status.mode & 0o010) !== 0;
  return (status.mode & 0o001) !== 0;
}

function giveTo(file: string, owner: Account | undefined): void {
  if (owner !== undefined) chownSync(file, owner.uid, owner.gid);
}
