import type { TableName, TypedColumn } from "@leat/copy-to-table";
import type { ClientBase } from "pg";
import { quoteIdentifier, quoteTable } from "./identifiers.ts";

/** Key of the advisory lock under which tables are made: "leat" in ASCII. Any number does, if all use the same. */
const CREATE_LOCK = 0x6c656174;

/** The table was made by somebody else meanwhile: Luigi, for one, takes no lock. */
const ALREADY_THERE: readonly string[] = ["42P07", "42710", "23505"];

/** Whether a table, view or other relation is there, without an error in the server's log when it is not. */
export async function relationExists(client: ClientBase, table: TableName): Promise<boolean> {
  const text = "select to_regclass($1) is not null as found";
  const { rows } = await client.query<{ found: boolean }>(text, [quoteTable(table)]);
  return rows[0]?.found ?? false;
}

/** Makes a table when it is missing. Any number of sessions may do so at once. Not for use within a transaction. */
export async function createIfMissing(
  client: ClientBase,
  table: TableName,
  definition: string,
): Promise<void> {
  try {
    // One text of two statements is one transaction, at the end of which the lock is free.
    await client.query(
      `select pg_advisory_xact_lock(${CREATE_LOCK}); create table if not exists ${quoteTable(table)} (${definition})`,
    );
  } catch (error) {
    const isRace = ALREADY_THERE.includes((error as { code?: string }).code ?? "");
    // A type of the same name is in the way too, and gives the same codes.
    if (!isRace || !(await relationExists(client, table))) throw error;
  }
}

/** Adds the columns that a table does not have. */
export async function addMissingColumns(
  client: ClientBase,
  table: TableName,
  columns: readonly TypedColumn[],
): Promise<void> {
  const found = await columnsOf(client, table);
  const clauses = columns
    .filter(({ name }) => !found.has(name))
    .map(({ name, type }) => `add column if not exists ${quoteIdentifier(name)} ${type}`);
  // Altering locks everybody out for a moment, so it is done only when there is something to add.
  if (clauses.length > 0) await client.query(`alter table ${quoteTable(table)} ${clauses.join(", ")}`);
}

/** A column as the table has it. */
export interface TableColumn {
  /** OID of its type. */
  readonly type: number;
}

/** The columns of a table by name, in order. */
export async function columnsOf(
  client: ClientBase,
  table: TableName,
): Promise<ReadonlyMap<string, TableColumn>> {
  const text = `select attname as name, atttypid::int8 as type from pg_attribute
    where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum`;
  const { rows } = await client.query<{ name: string; type: string }>(text, [quoteTable(table)]);
  return new Map(rows.map(({ name, type }) => [name, { type: Number(type) }]));
}
