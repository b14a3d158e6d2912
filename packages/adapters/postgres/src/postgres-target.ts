import {
  abortable,
  attemptOrder,
  fencedOff,
  type MarkerPlace,
  type MarkerStore,
  MarkerTarget,
} from "@leat/copy-to-table";
import type { OperationOptions } from "@leat/core";
import type { ClientBase } from "pg";
import { withClient } from "./lease.ts";
import { MarkerTable } from "./markers.ts";
import { type OwnTables, ownTables } from "./own-tables.ts";
import { postgresError } from "./postgres-errors.ts";
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

  /**
   * Writes the marker in a transaction of your own, which you then commit with the work that the marker stands for. `false` when
   * the marker is there already: roll back then. Waits for another transaction that has written it.
   *
   * TaskError `TASK_LEASE_LOST` when a newer attempt has called `fence`: roll back.
   *
   * @param client in whose transaction; nothing else of it is changed
   * @param token that of the context of `run`, for which `fence` was called before the transaction
   */
  async write(client: ClientBase, token: string): Promise<boolean> {
    const { markers, fences } = ownTables(this.markerTable);
    const attempt = attemptOrder(token);
    try {
      if (!(await markers.claim(client, this))) return false;
      if (attempt === undefined || (await fences.isOwn(client, this.updateId, attempt))) return true;
    } catch (error) {
      throw postgresError(error, `write the marker of ${this}`);
    }
    throw fencedOff(this.updateId, this);
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
      work(storeOf(client, ownTables(this.markerTable))),
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

function storeOf(client: ClientBase, { markers, fences }: OwnTables): MarkerStore {
  return {
    existing: (updateIds) => markers.existing(client, updateIds),
    async write(marker) {
      await markers.ensure(client);
      return markers.claim(client, marker);
    },
    async prepare(updateId, attempt) {
      await markers.ensure(client);
      return attempt === undefined || fences.raise(client, updateId, attempt);
    },
    remove: (updateId) => markers.remove(client, updateId),
  };
}
