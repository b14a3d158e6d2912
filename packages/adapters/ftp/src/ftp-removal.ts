import { incompleteRemoval, LeatError, type TargetError } from "@leat/core";
import type { FtpClient } from "./ftp-client.ts";
import { ftpError, isRefusal, saysMissing } from "./ftp-errors.ts";
import { childPath } from "./ftp-listing.ts";

/** Removes a directory with all below it. What cannot be removed does not keep the rest. */
export async function removeTree(client: FtpClient, directory: string): Promise<void> {
  const removal = new Removal(client);
  await removal.removeDirectory(directory);
  if (removal.remaining.length > 0) throw incomplete(directory, removal);
}

/**
 * Removes what is not a directory. A link to one is removed too, since only the directory itself cannot be deleted as a file.
 * Tells whether that was so.
 */
export function removedAsFile(client: FtpClient, path: string): Promise<boolean> {
  return succeeded(client.removeFile(path));
}

/** False when the server refused. */
async function succeeded(operation: Promise<void>): Promise<boolean> {
  try {
    await operation;
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

class Removal {
  readonly remaining: string[] = [];
  firstError: unknown;
  readonly #client: FtpClient;

  constructor(client: FtpClient) {
    this.#client = client;
  }

  async removeDirectory(directory: string): Promise<void> {
    const before = this.remaining.length;
    await this.#attempt(directory, async () => {
      for (const { name, kind } of await this.#client.entries(directory)) {
        const path = childPath(directory, name);
        if (kind !== "directory") await this.#attempt(path, () => this.#client.removeFile(path));
        // Servers may show a link to a directory as one.
        else if (!(await removedAsFile(this.#client, path))) await this.removeDirectory(path);
      }
      // With something left in it, it would only be one more error about the same.
      if (this.remaining.length === before) await this.#removeEmptied(directory);
    });
  }

  async #removeEmptied(directory: string): Promise<void> {
    if (await succeeded(this.#client.removeDirectory(directory))) return;
    for (const { name, kind } of await this.#client.entriesByList(directory)) {
      if (kind === "link") await this.#client.removeFile(childPath(directory, name));
    }
    await this.#client.removeDirectory(directory);
  }

  async #attempt(path: string, operation: () => Promise<void>): Promise<void> {
    try {
      await operation();
    } catch (error) {
      // Somebody else removed it first.
      if (saysMissing(error)) return;
      if (!isRefusal(error) && !LeatError.is(error)) throw error;
      this.firstError ??= error;
      this.remaining.push(path);
    }
  }
}

function incomplete(directory: string, { remaining, firstError }: Removal): TargetError {
  const path = remaining[0] as string;
  return incompleteRemoval(directory, remaining, ftpError(firstError, `remove ${path}`, path) as TargetError);
}
