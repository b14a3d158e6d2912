import type { Handle, SftpClient } from "./sftp-client.ts";
import { hasStatus, SftpFailure, STATUS } from "./sftp-errors.ts";

/** A file that is open for reading, with what it was like then. */
export interface OpenFile {
  readonly handle: Handle;
  readonly size: number;
  /** Last write, in whole seconds since the Unix epoch. */
  readonly mtime: number;
}

/** Opens a file. Servers open a directory as well, and only fail to read it, which would be too late; or say that it is forbidden. */
export async function openFile(client: SftpClient, path: string): Promise<OpenFile> {
  const handle = await open(client, path);
  const attributes = await client.fstat(handle);
  if (!attributes.isDirectory()) return { handle, size: attributes.size, mtime: attributes.mtime };
  await client.close(handle);
  throw isDirectory();
}

async function open(client: SftpClient, path: string): Promise<Handle> {
  try {
    return await client.open(path, "r");
  } catch (error) {
    const isRefused = hasStatus(error, STATUS.PERMISSION_DENIED) || hasStatus(error, STATUS.FAILURE);
    const found = isRefused ? await client.stat(path) : undefined;
    throw found?.isDirectory() === true ? isDirectory(error) : error;
  }
}

function isDirectory(cause?: unknown): SftpFailure {
  const row = { code: "TARGET_IS_DIRECTORY", cure: "Give the path of a file." } as const;
  return new SftpFailure("it is a directory", row, cause);
}
