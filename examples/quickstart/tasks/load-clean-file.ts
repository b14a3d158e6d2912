import { csvFile, PostgresCopyToTable } from "@leat/postgres";
import type { LocalTarget, Producing } from "leat";
import { versionOf } from "./files.ts";

/**
 * Loads the file that a cleaning task kept.
 *
 * The marker of the load names the making of the files that it was loaded from. When these are made again, or one of them is
 * gone, there is no such marker, and so the load is not complete any more. What it loaded before has to make way then.
 */
export abstract class LoadCleanFile extends PostgresCopyToTable {
  abstract override requires(): Producing<{ kept: LocalTarget; rejected: LocalTarget }>;

  /** The making of the files, as far as they are there. */
  get version(): string {
    return versionOf(Object.values(this.requires().output()));
  }

  override get updateId(): string {
    return `${this.id} of ${this.version}`;
  }

  override rows() {
    return csvFile(this.requires().output().kept, { header: true });
  }
}
