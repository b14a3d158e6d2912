import type { SftpClient } from "./sftp-client.ts";
import { hasStatus, SftpFailure, STATUS } from "./sftp-errors.ts";

/** Does what needs the parent directories of a path, making them when they are missing. */
export async function withParents<T>(
  client: SftpClient,
  path: string,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    const parent = parentOf(path);
    if (!hasStatus(error, STATUS.NO_SUCH_FILE) || parent === undefined) throw error;
    await makeDirectory(client, parent, true);
    return operation();
  }
}

/** Makes a directory with its parents; it may be there, or be made by others at the same moment. */
export async function makeDirectory(client: SftpClient, path: string, mayExist: boolean): Promise<void> {
  try {
    await withParents(client, path, () => client.mkdir(path));
  } catch (error) {
    await checkMade(client, path, mayExist, error);
  }
}

/** The server says only that making the directory failed: looks whether it is because something is there. */
export async function checkMade(
  client: SftpClient,
  path: string,
  mayExist: boolean,
  error: unknown,
): Promise<void> {
  if (!hasStatus(error, STATUS.FAILURE)) throw error;
  const found = await client.stat(path).catch(() => undefined);
  if (found === undefined) throw error;
  if (!found.isDirectory()) throw fileInTheWay(path, error);
  if (mayExist) return;
  const row = { code: "TARGET_EXISTS", cure: "Remove it first." } as const;
  throw new SftpFailure("a directory is there already", row, error);
}

function fileInTheWay(path: string, cause: unknown): SftpFailure {
  const cure = "Remove it, or give another path.";
  const reason = `a file is at ${path}, where a directory is needed`;
  return new SftpFailure(reason, { code: "TARGET_NOT_DIRECTORY", cure }, cause);
}

/** The directory that a path is in; `undefined` for the root and for a name alone. */
export function parentOf(path: string): string | undefined {
  return /^(.*[^/])\/+[^/]+\/*$/s.exec(path)?.[1];
}
