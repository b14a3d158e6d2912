import {
  abortable,
  type Marker,
  type MarkerPlace,
  type MarkerStore,
  MarkerTarget,
} from "@leat/copy-to-table";
import type { OperationOptions } from "@leat/core";
import type { Client } from "./client.ts";
import { withClient } from "./lease.ts";
import { MarkerTable } from "./markers.ts";
import { MARKER_TABLE, type MysqlConnection, type MysqlTargetOptions } from "./mysql-options.ts";
import { poolOf } from "./mysql-pool.ts";
import { begin } from "./transactions.ts";

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

  protected override place(): MarkerPlace {
    return { pool: poolOf(this.#connection).pool, markerTable: this.markerTable };
  }

  protected override withStore<T>(
    action: string,
    signal: AbortSignal | undefined,
    work: (store: MarkerStore) => Promise<T>,
  ): Promise<T> {
    return withClient(this.#connection, signal, action, (client) =>
      work(storeOf(client, new MarkerTable(this.markerTable))),
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

function storeOf(client: Client, markers: MarkerTable): MarkerStore {
  return {
    existing: (updateIds) => markers.existing(client, updateIds),
    async write(marker) {
      await markers.ensure(client);
      return writeAlone(client, markers, marker);
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
