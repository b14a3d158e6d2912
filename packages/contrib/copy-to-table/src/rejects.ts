import { type FileTarget, UsageError } from "@leat/core";
import type { Row } from "./row-source.ts";
import type { RowError } from "./value-error.ts";

/** Where rows go that do not fit their columns, in the place of ending the load. */
export interface RejectOptions {
  /**
   * Written before the commit, also when nothing was rejected: one JSON object a line, with `row` (from 1), `column`, `reason`
   * and `values`.
   */
  readonly target: FileTarget;
  /** Rows that may be rejected. One more ends the load with `TARGET_INVALID_DATA`. */
  readonly limit: number;
}

/** The rows of one load that were rejected. They are few, so they wait in memory. */
export class Rejects {
  readonly #options: RejectOptions;
  readonly #lines: string[] = [];
  readonly #rows: number[] = [];

  /** @throws UsageError `OPTION_INVALID` for a limit that is not a whole number from 0 on */
  constructor(options: RejectOptions) {
    this.#options = options;
    const { limit } = options;
    if (limit === Infinity || (Number.isInteger(limit) && limit >= 0)) return;
    throw new UsageError(
      "OPTION_INVALID",
      `The limit of rejects is ${limit}. Give a whole number from 0 on.`,
    );
  }

  get count(): number {
    return this.#rows.length;
  }

  /** Takes a row, or tells by `false` that the limit is reached. */
  add(row: number, column: string | undefined, error: RowError, values: Row): boolean {
    if (this.#rows.length >= this.#options.limit) return false;
    this.#rows.push(row);
    this.#lines.push(JSON.stringify({ row, column, reason: error.message, values }, jsonValue));
    return true;
  }

  /** The number in the source of the n-th row that went to the database, both from 1. */
  sourceRow(loaded: number): number {
    let row = loaded;
    for (const rejected of this.#rows) if (rejected <= row) row++;
    return row;
  }

  async save(): Promise<void> {
    await this.#options.target.writeLines(this.#lines);
  }
}

function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
