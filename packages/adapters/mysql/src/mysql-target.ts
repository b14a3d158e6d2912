import type { OperationOptions } from "@leat/core";
import { abortable, MarkerTarget } from "@leat/copy-to-table";
import type { Client } from "./client.ts";
import { withClient } from "./lease.ts";
import { MarkerTable } from "./markers.ts";
import { MARKER_TABLE, type MysqlConnection, type MysqlTargetOptions } from "./mysql-options.ts";
import { begin } from "./transactions.ts";

/**
 * A marker in MySQL or MariaDB: a row of the table `table_updates` (`id`, `update_id`, `target_table`, `inserted`), which has the
 * shape that Luigi gives it. Rows that Luigi wrote count. Ids are compared as bytes, whatever the collation of the table.
 */
export class MysqlTarget extends MarkerTarget {
  readonly markerTable: string;
  readonly #connection: MysqlConnection;

  constructor(table: string, updateId: string, options: MysqlTargetOptions = {}) {
    super(table, updateId);
    this.markerTable = options.markerTable ?? MARKER_TABLE;
    this.#connection = options.connection;
  }

  /** `false` also while the marker table is missing. `TARGET_UNAVAILABLE`, `TARGET_TIMEOUT`, `TARGET_FORBIDDEN` */
  override async exists(options?: OperationOptions): Promise<boolean> {
    return this.#use("look for", options, async (markers, client) => {
      const found = await markers.existing(client, [this.updateId]);
      return found.has(this.updateId);
    });
  }

  /** While a load of the same marker is under way this waits, for as long as `connectTimeout` says. */
  override async touch(options?: OperationOptions): Promise<boolean> {
    return this.#use("write", options, async (markers, client) => {
      await markers.ensure(client);
      await begin(client);
      try {
        const isOurs = (await markers.claim(client, this)) !== undefined;
        await client.change(isOurs ? "commit" : "rollback");
        return isOurs;
      } catch (error) {
        // A connection that is lost rolls back by itself.
        await client.change("rollback").catch(() => {});
        throw error;
      }
    });
  }

  override async remove(options?: OperationOptions): Promise<boolean> {
    return this.#use("remove", options, (markers, client) => markers.remove(client, this.updateId));
  }

  #use<T>(
    action: string,
    options: OperationOptions | undefined,
    work: (markers: MarkerTable, client: Client) => Promise<T>,
  ): Promise<T> {
    const markers = new MarkerTable(this.markerTable);
    const run = (): Promise<T> =>
      withClient(this.#connection, options?.signal, `${action} the marker of ${this}`, (client) =>
        work(markers, client),
      );
    return options?.signal === undefined ? run() : abortable(options.signal, run);
  }
}

/** Those of the ids that have a marker, asked for in one round trip for each ten thousand. */
export async function findMarkers(
  updateIds: readonly string[],
  options: MysqlTargetOptions & OperationOptions = {},
): Promise<ReadonlySet<string>> {
  const markers = new MarkerTable(options.markerTable ?? MARKER_TABLE);
  const run = (): Promise<ReadonlySet<string>> =>
    withClient(options.connection, options.signal, "look for markers", (client) =>
      markers.existing(client, updateIds),
    );
  return options.signal === undefined ? run() : abortable(options.signal, run);
}
