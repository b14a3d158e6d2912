import { TargetError } from "@leat/core";
import type { TableName } from "@leat/copy-to-table";
import type { Client } from "./client.ts";
import { listOf, quoteTable } from "./identifiers.ts";

/** The staging table beside `table`. It is seen by its session alone, so one name does for all. */
export function stagingOf(table: TableName): TableName {
  return { schema: table.schema, name: "leat_staging" };
}

/** Makes an empty staging table with some columns of a table, and their key. Making temporary tables does not end the transaction. */
export async function createStaging(
  client: Client,
  table: TableName,
  columns: readonly string[],
  keys: readonly string[],
): Promise<void> {
  await requireKey(client, table, columns, keys);
  await dropStaging(client, table);
  await client.change(
    `create temporary table ${quoteTable(stagingOf(table))} (unique key (${listOf(keys)})) engine = InnoDB
      select ${listOf(columns)} from ${quoteTable(table)} limit 0`,
  );
}

export async function dropStaging(client: Client, table: TableName): Promise<void> {
  await client.change(`drop temporary table if exists ${quoteTable(stagingOf(table))}`);
}

/**
 * `TARGET_UNSUPPORTED` when the table has no unique key of the columns, or has another one among those that are loaded: MySQL
 * would put a new row in the place of one with the same value there, whatever its key.
 */
async function requireKey(
  client: Client,
  table: TableName,
  columns: readonly string[],
  keys: readonly string[],
): Promise<void> {
  const uniqueKeys = await uniqueKeysOf(client, table);
  const wanted = keyText(keys);
  if (!uniqueKeys.some((key) => key.isWhole && keyText(key.columns) === wanted)) {
    throw unsupported(table, `has no unique key of ${keys.join(", ")}. Add it`);
  }
  const loaded = new Set(columns.map((column) => column.toLowerCase()));
  const other = uniqueKeys.find(
    (key) =>
      keyText(key.columns) !== wanted && key.columns.some((column) => loaded.has(column.toLowerCase())),
  );
  if (other !== undefined) {
    throw unsupported(
      table,
      `has the unique key ${other.name} beside that of ${keys.join(", ")}, by which MySQL would replace rows as well. Use mode "append" or "replace", or load into a table without it`,
    );
  }
}

interface UniqueKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** Whether it is about whole values, not their beginnings. */
  readonly isWhole: boolean;
}

async function uniqueKeysOf(client: Client, { schema, name }: TableName): Promise<readonly UniqueKey[]> {
  const text = `select index_name as name, column_name as part, sub_part as length from information_schema.statistics
    where table_schema = coalesce(?, database()) and table_name = ? and non_unique = 0`;
  const keys = new Map<string, { columns: string[]; isWhole: boolean }>();
  for (const row of await client.select(text, [schema ?? null, name])) {
    const keyName = String(row["name"]);
    const key = keys.get(keyName) ?? { columns: [], isWhole: true };
    keys.set(keyName, key);
    key.columns.push(String(row["part"]));
    key.isWhole &&= row["length"] === null;
  }
  return [...keys].map(([keyName, key]) => ({ name: keyName, ...key }));
}

function keyText(columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => column.toLowerCase()).sort());
}

function unsupported(table: TableName, problem: string): TargetError {
  const shown = quoteTable(table);
  return new TargetError("TARGET_UNSUPPORTED", `The table ${shown} ${problem}.`, {
    details: { table: shown },
  });
}
