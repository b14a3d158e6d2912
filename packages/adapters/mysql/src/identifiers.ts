import { UsageError } from "@leat/core";
import { parseTableName, type TableName } from "@leat/copy-to-table";

/** https://dev.mysql.com/doc/refman/8.4/en/identifier-length.html */
const MAX_NAME_CHARACTERS = 64;

/** Characters beyond U+FFFF, NUL, and a blank at the end. https://dev.mysql.com/doc/refman/8.4/en/identifiers.html */
const IMPOSSIBLE = /[\0\u{10000}-\u{10ffff}]| $/u;

/** @throws UsageError `OPTION_INVALID` for names that MySQL cannot hold */
export function quoteIdentifier(name: string): string {
  if (name === "" || name.length > MAX_NAME_CHARACTERS || IMPOSSIBLE.test(name)) {
    throw new UsageError(
      "OPTION_INVALID",
      `The name ${JSON.stringify(name)} is not one that MySQL can hold. Give 1 to ${MAX_NAME_CHARACTERS} characters up to U+FFFF, without NUL and without a blank at the end.`,
    );
  }
  return `\`${name.replaceAll("`", "``")}\``;
}

export function quoteTable({ schema, name }: TableName): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** Quotes `table` or `database.table`. */
export function quoteTableText(table: string): string {
  return quoteTable(parseTableName(table));
}

export function listOf(columns: readonly string[]): string {
  return columns.map(quoteIdentifier).join(", ");
}
