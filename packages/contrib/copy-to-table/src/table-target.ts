import { type OperationOptions, Target } from "@leat/core";
import { abortable } from "./abortable.ts";
import type { Row } from "./row-source.ts";

export interface ReadRowsOptions extends OperationOptions {
  /** The columns to read, in this order. Default: all, in the order of the table. */
  readonly columns?: readonly string[];
}

/** A table of a database. It exists when the table does, with or without rows. */
export abstract class TableTarget extends Target {
  /** `table` or `schema.table`, with double quotes around a name that has a dot. */
  readonly table: string;

  constructor(table: string) {
    super();
    this.table = table;
  }

  override exists({ signal }: OperationOptions = {}): Promise<boolean> {
    return abortable(signal, () => this.isThere(signal));
  }

  /**
   * The rows as arrays of values, in batches of 1000, all as they were at one moment. Whole numbers of 64 bits come as bigint;
   * decimals, dates and times as text: nothing is lost, and a loader takes all of it back. `TARGET_NOT_FOUND`
   */
  abstract readBatches(options?: ReadRowsOptions): AsyncGenerator<Row[], void, undefined>;

  /** As `readBatches`, row by row. */
  async *readRows(options?: ReadRowsOptions): AsyncGenerator<Row, void, undefined> {
    for await (const batch of this.readBatches(options)) yield* batch;
  }

  override toString(): string {
    return this.table;
  }

  /** Whether the table is there; the connection is cut when `signal` aborts. For adapters. */
  protected abstract isThere(signal: AbortSignal | undefined): Promise<boolean>;
}
