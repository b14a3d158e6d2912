import { parseTableName, type ReadRowsOptions, type Row, TableTarget } from "@leat/copy-to-table";
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

/** A table of MySQL or MariaDB. Of values, `bigint` is read as bigint; `decimal`, dates, times and JSON as text. */
export class MysqlTableTarget extends TableTarget {
  readonly #connection: MysqlConnection;

  constructor(table: string, options: MysqlTableOptions = {}) {
    super(table);
    this.#connection = options.connection;
  }

  override async *readBatches(options: ReadRowsOptions = {}): AsyncGenerator<Row[], void, undefined> {
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

  protected override isThere(signal: AbortSignal | undefined): Promise<boolean> {
    return withClient(this.#connection, signal, `look for ${this}`, async (client) => {
      return (await tableState(client, parseTableName(this.table))) !== "missing";
    });
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
