import { type OperationOptions, Target } from "@leat/core";
import { abortable, parseTableName, type Row } from "@leat/copy-to-table";
import type { Client } from "./client.ts";
import { listOf, quoteTableText } from "./identifiers.ts";
import { Lease, withClient } from "./lease.ts";
import { mysqlError } from "./mysql-errors.ts";
import type { MysqlConnection } from "./mysql-options.ts";
import { typeCast } from "./result-types.ts";
import { tableState } from "./tables.ts";

const BATCH_ROWS = 1000;

export interface MysqlTableOptions {
  /** Default: the environment. */
  readonly connection?: MysqlConnection;
}

export interface ReadRowsOptions extends OperationOptions {
  /** The columns to read, in this order. Default: all, in the order of the table. */
  readonly columns?: readonly string[];
}

/** A table of MySQL or MariaDB. It exists when the table does, with or without rows. */
export class MysqlTableTarget extends Target {
  /** `table` or `database.table`, with double quotes around a name that has a dot. */
  readonly table: string;
  readonly #connection: MysqlConnection;

  constructor(table: string, options: MysqlTableOptions = {}) {
    super();
    this.table = table;
    this.#connection = options.connection;
  }

  override async exists(options?: OperationOptions): Promise<boolean> {
    const run = (): Promise<boolean> =>
      withClient(this.#connection, options?.signal, `look for ${this}`, async (client) => {
        return (await tableState(client, parseTableName(this.table))) !== "missing";
      });
    return options?.signal === undefined ? run() : abortable(options.signal, run);
  }

  /**
   * The rows as arrays of values, in batches of 1000, all as they were at one moment. `bigint` comes as bigint, `decimal`, dates
   * and times as text: nothing is lost, and a loader takes all of it back. `TARGET_NOT_FOUND`
   */
  async *readBatches(options: ReadRowsOptions = {}): AsyncGenerator<Row[], void, undefined> {
    const lease = await Lease.take(this.#connection, { signal: options.signal, purpose: "bulk" });
    try {
      yield* readStream(lease.client, this.#select(options.columns));
      await lease.release();
    } catch (error) {
      options.signal?.throwIfAborted();
      throw mysqlError(error, `read ${this}`);
    } finally {
      // Unless it was given back: the server goes on to send rows to whoever stops early.
      lease.cut();
    }
  }

  /** As `readBatches`, row by row. */
  async *readRows(options?: ReadRowsOptions): AsyncGenerator<Row, void, undefined> {
    for await (const batch of this.readBatches(options)) yield* batch;
  }

  override toString(): string {
    return this.table;
  }

  #select(columns: readonly string[] | undefined): string {
    return `select ${columns === undefined ? "*" : listOf(columns)} from ${quoteTableText(this.table)}`;
  }
}

/** The rows of a statement; the server is paused while nobody takes them. */
async function* readStream(client: Client, sql: string): AsyncGenerator<Row[], void, undefined> {
  const query = client.connection.query({ sql, rowsAsArray: true, nestTables: false, typeCast });
  let batch: Row[] = [];
  for await (const row of query.stream({ highWaterMark: BATCH_ROWS })) {
    if (batch.push(row as Row) < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
