import { CHUNK_BYTES, type RowEncoder } from "./row-encoder.ts";
import type { Row } from "./row-source.ts";
import { checkText } from "./text-checks.ts";
import { RowError } from "./value-error.ts";

/** The text of a value that is not null. @throws ValueError when the column cannot hold it */
export type ToText = (value: unknown) => string;

/** What text must have to need more than to be copied: what is escaped, and what `checkText` looks at more closely. */
const SPECIAL = /[\0\t\n\r\\\ud800-\udfff]/;
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/**
 * Rows as tab-separated lines with backslash escapes and `\N` for null, in UTF-8: what PostgreSQL's `COPY` and MySQL's
 * `LOAD DATA` read unless told otherwise. Every text comes back as it was, `\N` and `\.` too.
 */
export class TextRowEncoder implements RowEncoder {
  readonly #columns: readonly ToText[];
  #pending = "";

  constructor(columns: readonly ToText[]) {
    this.#columns = columns;
  }

  get isFull(): boolean {
    return this.#pending.length >= CHUNK_BYTES;
  }

  get pendingBytes(): number {
    return this.#pending.length;
  }

  add(row: Row): void {
    let line = "";
    let column = 0;
    try {
      for (; column < this.#columns.length; column++) {
        const value = row[column];
        if (column > 0) line += "\t";
        line += value === null ? "\\N" : escape((this.#columns[column] as ToText)(value));
      }
    } catch (error) {
      throw new RowError(column, error);
    }
    this.#pending += `${line}\n`;
  }

  take(): Buffer {
    const bytes = Buffer.from(this.#pending);
    this.#pending = "";
    return bytes;
  }

  finish(): Buffer | undefined {
    return this.#pending === "" ? undefined : this.take();
  }
}

function escape(text: string): string {
  if (!SPECIAL.test(text)) return text;
  checkText(text);
  return text.replaceAll(/[\\\t\n\r]/g, (found) => ESCAPES[found] as string);
}
