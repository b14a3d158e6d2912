import { TargetError } from "@leat/core";
import type { TableName } from "@leat/copy-to-table";
import type { Client } from "./client.ts";
import { quoteTable } from "./identifiers.ts";

/** A name for a lock of at most 64 characters. LOCK TABLES would end the transaction. */
const LOCK_NAME = "concat('leat:', left(sha2(concat_ws('.', coalesce(?, database()), ?, ?), 256), 40))";

const TIMEOUT_SECONDS = 31_536_000;

/** What is locked: a table, or what a text means to those who know the table. */
export interface TableLock {
  readonly table: TableName;
  readonly of?: string;
}

/**
 * Waits until no other session has the lock. It belongs to the session, whatever becomes of the transaction.
 *
 * For loads that clear a table: deleting all rows locks them, but of an empty table two transactions can delete all rows at
 * once, and then neither can insert.
 */
export async function takeLock(client: Client, lock: TableLock): Promise<void> {
  const text = `select get_lock(${LOCK_NAME}, ${TIMEOUT_SECONDS}) as taken`;
  const [row] = await client.select(text, nameOf(lock));
  if (Number(row?.["taken"]) === 1) return;
  throw new TargetError(
    "TARGET_CONFLICT",
    `The table ${quoteTable(lock.table)} is locked by another load. Run it again later.`,
    { retryable: true },
  );
}

export async function releaseLock(client: Client, lock: TableLock): Promise<void> {
  await client.select(`select release_lock(${LOCK_NAME})`, nameOf(lock));
}

/** The connection that has the lock. */
export async function holderOf(client: Client, lock: TableLock): Promise<number | undefined> {
  const [row] = await client.select(`select is_used_lock(${LOCK_NAME}) as holder`, nameOf(lock));
  const holder = row?.["holder"] ?? undefined;
  return holder === undefined ? undefined : Number(holder);
}

function nameOf({ table, of }: TableLock): unknown[] {
  return [table.schema ?? null, table.name, of ?? null];
}
