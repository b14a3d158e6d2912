import { partCondition, partText, plainText, type TableName, type TablePart } from "@leat/copy-to-table";
import type { ClientBase, QueryConfig } from "pg";
import { quoteIdentifier, quoteTable } from "./identifiers.ts";

/** A statement on a part of a table, or on all of it. */
export function onPart(verb: string, table: TableName, part: TablePart | undefined): QueryConfig {
  const text = `${verb} from ${quoteTable(table)}`;
  if (part === undefined) return { text };
  const condition = partCondition(part, quoteIdentifier, (n) => `$${n}`);
  // As text the server reads each value by the type of its column; the driver would put a Date in the zone of this process.
  return { text: `${text} where ${condition.text}`, values: condition.values.map(plainText) };
}

/**
 * Waits until no other load replaces this part, and until none replaces the whole table. Loads of other parts go on: for one
 * day each, they are often run together.
 */
export async function lockPart(client: ClientBase, table: TableName, part: TablePart): Promise<void> {
  await client.query(`lock table ${quoteTable(table)} in row exclusive mode`);
  // The OID stands for the table, however it is named; a collision of two hashes makes one load wait.
  await client.query("select pg_advisory_xact_lock(to_regclass($1)::oid::int4, hashtext($2))", [
    quoteTable(table),
    partText(part),
  ]);
}
