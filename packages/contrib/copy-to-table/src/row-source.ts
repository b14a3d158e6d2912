import { UsageError } from "@leat/core";
import type { RowFile } from "./row-file.ts";

/** Values of one row, in the order of the columns. */
export type Row = readonly unknown[];

/** Rows inside travel in batches of about this many: handing over one row at a time costs more than the row. */
const BATCH_ROWS = 1000;

/** Rows that come in batches already; made by `batches`. */
export class RowBatches {
  readonly source: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>;

  constructor(source: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>) {
    this.source = source;
  }
}

/** Rows that pass through this process. */
export type Rows = Iterable<Row> | AsyncIterable<Row> | RowBatches;

/** What `rows()` gives: rows one by one, `batches(…)` of rows, or a file that the database reads. */
export type RowSource = Rows | RowFile;

/**
 * Says that a source yields arrays of rows, not rows. A row is an array too, so it has to be said.
 *
 *     override rows() {
 *       return batches(readParquet(this.input().path));
 *     }
 */
export function batches(source: Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>): RowBatches {
  return new RowBatches(source);
}

/** The rows of a source in batches. */
export async function* toBatches(source: Rows): AsyncGenerator<readonly Row[], void, undefined> {
  if (source instanceof RowBatches) yield* source.source;
  else if (isIterable(source, Symbol.asyncIterator)) yield* gatherAsync(source as AsyncIterable<Row>);
  else if (isIterable(source, Symbol.iterator)) yield* gather(source as Iterable<Row>);
  else throw noRows(source);
}

/** A text can be iterated as well, and is none of what rows come in. */
function isIterable(source: unknown, method: symbol): boolean {
  return typeof source === "object" && source !== null && method in source;
}

function noRows(source: unknown): UsageError {
  return new UsageError(
    "OPTION_INVALID",
    `rows() gave ${source === null ? "null" : typeof source}. Give an array or a generator of rows, batches(…), csvFile(…) or tsvFile(…).`,
  );
}

function* gather(rows: Iterable<Row>): Generator<readonly Row[], void, undefined> {
  let batch: Row[] = [];
  for (const row of rows) {
    if (batch.push(row) < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function* gatherAsync(rows: AsyncIterable<Row>): AsyncGenerator<readonly Row[], void, undefined> {
  let batch: Row[] = [];
  for await (const row of rows) {
    if (batch.push(row) < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
