import type { FileFeed, TableName } from "@leat/copy-to-table";
import { quoteIdentifier, quoteTable } from "./identifiers.ts";

export function copyStatement(table: TableName, columns: readonly string[], options: string): string {
  return `copy ${quoteTable(table)} (${listOf(columns)}) from stdin${options}`;
}

/** How COPY has to read a file. */
export function fileOptions({ format, header, delimiter }: FileFeed["file"]): string {
  const kind = format === "csv" ? "csv" : "text";
  return ` with (format ${kind}, delimiter ${quoteLiteral(delimiter)}, header ${header}, encoding 'UTF8')`;
}

/** Puts staged rows into a table, each in the place of the row with the same key. */
export function mergeStatement(
  staging: TableName,
  table: TableName,
  columns: readonly string[],
  keys: readonly string[],
): string {
  const changed = columns.filter((column) => !keys.includes(column)).map(quoteIdentifier);
  const action =
    changed.length === 0
      ? "do nothing"
      : `do update set ${changed.map((column) => `${column} = excluded.${column}`).join(", ")}`;
  return `insert into ${quoteTable(table)} (${listOf(columns)}) select ${listOf(columns)} from ${quoteTable(staging)}
    on conflict (${listOf(keys)}) ${action}`;
}

export function listOf(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(", ");
}

function quoteLiteral(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return `E'${escaped}'`;
}
