import { ByteWriter, plainText, type RowEncoder, TextRowEncoder, type ToText } from "@leat/copy-to-table";
import { TargetError } from "@leat/core";
import { BinaryRowEncoder } from "./binary-row-encoder.ts";
import { text as textType } from "./other-types.ts";
import type { TableColumn } from "./tables.ts";
import type { ValueType } from "./value-type.ts";
import { valueType } from "./value-types.ts";

/** An encoder, and what to write in COPY for it. */
export interface CopyFormat {
  readonly encoder: RowEncoder;
  readonly options: string;
}

/**
 * Chooses the format for columns as the table has them: binary when each has a type that we can write, else text. Both take
 * the same values for the same type.
 */
export function copyFormat(columns: readonly TableColumn[]): CopyFormat {
  const types = columns.map((column) => valueType(column.type));
  if (types.every((type) => type !== undefined)) {
    return { encoder: new BinaryRowEncoder(types), options: " with (format binary)" };
  }
  return { encoder: new TextRowEncoder(types.map(toText)), options: "" };
}

/** The columns to load in the order of the rows. `TARGET_NOT_FOUND` for one that the table does not have. */
export function pickColumns(
  names: readonly string[],
  found: ReadonlyMap<string, TableColumn>,
  table: string,
): readonly TableColumn[] {
  return names.map((name) => {
    const column = found.get(name);
    if (column !== undefined) return column;
    const message = `The table ${table} has no column "${name}". It has ${[...found.keys()].join(", ")}.`;
    throw new TargetError("TARGET_NOT_FOUND", message, { details: { table, column: name } });
  });
}

/** Text for values that the server will read. A type that we know decides by its binary form what it takes. */
function toText(type: ValueType | undefined): ToText {
  // The text of text needs no check but the encoder's own.
  if (type === undefined || type === textType) return plainText;
  const checks = new ByteWriter(64);
  const text = type.text ?? plainText;
  return (value) => {
    checks.truncate(0);
    type.write(checks, value);
    return text(value);
  };
}
