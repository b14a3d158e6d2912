import { type AttemptOrder, parseTableName, type TableName } from "@leat/copy-to-table";
import type { ClientBase } from "pg";
import { quoteTable } from "./identifiers.ts";
import { createIfMissing } from "./tables.ts";

const DEFINITION =
  "update_id text primary key, epoch bigint not null, number bigint not null, raised timestamp not null";

const UNDEFINED_TABLE = "42P01";
const INSUFFICIENT_PRIVILEGE = "42501";

/** The lock that the transaction of an attempt holds. `$1` is the table, whose OID keeps ids of several tables apart. */
const LOCK = "hashtextextended($2, to_regclass($1)::oid::int8)";

/**
 * Which attempt may commit the work of a marker: one row for each, in a table beside that of the markers, which has the shape
 * of Luigi and no place for it.
 */
export class FenceTable {
  readonly #table: TableName;

  /** @param markerTable `table` or `schema.table`; the name of the table itself has `_fence` behind it */
  constructor(markerTable: string) {
    const { schema, name } = parseTableName(markerTable);
    this.#table = { schema, name: `${name}_fence` };
  }

  /** Fails for a name that is too long; a run without a fence can have it all the same. */
  get #quoted(): string {
    return quoteTable(this.#table);
  }

  /**
   * Raises the fence for an attempt, as `LoadSession.raiseFence` says, making the table when it is missing. Not for use within a
   * transaction.
   */
  async raise(client: ClientBase, updateId: string, attempt: AttemptOrder): Promise<boolean> {
    try {
      return await this.#raise(client, updateId, attempt);
    } catch (error) {
      // Once for a database: looking for the table first would cost each load a round trip.
      if (codeOf(error) !== UNDEFINED_TABLE) throw error;
      await createIfMissing(client, this.#table, DEFINITION);
      return this.#raise(client, updateId, attempt);
    }
  }

  /** Lets a newer attempt find the transaction, which waits for that of an earlier one. */
  async lock(client: ClientBase, updateId: string): Promise<void> {
    await client.query(`select pg_advisory_xact_lock(${LOCK})`, [this.#quoted, updateId]);
  }

  /** Whether the fence is still this attempt's; in a transaction it is until the end of that. */
  async isOwn(client: ClientBase, updateId: string, { epoch, number }: AttemptOrder): Promise<boolean> {
    const text = `select from ${this.#quoted} where update_id = $1 and epoch = $2 and number = $3 for share`;
    const { rowCount } = await client.query(text, [updateId, epoch, number]);
    return rowCount === 1;
  }

  async #raise(client: ClientBase, updateId: string, { epoch, number }: AttemptOrder): Promise<boolean> {
    const values = [this.#quoted, updateId, epoch, number];
    return (await this.#raiseFirst(client, values)) || this.#raiseAgain(client, values);
  }

  async #raiseFirst(client: ClientBase, [, ...values]: readonly unknown[]): Promise<boolean> {
    const text = `insert into ${this.#quoted} (update_id, epoch, number, raised)
      values ($1, $2, $3, now() at time zone 'utc') on conflict (update_id) do nothing`;
    const { rowCount } = await client.query(text, values);
    return rowCount === 1;
  }

  async #raiseAgain(client: ClientBase, values: unknown[]): Promise<boolean> {
    if (await this.#isLocked(client, values)) await this.#endEarlier(client, values);
    // Who gets the lock of the other epoch's transaction knows that there is none.
    const text = `update ${this.#quoted} set epoch = $3, number = $4, raised = now() at time zone 'utc'
      where update_id = $2
        and ((epoch, number) <= ($3, $4) or (epoch > $3 and pg_try_advisory_xact_lock(${LOCK})))`;
    const { rowCount } = await client.query(text, values);
    if (rowCount === 1) await this.#endEarlier(client, values);
    return rowCount === 1;
  }

  /** Whether an attempt stands between the look at its fence and its COMMIT. */
  async #isLocked(client: ClientBase, [, updateId]: readonly unknown[]): Promise<boolean> {
    const text = `select from ${this.#quoted} where update_id = $1 for update skip locked`;
    const { rowCount } = await client.query(text, [updateId]);
    return rowCount === 0;
  }

  /** Ends the session of an earlier attempt: it may stand still for ever, and holds locks. */
  async #endEarlier(client: ClientBase, values: unknown[]): Promise<void> {
    // How a key of 64 bits is shown: https://www.postgresql.org/docs/current/view-pg-locks.html
    const text = `select pg_terminate_backend(pid) from pg_locks, ${LOCK} as key, ${this.#quoted} as fence
      where update_id = $2 and (epoch, number) <= ($3, $4)
        and locktype = 'advisory' and granted and objsubid = 1 and pid <> pg_backend_pid()
        and database = (select oid from pg_database where datname = current_database())
        and classid::int8 = (key >> 32) & 4294967295 and objid::int8 = key & 4294967295`;
    try {
      await client.query(text, values);
    } catch (error) {
      // It belongs to another user: its end is waited for.
      if (codeOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
    }
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as { code?: string }).code;
}
