import { abortable, MarkerTarget } from "@leat/copy-to-table";
import type { OperationOptions } from "@leat/core";
import type { ClientBase } from "pg";
import { withClient } from "./lease.ts";
import { markerChecks } from "./marker-checks.ts";
import { MarkerTable } from "./markers.ts";
import { MARKER_TABLE, type PostgresConnection, type PostgresTargetOptions } from "./postgres-options.ts";

/**
 * A marker in PostgreSQL: a row of the table `table_updates` (`update_id`, `target_table`, `inserted`), which has the shape
 * that Luigi gives it. Rows that Luigi wrote count.
 */
export class PostgresTarget extends MarkerTarget {
  readonly markerTable: string;
  readonly #connection: PostgresConnection;

  constructor(table: string, updateId: string, options: PostgresTargetOptions = {}) {
    super(table, updateId);
    this.markerTable = options.markerTable ?? MARKER_TABLE;
    this.#connection = options.connection;
  }

  /**
   * `false` also while the marker table is missing. Targets that are asked at the same time share one query.
   * `TARGET_UNAVAILABLE`, `TARGET_TIMEOUT`, `TARGET_FORBIDDEN`
   */
  override async exists(options?: OperationOptions): Promise<boolean> {
    const checks = markerChecks(this.#connection, this.markerTable);
    if (options?.signal === undefined) return checks.has(this.updateId);
    return abortable(options.signal, () => checks.has(this.updateId));
  }

  override async touch(options?: OperationOptions): Promise<boolean> {
    return this.#use("write", options, async (markers, client) => {
      await markers.ensure(client);
      return markers.claim(client, this);
    });
  }

  override async remove(options?: OperationOptions): Promise<boolean> {
    return this.#use("remove", options, (markers, client) => markers.remove(client, this.updateId));
  }

  #use<T>(
    action: string,
    options: OperationOptions | undefined,
    work: (markers: MarkerTable, client: ClientBase) => Promise<T>,
  ): Promise<T> {
    const markers = new MarkerTable(this.markerTable);
    const run = (): Promise<T> =>
      withClient(this.#connection, options?.signal, `${action} the marker of ${this}`, (client) =>
        work(markers, client),
      );
    return options?.signal === undefined ? run() : abortable(options.signal, run);
  }
}

/** Those of the ids that have a marker, asked for by one query. */
export async function findMarkers(
  updateIds: readonly string[],
  options: PostgresTargetOptions & OperationOptions = {},
): Promise<ReadonlySet<string>> {
  const markers = new MarkerTable(options.markerTable ?? MARKER_TABLE);
  return withClient(options.connection, options.signal, "look for markers", (client) =>
    markers.existing(client, updateIds),
  );
}
