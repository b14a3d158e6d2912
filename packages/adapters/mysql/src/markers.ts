import { type Marker, parseTableName, type TableName } from "@leat/copy-to-table";
import type { Client } from "./client.ts";
import { quoteTable } from "./identifiers.ts";
import { isKey, keysOf, MAX_KEY_LENGTH, substituteKey } from "./marker-keys.ts";
import { hasNumber } from "./mysql-errors.ts";
import { begin } from "./transactions.ts";
import { createIfMissing, requireTransactions, tableState } from "./tables.ts";

/** As Luigi makes it, so that both can use one table, but for the collation: Luigi's is that of the database. */
const DEFINITION = `id bigint not null auto_increment, update_id varchar(${MAX_KEY_LENGTH}) character set utf8mb4 collate utf8mb4_bin not null,
  target_table varchar(${MAX_KEY_LENGTH}), inserted timestamp default current_timestamp, primary key (update_id), key id (id)`;

const ER_NO_SUCH_TABLE = 1146;
const ER_LOCK_DEADLOCK = 1213;
/** The key is there; the column has a character set without some character of it; the column is shorter than Luigi's. */
const KEY_REFUSED: readonly number[] = [1062, 1366, 1406];
/** Texts of two character sets cannot be compared. */
const NOT_COMPARABLE: readonly number[] = [1267, 1270, 1271, 3854, 3988];

/** Ids asked for in one statement. */
const BATCH_IDS = 10_000;

/** The marker table of a database: one row for each load that is done. */
export class MarkerTable {
  readonly #table: TableName;
  readonly #quoted: string;

  /** @param name `table` or `database.table` */
  constructor(name: string) {
    this.#table = parseTableName(name);
    this.#quoted = quoteTable(this.#table);
  }

  /** Makes the table when it is missing. `TARGET_UNSUPPORTED` when it has no transactions. */
  async ensure(client: Client): Promise<void> {
    if ((await tableState(client, this.#table)) === "missing") {
      await createIfMissing(client, this.#table, DEFINITION);
    }
    await requireTransactions(client, this.#table);
  }

  /**
   * Writes a marker, as the first thing in a transaction, and gives the `id` of its row. `undefined` when it is there; waits for a
   * transaction that has written it and not ended. When it is `undefined`, roll back: a key may have been written that is one
   * too many.
   */
  async claim(client: Client, marker: Marker): Promise<number | undefined> {
    for (;;) {
      try {
        return await this.claimOnce(client, marker);
      } catch (error) {
        if (!hasNumber(error, [ER_LOCK_DEADLOCK])) throw error;
        // Several waited for one that rolled back, and the server let another one go on. It has ended this transaction.
        await begin(client);
      }
    }
  }

  /** As `claim`, at any point of a transaction; a deadlock, which ends the transaction, is an error. */
  async claimOnce(client: Client, { updateId, table }: Marker): Promise<number | undefined> {
    const substitute = substituteKey(updateId);
    if (isKey(updateId)) {
      const row = await this.#insert(client, updateId, table);
      if (!(row instanceof Error)) return (await this.#holds(client, substitute)) ? undefined : row;
      if (await this.#holds(client, updateId)) return undefined;
    }
    const row = await this.#insert(client, substitute, table);
    if (!(row instanceof Error)) return row;
    if (await this.#holds(client, substitute)) return undefined;
    throw row;
  }

  /** Those of the ids that have a marker, asked for in one round trip for each ten thousand. */
  async existing(client: Client, updateIds: readonly string[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (let at = 0; at < updateIds.length; at += BATCH_IDS) {
      const batch = updateIds.slice(at, at + BATCH_IDS);
      const keys = await this.#find(client, batch.flatMap(keysOf));
      for (const id of batch) if (keysOf(id).some((key) => keys.has(key))) found.add(id);
    }
    return found;
  }

  /** Takes a marker away. Tells whether it was there. */
  async remove(client: Client, updateId: string): Promise<boolean> {
    const keys = [...(await this.#find(client, keysOf(updateId)))].filter((key) =>
      keysOf(updateId).includes(key),
    );
    if (keys.length === 0) return false;
    // Compared as bytes as well, lest a key that only looks the same goes.
    const text = `delete from ${this.#quoted} where update_id in (?) and cast(convert(update_id using utf8mb4) as binary) in (?)`;
    const { affectedRows } = await client.change(text, [keys, keys.map((key) => Buffer.from(key))]);
    return affectedRows > 0;
  }

  /** Takes the row of a claim away that was committed before its time. */
  async removeRow(client: Client, row: number): Promise<void> {
    await client.change(`delete from ${this.#quoted} where id = ?`, [row]);
  }

  /**
   * Writes a row and gives its `id`, or the error which says that the column cannot hold the key or holds one that it takes for
   * the same.
   */
  async #insert(client: Client, key: string, table: string): Promise<number | Error> {
    const text = `insert into ${this.#quoted} (update_id, target_table) values (?, left(?, ${MAX_KEY_LENGTH}))`;
    try {
      return (await client.change(text, [key, table])).insertId;
    } catch (error) {
      if (hasNumber(error, KEY_REFUSED)) return error as Error;
      throw error;
    }
  }

  async #holds(client: Client, key: string): Promise<boolean> {
    return (await this.#find(client, [key])).has(key);
  }

  /** The rows with these keys, and others that the column takes for the same. None while the table is missing. */
  async #find(client: Client, keys: readonly string[]): Promise<Set<string>> {
    const where = `select update_id from ${this.#quoted} where`;
    try {
      return toSet(await client.select(`${where} update_id in (?)`, [keys]));
    } catch (error) {
      if (hasNumber(error, [ER_NO_SUCH_TABLE])) return new Set();
      if (!hasNumber(error, NOT_COMPARABLE)) throw error;
      // A column in latin1 is not compared with text that latin1 does not have. This way is slow, as it reads all keys.
      return toSet(await client.select(`${where} convert(update_id using utf8mb4) in (?)`, [keys]));
    }
  }
}

function toSet(rows: readonly Readonly<Record<string, unknown>>[]): Set<string> {
  return new Set(rows.map((row) => String(row["update_id"])));
}
