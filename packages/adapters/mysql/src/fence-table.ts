import { type AttemptOrder, parseTableName, type TableName } from "@leat/copy-to-table";
import type { Client } from "./client.ts";
import { quoteTable } from "./identifiers.ts";
import { isKey, MAX_KEY_LENGTH, substituteKey } from "./marker-keys.ts";
import { hasNumber } from "./mysql-errors.ts";
import { holderOf, releaseLock, type TableLock, takeLock } from "./table-locks.ts";
import { createIfMissing } from "./tables.ts";

/** Of a character in utf8mb4. */
const MAX_CHARACTER_BYTES = 4;

/** The key is bytes: a collation takes several ids for one. */
const DEFINITION = `update_id varbinary(${MAX_KEY_LENGTH * MAX_CHARACTER_BYTES}) not null primary key,
  epoch bigint not null, number bigint not null, raised timestamp not null default current_timestamp`;

const ER_DUP_ENTRY = 1062;
const ER_NO_SUCH_TABLE = 1146;
/** The session has ended meanwhile, or belongs to another user, and then its end is waited for. */
const NOT_KILLED: readonly number[] = [1094, 1095];

/**
 * Which attempt may commit the work of a marker: one row for each, in a table beside that of the markers, which has the shape
 * of Luigi and no place for it.
 */
export class FenceTable {
  readonly #table: TableName;

  /** @param markerTable `table` or `database.table`; the name of the table itself has `_fence` behind it */
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
  async raise(client: Client, updateId: string, attempt: AttemptOrder): Promise<boolean> {
    try {
      return await this.#raise(client, updateId, attempt);
    } catch (error) {
      // Once for a database: looking for the table first would cost each load a round trip.
      if (!hasNumber(error, [ER_NO_SUCH_TABLE])) throw error;
      await createIfMissing(client, this.#table, DEFINITION);
      return this.#raise(client, updateId, attempt);
    }
  }

  /** Lets a newer attempt find the session, which waits for that of an earlier one. */
  async lock(client: Client, updateId: string): Promise<void> {
    await takeLock(client, this.#lockOf(updateId));
  }

  async unlock(client: Client, updateId: string): Promise<void> {
    await releaseLock(client, this.#lockOf(updateId));
  }

  /** Whether the fence is still this attempt's; in a transaction it is until the end of that. */
  async isOwn(client: Client, updateId: string, { epoch, number }: AttemptOrder): Promise<boolean> {
    const text = `select 1 from ${this.#quoted} where update_id = ? and epoch = ? and number = ? lock in share mode`;
    return (await client.select(text, [keyOf(updateId), epoch, number])).length === 1;
  }

  async #raise(client: Client, updateId: string, attempt: AttemptOrder): Promise<boolean> {
    return (await this.#raiseFirst(client, updateId, attempt)) || this.#raiseAgain(client, updateId, attempt);
  }

  async #raiseFirst(client: Client, updateId: string, { epoch, number }: AttemptOrder): Promise<boolean> {
    const text = `insert into ${this.#quoted} (update_id, epoch, number) values (?, ?, ?)`;
    try {
      await client.change(text, [keyOf(updateId), epoch, number]);
      return true;
    } catch (error) {
      if (hasNumber(error, [ER_DUP_ENTRY])) return false;
      throw error;
    }
  }

  async #raiseAgain(client: Client, updateId: string, attempt: AttemptOrder): Promise<boolean> {
    if (await this.#isLocked(client, updateId)) await this.#endEarlier(client, updateId, attempt);
    // Of another epoch nothing is under way when nobody has the lock.
    const isFree = (await holderOf(client, this.#lockOf(updateId))) === undefined;
    const { epoch, number } = attempt;
    const text = `update ${this.#quoted} set epoch = ?, number = ?, raised = current_timestamp
      where update_id = ? and (epoch < ? or (epoch = ? and number <= ?) or (epoch > ? and ?))`;
    await client.change(text, [epoch, number, keyOf(updateId), epoch, epoch, number, epoch, isFree]);
    // How many rows an update changed is counted in two ways, as the connection was opened.
    const isRaised = await this.isOwn(client, updateId, attempt);
    if (isRaised) await this.#endEarlier(client, updateId, attempt);
    return isRaised;
  }

  /** Whether an attempt stands between the look at its fence and its COMMIT. */
  async #isLocked(client: Client, updateId: string): Promise<boolean> {
    const text = `select 1 from ${this.#quoted} where update_id = ? for update skip locked`;
    return (await client.select(text, [keyOf(updateId)])).length === 0;
  }

  /** Ends the session of an earlier attempt: it may stand still for ever, and holds locks. */
  async #endEarlier(client: Client, updateId: string, { epoch, number }: AttemptOrder): Promise<void> {
    const text = `select 1 from ${this.#quoted} where update_id = ? and (epoch < ? or (epoch = ? and number <= ?))`;
    const found = await client.select(text, [keyOf(updateId), epoch, epoch, number]);
    const holder = found.length === 0 ? undefined : await holderOf(client, this.#lockOf(updateId));
    if (holder !== undefined) await kill(client, holder);
  }

  #lockOf(updateId: string): TableLock {
    return { table: this.#table, of: updateId };
  }
}

async function kill(client: Client, connection: number): Promise<void> {
  try {
    await client.change("kill ?", [connection]);
  } catch (error) {
    if (!hasNumber(error, NOT_KILLED)) throw error;
  }
}

function keyOf(updateId: string): Buffer {
  return Buffer.from(isKey(updateId) ? updateId : substituteKey(updateId));
}
