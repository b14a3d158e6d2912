import {
  checkText,
  CHUNK_BYTES,
  type Row,
  type RowEncoder,
  RowError,
  TextRowEncoder,
} from "@leat/copy-to-table";
import { type LoadColumn, quoteLiteral } from "./load-statements.ts";

/** Rows for `LOAD DATA`. */
export function loadDataEncoder(columns: readonly LoadColumn[], required: readonly number[]): RowEncoder {
  return refuseNulls(new TextRowEncoder(columns.map(({ type }) => type.text)), required);
}

/** Rows for a multi-row INSERT. */
export function insertEncoder(
  columns: readonly LoadColumn[],
  required: readonly number[],
): RowEncoder<ValuesList> {
  return refuseNulls(new InsertEncoder(columns), required);
}

/** What follows `values` in an INSERT. */
export interface ValuesList {
  readonly text: string;
  readonly rows: number;
}

/** Lists of values, which are limited by their size: servers refuse statements beyond `max_allowed_packet`. */
class InsertEncoder implements RowEncoder<ValuesList> {
  readonly #columns: readonly LoadColumn[];
  #text = "";
  #rows = 0;

  constructor(columns: readonly LoadColumn[]) {
    this.#columns = columns;
  }

  get isFull(): boolean {
    return this.#text.length >= CHUNK_BYTES;
  }

  get pendingBytes(): number {
    return this.#text.length;
  }

  add(row: Row): void {
    const values = this.#columns.map((column, index) => toLiteral(column, index, row[index]));
    this.#text += `${this.#rows === 0 ? "" : ","}(${values.join(",")})`;
    this.#rows++;
  }

  take(): ValuesList {
    const list = { text: this.#text, rows: this.#rows };
    this.#text = "";
    this.#rows = 0;
    return list;
  }

  finish(): ValuesList | undefined {
    return this.#rows === 0 ? undefined : this.take();
  }
}

function toLiteral({ type }: LoadColumn, index: number, value: unknown): string {
  if (value === null) return "null";
  try {
    const text = type.text(value);
    checkText(text);
    const literal = quoteLiteral(text);
    return type.decode?.(literal) ?? literal;
  } catch (error) {
    throw new RowError(index, error);
  }
}

/** Refuses null in columns where servers would make another value of it without a word. */
function refuseNulls<Chunk>(encoder: RowEncoder<Chunk>, required: readonly number[]): RowEncoder<Chunk> {
  if (required.length === 0) return encoder;
  return {
    get isFull() {
      return encoder.isFull;
    },
    get pendingBytes() {
      return encoder.pendingBytes;
    },
    add(row) {
      const index = required.find((column) => row[column] === null);
      if (index !== undefined)
        throw new RowError(index, new Error("The column cannot be null. Give a value."));
      encoder.add(row);
    },
    take: () => encoder.take(),
    finish: () => encoder.finish(),
  };
}
