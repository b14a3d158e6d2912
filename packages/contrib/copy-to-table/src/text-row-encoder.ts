import { ByteWriter } from "./byte-writer.ts";
import { CHUNK_BYTES, type RowEncoder } from "./row-encoder.ts";
import type { Row } from "./row-source.ts";
import { RowError } from "./value-error.ts";

/** The text of a value that is not null. @throws ValueError when the column cannot hold it */
export type ToText = (value: unknown) => string;

const TAB = 0x09;
const LINE_FEED = 0x0a;
/** `\N` as one number. */
const NULL = 0x5c4e;

/**
 * Rows as tab-separated lines with backslash escapes and `\N` for null, in UTF-8: what PostgreSQL's `COPY` and MySQL's
 * `LOAD DATA` read unless told otherwise. Every text comes back as it was, `\N` and `\.` too.
 */
export class TextRowEncoder implements RowEncoder {
  readonly #columns: readonly ToText[];
  readonly #out = new ByteWriter();

  constructor(columns: readonly ToText[]) {
    this.#columns = columns;
  }

  get isFull(): boolean {
    return this.#out.length >= CHUNK_BYTES;
  }

  get pendingBytes(): number {
    return this.#out.length;
  }

  add(row: Row): void {
    const columns = this.#columns;
    const out = this.#out;
    const start = out.length;
    let column = 0;
    try {
      for (; column < columns.length; column++) {
        const value = row[column];
        if (column > 0) out.uint8(TAB);
        if (value === null) out.int16(NULL);
        else out.escapedText((columns[column] as ToText)(value));
      }
      out.uint8(LINE_FEED);
    } catch (error) {
      out.truncate(start);
      throw new RowError(column, error);
    }
  }

  take(): Buffer {
    return this.#out.take();
  }

  finish(): Buffer | undefined {
    return this.#out.length === 0 ? undefined : this.take();
  }
}
