import { abortable, type MarkerPlace, type MarkerStore, MarkerTarget } from "@leat/copy-to-table";
import type { OperationOptions } from "@leat/core";
import type { ClientBase } from "pg";
import { withClient } from "./lease.ts";
import { MarkerTable } from "./markers.ts";
import { MARKER_TABLE, type PostgresConnection, type PostgresTargetOptions } from "./postgres-options.ts";
import { poolOf } from "./postgres-pool.ts";

/**
 * A marker in PostgreSQL: a row of the table `table_updates` (`update_id`, `target_table`, `inserted`), which has the shape
 * that Luigi gives it. Rows that Luigi wrote count. `inserted` is in UTC.
 */
export class PostgresTarget extends MarkerTarget {
  /** What these markers can do, and what not. */
  static readonly capabilities = { transactional: true, expiry: false } as const;

  readonly markerTable: string;
  readonly #connection: PostgresConnection;

  constructor(table: string, updateId: string, options: PostgresTargetOptions = {}) {
    super(table, updateId);
    this.markerTable = options.markerTable ?? MARKER_TABLE;
    this.#connection = options.connection;
  }

  protected override place(): MarkerPlace {
    return { pool: poolOf(this.#connection), markerTable: this.markerTable };
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

/** Those of the ids that have a marker, asked for by one query. */
export function findMarkers(
  updateIds: readonly string[],
  { connection, markerTable = MARKER_TABLE, signal }: PostgresTargetOptions & OperationOptions = {},
): Promise<ReadonlySet<string>> {
  return abortable(signal, () =>
    withClient(connection, signal, "look for markers", (client) =>
      new MarkerTable(markerTable).existing(client, updateIds),
    ),
  );
}

function storeOf(client: ClientBase, markers: MarkerTable): MarkerStore {
  return {
    existing: (updateIds) => markers.existing(client, updateIds),
    async write(marker) {
      await markers.ensure(client);
      return markers.claim(client, marker);
    },
    remove: (updateId) => markers.remove(client, updateId),
  };
}
