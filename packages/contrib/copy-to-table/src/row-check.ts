import type { ColumnOptions, ColumnSpec } from "./column.ts";
import type { Row } from "./row-source.ts";
import { RowError } from "./value-error.ts";

/** Gives the row to load for a row of the source. @throws RowError */
export type RowCheck = (row: Row) => Row;

/** What is done with a row before it is encoded: its length, the options of its columns, and nulls in the key. */
export function rowCheck(columns: readonly ColumnSpec[], keys: readonly string[]): RowCheck {
  const steps: RowCheck[] = [(row) => checkLength(row, columns.length)];
  if (columns.some(({ options }) => options.map !== undefined || options.nullValues !== undefined)) {
    steps.push((row) => convert(row, columns));
  }
  const keyIndexes = keys.map((key) => columns.findIndex((column) => column.name === key));
  if (keyIndexes.length > 0) steps.push((row) => checkKey(row, keyIndexes));
  return (row) => {
    let checked = row;
    for (const step of steps) checked = step(checked);
    return checked;
  };
}

function checkLength(row: Row, columns: number): Row {
  if (!Array.isArray(row))
    throw new RowError(-1, "It is not an array. Give an array of values for each row.");
  if (row.length === columns) return row;
  const values = row.length === 1 ? "1 value" : `${row.length} values`;
  throw new RowError(-1, `It has ${values} for ${columns} columns. Give one value for each column.`);
}

function checkKey(row: Row, keyIndexes: readonly number[]): Row {
  const missing = keyIndexes.find((index) => row[index] === null);
  if (missing === undefined) return row;
  throw new RowError(missing, "null is not a key. Give a value for each column of the key.");
}

function convert(row: Row, columns: readonly ColumnSpec[]): Row {
  return row.map((value, index) => {
    try {
      return convertValue(value, (columns[index] as ColumnSpec).options);
    } catch (error) {
      throw new RowError(index, error);
    }
  });
}

function convertValue(value: unknown, { nullValues, map }: ColumnOptions): unknown {
  if (value === null || nullValues?.includes(value)) return null;
  return map === undefined ? value : map(value);
}
