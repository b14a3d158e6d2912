import { TargetError } from "@leat/core";
import type { TableName } from "@leat/copy-to-table";
import type { Client } from "./client.ts";
import { quoteTable } from "./identifiers.ts";

/** A name for a lock of at most 64 characters. LOCK TABLES would end the transaction. */
const LOCK_NAME = "concat('leat:', sha1(concat_ws('.', coalesce(?, database()), ?)))";

const TIMEOUT_SECONDS = 31_536_000;

/**
 * Waits until no other loader has locked the table. Deleting all rows locks them, but of an empty table two transactions can
 * delete all rows at once, and then neither can insert.
 */
export async function lockTable(client: Client, { schema, name }: TableName): Promise<void> {
  const [row] = await client.select(`select get_lock(${LOCK_NAME}, ${TIMEOUT_SECONDS}) as taken`, [
    schema ?? null,
    name,
  ]);
  if (Number(row?.["taken"]) === 1) return;
  throw new TargetError(
    "TARGET_CONFLICT",
    `The table ${quoteTable({ schema, name })} is locked by another load. Run it again later.`,
    { retryable: true },
  );
}

export async function unlockTable(client: Client, { schema, name }: TableName): Promise<void> {
  await client.select(`select release_lock(${LOCK_NAME})`, [schema ?? null, name]);
}
