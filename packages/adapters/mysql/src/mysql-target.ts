import {
  abortable,
  type AttemptOrder,
  attemptOrder,
  fencedOff,
  type Marker,
  type MarkerPlace,
  type MarkerStore,
  MarkerTarget,
} from "@leat/copy-to-table";
import type { OperationOptions } from "@leat/core";
import type { Client } from "./client.ts";
import { withClient } from "./lease.ts";
import { MarkerTable } from "./markers.ts";
import { type OwnTables, ownTables } from "./own-tables.ts";
import { mysqlError } from "./mysql-errors.ts";
import { MARKER_TABLE, type MysqlConnection, type MysqlTargetOptions } from "./mysql-options.ts";
import { poolOf } from "./mysql-pool.ts";
import { begin } from "./transactions.ts";
import { inSession, type MysqlSessionConnection } from "./user-connection.ts";

/**
 * A marker in MySQL or MariaDB: a row of the table `table_updates` (`id`, `update_id`, `target_table`, `inserted`), which has the
 * shape that Luigi gives it. Rows that Luigi wrote count. Ids are compared as bytes, whatever the collation of the table.
 *
 * All that is asked of it ends within `connectTimeout` of the connection, 10 seconds unless configured.
 */
export class MysqlTarget extends MarkerTarget {
  /** What these markers can do, and what not. */
  static readonly capabilities = { transactional: true, expiry: false } as const;

  readonly markerTable: string;
  readonly #connection: MysqlConnection;

  constructor(table: string, updateId: string, options: MysqlTargetOptions = {}) {
    super(table, updateId);
    this.markerTable = options.markerTable ?? MARKER_TABLE;
    this.#connection = options.connection;
  }

  /**
   * Writes the marker in a transaction of your own, which you then commit with the work that the marker stands for. `false` when
   * the marker is there already: roll back then. Waits for another transaction that has written it.
   *
   * TaskError `TASK_LEASE_LOST` when a newer attempt has called `fence`: roll back.
   *
   * @param connection in whose transaction; it has the settings that it had when this ends
   * @param token that of the context of `run`, for which `fence` was called before the transaction
   */
  async write(connection: MysqlSessionConnection, token: string): Promise<boolean> {
    const attempt = attemptOrder(token);
    try {
      return await inSession(connection, (client) => this.#write(client, attempt));
    } catch (error) {
      throw mysqlError(error, `write the marker of ${this}`);
    }
  }

  protected override place(): MarkerPlace {
    return { pool: poolOf(this.#connection).pool, markerTable: this.markerTable };
  }

  async #write(client: Client, attempt: AttemptOrder | undefined): Promise<boolean> {
    const { markers, fences } = ownTables(this.markerTable);
    if ((await markers.claimOnce(client, this)) === undefined) return false;
    if (attempt === undefined || (await fences.isOwn(client, this.updateId, attempt))) return true;
    throw fencedOff(this.updateId, this);
  }

  protected override withStore<T>(
    action: string,
    signal: AbortSignal | undefined,
    work: (store: MarkerStore) => Promise<T>,
  ): Promise<T> {
    return withClient(this.#connection, signal, action, (client) =>
      work(storeOf(client, ownTables(this.markerTable))),
    );
  }
}

/** Those of the ids that have a marker, asked for in one round trip for each ten thousand. */
export function findMarkers(
  updateIds: readonly string[],
  { connection, markerTable = MARKER_TABLE, signal }: MysqlTargetOptions & OperationOptions = {},
): Promise<ReadonlySet<string>> {
  return abortable(signal, () =>
    withClient(connection, signal, "look for markers", (client) =>
      new MarkerTable(markerTable).existing(client, updateIds),
    ),
  );
}

function storeOf(client: Client, { markers, fences }: OwnTables): MarkerStore {
  return {
    existing: (updateIds) => markers.existing(client, updateIds),
    async write(marker) {
      await markers.ensure(client);
      return writeAlone(client, markers, marker);
    },
    async prepare(updateId, attempt) {
      await markers.ensure(client);
      return attempt === undefined || fences.raise(client, updateId, attempt);
    },
    remove: (updateId) => markers.remove(client, updateId),
  };
}

/** A claim may write one key too many, and has to be undone then. */
async function writeAlone(client: Client, markers: MarkerTable, marker: Marker): Promise<boolean> {
  await begin(client);
  try {
    const isOurs = (await markers.claim(client, marker)) !== undefined;
    await client.change(isOurs ? "commit" : "rollback");
    return isOurs;
  } catch (error) {
    // A connection that is lost rolls back by itself.
    await client.change("rollback").catch(() => {});
    throw error;
  }
}
