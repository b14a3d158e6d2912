import type { TableName } from "@leat/copy-to-table";
import { listOf, quoteIdentifier, quoteTable } from "./identifiers.ts";
import type { ValueType } from "./value-type.ts";

/** A column to load, and how its values are written. */
export interface LoadColumn {
  readonly name: string;
  readonly type: ValueType;
}

/** Reads what `TextRowEncoder` writes. */
export function loadRowsStatement(table: TableName, columns: readonly LoadColumn[]): string {
  const names = columns.map(({ name, type }, index) =>
    type.decode === undefined ? quoteIdentifier(name) : `@leat_${index}`,
  );
  const decoded = columns.flatMap(({ name, type: { decode } }, index) =>
    decode === undefined ? [] : [`${quoteIdentifier(name)} = ${decode(`@leat_${index}`)}`],
  );
  const set = decoded.length === 0 ? "" : ` set ${decoded.join(", ")}`;
  return `${loadStatement(table, "\t", "\n")} (${names.join(", ")})${set}`;
}

/** Reads tab-separated lines, or what a CSV file becomes. */
export function loadFileStatement(
  table: TableName,
  columns: readonly string[],
  {
    header,
    delimiter,
    lineEnd,
  }: { readonly header: boolean; readonly delimiter: string; readonly lineEnd: string },
): string {
  return `${loadStatement(table, delimiter, lineEnd)}${header ? " ignore 1 lines" : ""} (${listOf(columns)})`;
}

function loadStatement(table: TableName, delimiter: string, lineEnd: string): string {
  return `load data local infile 'leat' into table ${quoteTable(table)} character set utf8mb4
    fields terminated by ${quoteLiteral(delimiter)} enclosed by '' escaped by '\\\\' lines starting by '' terminated by ${quoteLiteral(lineEnd)}`;
}

/** Puts staged rows into a table, each in the place of the row with the same key. */
export function mergeStatement(
  staging: TableName,
  table: TableName,
  columns: readonly string[],
  keys: readonly string[],
): string {
  const into = quoteTable(table);
  const from = quoteTable(staging);
  const changed = columns.filter((column) => !keys.includes(column)).map(quoteIdentifier);
  const updates = changed.map((column) => `${into}.${column} = ${from}.${column}`);
  const [key] = listOf(keys).split(", ", 1);
  // A row that is all key is there already; MySQL has no "do nothing" that lets other errors pass.
  const update = updates.length === 0 ? `${into}.${key} = ${into}.${key}` : updates.join(", ");
  return `insert into ${into} (${listOf(columns)}) select ${listOf(columns)} from ${from} on duplicate key update ${update}`;
}

/** The text as a literal of SQL, for sessions with backslash escapes. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll(/[\\']/g, "\\$&")}'`;
}
