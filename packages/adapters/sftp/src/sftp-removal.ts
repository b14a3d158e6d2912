import { incompleteRemoval, type TargetError } from "@leat/core";
import type { SftpClient } from "./sftp-client.ts";
import { hasStatus, SftpFailure, sftpError, STATUS } from "./sftp-errors.ts";
import { entriesOf, type ListedEntry } from "./sftp-listing.ts";

/** Removes a directory that is empty. */
export async function removeEmpty(client: SftpClient, directory: string): Promise<void> {
  try {
    await client.rmdir(directory);
  } catch (error) {
    if (!hasStatus(error, STATUS.FAILURE) || (await isEmpty(client, directory))) throw error;
    const cure = "Remove it with recursive: true.";
    throw new SftpFailure("the directory has entries", { code: "TARGET_NOT_EMPTY", cure }, error);
  }
}

/** Removes a directory with all below it. What cannot be removed does not keep the rest. */
export async function removeTree(
  client: SftpClient,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const removal = new Removal(client, signal);
  await removal.removeDirectory(directory);
  if (removal.remaining.length > 0) throw incomplete(directory, removal);
}

class Removal {
  readonly remaining: string[] = [];
  firstError: unknown;
  readonly #client: SftpClient;
  readonly #signal: AbortSignal | undefined;

  constructor(client: SftpClient, signal: AbortSignal | undefined) {
    this.#client = client;
    this.#signal = signal;
  }

  async removeDirectory(directory: string): Promise<void> {
    const before = this.remaining.length;
    await this.#attempt(directory, async () => {
      // All names are read first: a directory that changes while it is read may leave some out.
      const pages: ListedEntry[][] = [];
      for await (const page of entriesOf(this.#client, directory)) pages.push(page);
      for (const page of pages) await Promise.all(page.map((entry) => this.#removeEntry(entry)));
      // With something left in it, it would only be one more error about the same.
      if (this.remaining.length === before) await this.#client.rmdir(directory);
    });
  }

  async #removeEntry({ path, attributes }: ListedEntry): Promise<void> {
    this.#signal?.throwIfAborted();
    if (attributes.isDirectory()) await this.removeDirectory(path);
    else await this.#attempt(path, () => this.#client.unlink(path));
  }

  async #attempt(path: string, operation: () => Promise<void>): Promise<void> {
    try {
      await operation();
    } catch (error) {
      this.#signal?.throwIfAborted();
      // Nothing more can be done over a connection that was lost.
      if (this.#client.isLost) throw error;
      // Somebody else removed it first.
      if (hasStatus(error, STATUS.NO_SUCH_FILE)) return;
      this.firstError ??= error;
      this.remaining.push(path);
    }
  }
}

async function isEmpty(client: SftpClient, directory: string): Promise<boolean> {
  for await (const page of entriesOf(client, directory)) if (page.length > 0) return false;
  return true;
}

function incomplete(directory: string, { remaining, firstError }: Removal): TargetError {
  const path = remaining[0] as string;
  return incompleteRemoval(
    directory,
    remaining,
    sftpError(firstError, `remove ${path}`, path) as TargetError,
  );
}
