import { type OperationOptions, Target } from "@leat/core";

/**
 * A row that says that a load is done. It exists once the transaction that wrote it has committed.
 *
 * The key is `updateId` alone, as in Luigi: the same id for two tables is one marker.
 */
export abstract class MarkerTarget extends Target {
  /** Key of the row; by default the id of the task. */
  readonly updateId: string;
  /** The table that was loaded. Kept beside the key for people; it takes no part in `exists`. */
  readonly table: string;

  constructor(table: string, updateId: string) {
    super();
    this.table = table;
    this.updateId = updateId;
  }

  /** Writes the marker, making the marker table when it is missing. Tells whether it was this call that wrote it. */
  abstract touch(options?: OperationOptions): Promise<boolean>;

  /** Takes the marker away, so that the load counts as not done. Tells whether it was there. */
  abstract remove(options?: OperationOptions): Promise<boolean>;

  override toString(): string {
    return `${this.table} (${this.updateId})`;
  }
}
