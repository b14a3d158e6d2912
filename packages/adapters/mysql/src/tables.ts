import { TargetError } from "@leat/core";
import type { TableName, TypedColumn } from "@leat/copy-to-table";
import type { Client } from "./client.ts";
import { type ColumnType, parseColumnType } from "./column-type.ts";
import { quoteIdentifier, quoteTable } from "./identifiers.ts";
import { hasNumber } from "./mysql-errors.ts";

const ER_DUP_FIELDNAME = 1060;

/** Whether a table is there: with transactions, without them (MyISAM, or a view, which does not say), or not at all. */
export type TableState = "transactional" | "other" | "missing";

export async function tableState(client: Client, { schema, name }: TableName): Promise<TableState> {
  const text = `select engines.transactions as transactions from information_schema.tables
    left join information_schema.engines on engines.engine = tables.engine
    where table_schema = coalesce(?, database()) and table_name = ?`;
  const [row] = await client.select(text, [schema ?? null, name]);
  if (row === undefined) return "missing";
  return row["transactions"] === "YES" ? "transactional" : "other";
}

/** @throws TargetError `TARGET_UNSUPPORTED` for a table whose rows a rollback leaves, `TARGET_NOT_FOUND` for none */
export async function requireTransactions(client: Client, table: TableName): Promise<void> {
  const state = await tableState(client, table);
  if (state === "transactional") return;
  const shown = quoteTable(table);
  const [code, message] =
    state === "missing"
      ? (["TARGET_NOT_FOUND", `There is no table ${shown}. Create it, or check its name.`] as const)
      : ([
          "TARGET_UNSUPPORTED",
          `The table ${shown} has no transactions, so a load could stay there by half. Give it the engine InnoDB; for a view, load into its table.`,
        ] as const);
  throw new TargetError(code, message, { details: { table: shown } });
}

/** Makes a table when it is missing. Any number of sessions may do so at once. Ends the transaction, as all DDL in MySQL. */
export async function createIfMissing(client: Client, table: TableName, definition: string): Promise<void> {
  const charset = (await hasUnicode(client, table)) ? "" : " default character set utf8mb4";
  await client.change(
    `create table if not exists ${quoteTable(table)} (${definition}) engine = InnoDB${charset}`,
  );
}

/** Whether new tables of the database can hold any text. If so they get its collation. */
async function hasUnicode(client: Client, { schema }: TableName): Promise<boolean> {
  const text =
    "select default_character_set_name as name from information_schema.schemata where schema_name = coalesce(?, database())";
  const [row] = await client.select(text, [schema ?? null]);
  return row?.["name"] === "utf8mb4";
}

/** Adds the columns that a table does not have. Any number of sessions may do so at once. */
export async function addMissingColumns(
  client: Client,
  table: TableName,
  columns: readonly TypedColumn[],
): Promise<void> {
  const found = await columnsOf(client, table);
  for (const { name, type } of columns) {
    if (!found.has(name.toLowerCase())) await addColumn(client, table, name, type);
  }
}

async function addColumn(client: Client, table: TableName, name: string, type: string): Promise<void> {
  try {
    await client.change(`alter table ${quoteTable(table)} add column ${quoteIdentifier(name)} ${type}`);
  } catch (error) {
    // Somebody else was faster. MySQL has no IF NOT EXISTS for columns.
    if (!hasNumber(error, [ER_DUP_FIELDNAME])) throw error;
  }
}

/** A column as the table has it. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Whether servers may make the current time of null. */
  readonly changesNull: boolean;
}

/** The columns of a table by their names in lower case, in order. Of temporary tables too, which `information_schema` does not list. */
export async function columnsOf(client: Client, table: TableName): Promise<ReadonlyMap<string, TableColumn>> {
  const rows = await client.select(`show full columns from ${quoteTable(table)}`);
  return new Map(
    rows.map((row) => {
      const name = String(row["Field"]);
      const type = parseColumnType(String(row["Type"]), row["Collation"] as string | null);
      const changesNull = type.name === "timestamp" && row["Null"] === "NO";
      return [name.toLowerCase(), { name, type, changesNull }];
    }),
  );
}

/** The columns to load in the order of the rows. `TARGET_NOT_FOUND` for one that the table does not have. */
export function pickColumns(
  names: readonly string[],
  found: ReadonlyMap<string, TableColumn>,
  table: string,
): readonly TableColumn[] {
  return names.map((name) => {
    const column = found.get(name.toLowerCase());
    if (column !== undefined) return column;
    const known = [...found.values()].map((one) => one.name).join(", ");
    const message = `The table ${table} has no column "${name}". It has ${known}.`;
    throw new TargetError("TARGET_NOT_FOUND", message, { details: { table, column: name } });
  });
}
