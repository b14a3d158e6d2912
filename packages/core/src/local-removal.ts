import { readdir, rmdir, unlink } from "node:fs/promises";
import type { TargetError } from "./errors.ts";
import { incompleteRemoval } from "./incomplete-removal.ts";
import { isMissing, localError } from "./local-errors.ts";
import { childPath } from "./local-paths.ts";

/** Removes a directory with all below it. What cannot be removed does not keep the rest. */
export async function removeTree(directory: string): Promise<void> {
  const removal = new Removal();
  await removal.removeDirectory(directory);
  if (removal.remaining.length > 0) throw incomplete(directory, removal);
}

class Removal {
  readonly remaining: string[] = [];
  firstError: unknown;

  async removeDirectory(directory: string): Promise<void> {
    const before = this.remaining.length;
    await this.#attempt(directory, async () => {
      for (const entry of await readdir(directory, { withFileTypes: true })) {
        const path = childPath(directory, entry.name);
        if (entry.isDirectory()) await this.removeDirectory(path);
        else await this.#attempt(path, () => unlink(path));
      }
      // With something left in it, it would only be one more error about the same.
      if (this.remaining.length === before) await rmdir(directory);
    });
  }

  async #attempt(path: string, operation: () => Promise<void>): Promise<void> {
    try {
      await operation();
    } catch (error) {
      // Somebody else removed it first.
      if (isMissing(error)) return;
      this.firstError ??= error;
      this.remaining.push(path);
    }
  }
}

function incomplete(directory: string, { remaining, firstError }: Removal): TargetError {
  const path = remaining[0] as string;
  return incompleteRemoval(
    directory,
    remaining,
    localError(firstError, `remove ${path}`, path) as TargetError,
  );
}
