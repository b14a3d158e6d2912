import { ByteWriter, CHUNK_BYTES, type Row, type RowEncoder, RowError } from "@leat/copy-to-table";
import type { ValueType } from "./value-type.ts";

/** Signature, flags, length of the header extension. https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4 */
const HEADER = Buffer.from("PGCOPY\n\u00ff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const TRAILER = -1;
const NULL_SIZE = -1;

/** Rows in the binary format of COPY, which the server reads with less work than text. */
export class BinaryRowEncoder implements RowEncoder {
  readonly #types: readonly ValueType[];
  readonly #out = new ByteWriter();

  constructor(types: readonly ValueType[]) {
    this.#types = types;
    this.#out.bytes(HEADER);
  }

  get isFull(): boolean {
    return this.#out.length >= CHUNK_BYTES;
  }

  get pendingBytes(): number {
    return this.#out.length;
  }

  add(row: Row): void {
    const types = this.#types;
    const out = this.#out;
    const start = out.length;
    let column = 0;
    try {
      out.int16(types.length);
      for (; column < types.length; column++) {
        const value = row[column];
        if (value === null) out.int32(NULL_SIZE);
        else (types[column] as ValueType).write(out, value);
      }
    } catch (error) {
      out.truncate(start);
      throw new RowError(column, error);
    }
  }

  take(): Buffer {
    return this.#out.take();
  }

  finish(): Buffer {
    this.#out.int16(TRAILER);
    return this.#out.take();
  }
}
