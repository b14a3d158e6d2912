import type { TableName } from "@leat/copy-to-table";
import { UsageError } from "@leat/core";

/** NAMEDATALEN - 1; the server cuts longer names silently. https://www.postgresql.org/docs/current/sql-syntax-lexical.html */
const MAX_NAME_BYTES = 63;

/** @throws UsageError `OPTION_INVALID` for names that PostgreSQL cannot hold */
export function quoteIdentifier(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > MAX_NAME_BYTES || name.includes("\0")) {
    throw new UsageError(
      "OPTION_INVALID",
      `The name ${JSON.stringify(name)} is not one that PostgreSQL can hold. Give 1 to ${MAX_NAME_BYTES} bytes without NUL.`,
    );
  }
  return `"${name.replaceAll('"', '""')}"`;
}

export function quoteTable({ schema, name }: TableName): string {
  return schema === undefined ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
