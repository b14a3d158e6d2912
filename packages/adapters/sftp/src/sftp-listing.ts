import type { Attributes, DirectoryEntry, SftpClient } from "./sftp-client.ts";
import { hasStatus, SftpFailure, STATUS } from "./sftp-errors.ts";

export interface ListedEntry {
  /** Begins with the directory as it was given. */
  readonly path: string;
  /** Of the entry itself, also when it is a link. */
  readonly attributes: Attributes;
}

/** The entries of a directory, page by page, each with the path by which it can be used. */
export async function* entriesOf(client: SftpClient, directory: string): AsyncGenerator<ListedEntry[]> {
  const handle = await openDirectory(client, directory);
  try {
    for (
      let page = await nextPage(client, handle);
      page !== undefined;
      page = await nextPage(client, handle)
    ) {
      yield await Promise.all(page.map((entry) => listed(client, directory, entry)));
    }
  } finally {
    // Not waited for: whoever stops because the connection was lost would wait for nothing.
    client.close(handle).catch(() => undefined);
  }
}

async function openDirectory(client: SftpClient, path: string): Promise<Buffer> {
  try {
    return await client.openDirectory(path);
  } catch (error) {
    if (!(await isFile(client, path))) throw error;
    const row = { code: "TARGET_NOT_DIRECTORY", cure: "Give the path of a directory." } as const;
    throw new SftpFailure("it is a file", row, error);
  }
}

async function nextPage(client: SftpClient, handle: Buffer): Promise<DirectoryEntry[] | undefined> {
  try {
    return await client.readDirectory(handle);
  } catch (error) {
    if (hasStatus(error, STATUS.EOF)) return undefined;
    throw error;
  }
}

async function listed(client: SftpClient, directory: string, entry: DirectoryEntry): Promise<ListedEntry> {
  const path = `${directory.replace(/(?<=.)\/+$/, "")}/${entry.filename}`.replace(/^\/\//, "/");
  if (entry.filename.includes("\uFFFD")) await checkDecoded(client, path);
  return { path, attributes: entry.attrs };
}

/**
 * A name that is not UTF-8 has a replacement character where it cannot be read, and then leads nowhere; in a name that is
 * UTF-8 the character is as good as any.
 */
async function checkDecoded(client: SftpClient, path: string): Promise<void> {
  try {
    await client.lstat(path);
  } catch (error) {
    if (!hasStatus(error, STATUS.NO_SUCH_FILE)) throw error;
    const cure = "Rename it on the server.";
    const reason = `a name there is not UTF-8: ${JSON.stringify(path)}, approximately`;
    throw new SftpFailure(reason, { code: "TARGET_UNSUPPORTED", cure }, error);
  }
}

/** Whether a path leads to a file, by links as well. */
export async function isFile(client: SftpClient, path: string): Promise<boolean> {
  try {
    return !(await client.stat(path)).isDirectory();
  } catch (error) {
    if (hasStatus(error, STATUS.NO_SUCH_FILE)) return false;
    throw error;
  }
}
