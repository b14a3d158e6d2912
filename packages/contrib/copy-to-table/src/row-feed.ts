import type { TargetError } from "@leat/core";
import type { ColumnSpec } from "./column.ts";
import type { LoadProgress } from "./load-progress.ts";
import type { Rejects } from "./rejects.ts";
import { type RowCheck, rowCheck } from "./row-check.ts";
import type { RowEncoder } from "./row-encoder.ts";
import { invalidRow } from "./row-errors.ts";
import type { Row } from "./row-source.ts";
import { RowError } from "./value-error.ts";

export interface RowFeedOptions {
  /** The table as the task names it, for messages. */
  readonly table: string;
  readonly columns: readonly ColumnSpec[];
  /** Names of columns that must not be null. */
  readonly keys: readonly string[];
  readonly rejects: Rejects | undefined;
  readonly progress: LoadProgress;
}

/** The rows of one load on their way to the database: checked, counted, and those that do not fit taken out. Read once. */
export class RowFeed {
  readonly #batches: AsyncIterable<readonly Row[]>;
  readonly #options: RowFeedOptions;
  readonly #check: RowCheck;
  #read = 0;

  constructor(batches: AsyncIterable<readonly Row[]>, options: RowFeedOptions) {
    this.#batches = batches;
    this.#options = options;
    this.#check = rowCheck(options.columns, options.keys);
  }

  /** All rows in the chunks that an encoder makes of them. `TARGET_INVALID_DATA` for a row that does not fit. */
  async *encode<Chunk>(encoder: RowEncoder<Chunk>): AsyncGenerator<Chunk, void, undefined> {
    const { progress } = this.#options;
    for await (const batch of this.#batches) {
      for (const row of batch) {
        this.#add(row, encoder);
        if (!encoder.isFull) continue;
        const bytes = encoder.pendingBytes;
        yield encoder.take();
        progress.add({ rows: this.#read, bytes });
      }
    }
    const last = encoder.finish();
    if (last !== undefined) yield last;
  }

  /** The error for what the server says of the n-th row that it was given, from 1. */
  serverError(
    loaded: number | undefined,
    column: string | undefined,
    reason: string,
    cause: unknown,
  ): TargetError {
    const row = loaded === undefined ? undefined : (this.#options.rejects?.sourceRow(loaded) ?? loaded);
    return invalidRow({ table: this.#options.table, row, column }, reason, cause);
  }

  #add(row: Row, encoder: RowEncoder<unknown>): void {
    this.#read++;
    try {
      encoder.add(this.#check(row));
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      this.#reject(row, error);
    }
  }

  #reject(row: Row, error: RowError): void {
    const { table, columns, rejects } = this.#options;
    const column = columns[error.column]?.name;
    if (rejects?.add(this.#read, column, error, row)) return;
    const limit =
      rejects === undefined ? "" : ` Rows rejected before it: ${rejects.count}, which is the limit.`;
    throw invalidRow({ table, row: this.#read, column }, `${error.message}${limit}`, error.cause);
  }
}
