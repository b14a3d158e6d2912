import { type FileHandle, open } from "node:fs/promises";
import { IN_MEMORY } from "./sqlite-database.ts";

/**
 * Brings the write-ahead log of a database to the disk without blocking. With `synchronous = NORMAL` SQLite does that
 * only before a checkpoint; after each commit this makes the same promise as `synchronous = FULL`.
 */
export class LogSync {
  readonly #path: string;
  #log: Promise<FileHandle> | undefined;

  constructor(databasePath: string) {
    this.#path = databasePath;
  }

  /** Resolves when all commits so far are on disk. */
  async sync(): Promise<void> {
    if (this.#path === IN_MEMORY) return;
    // The log is made by the first commit and stays the same file until the database is closed.
    this.#log ??= open(`${this.#path}-wal`, "r+");
    const log = await this.#log;
    await log.datasync();
  }

  async close(): Promise<void> {
    await this.#log?.then((log) => log.close());
  }
}
