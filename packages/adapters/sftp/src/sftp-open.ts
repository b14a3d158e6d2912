import type { Handle, SftpClient } from "./sftp-client.ts";
import { SftpFailure } from "./sftp-errors.ts";

/** A file that is open for reading, with what it was like then. */
export interface OpenFile {
  readonly handle: Handle;
  readonly size: number;
  /** Last write, in whole seconds since the Unix epoch. */
  readonly mtime: number;
}

/** Opens a file. Servers open a directory as well, and only fail to read it, which would be too late. */
export async function openFile(client: SftpClient, path: string): Promise<OpenFile> {
  const handle = await client.open(path, "r");
  const attributes = await client.fstat(handle);
  if (!attributes.isDirectory()) return { handle, size: attributes.size, mtime: attributes.mtime };
  await client.close(handle);
  throw new SftpFailure("it is a directory", {
    code: "TARGET_IS_DIRECTORY",
    cure: "Give the path of a file.",
  });
}
