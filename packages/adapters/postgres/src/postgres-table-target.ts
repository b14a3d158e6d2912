import { parseTableName, type ReadRowsOptions, type Row, TableTarget } from "@leat/copy-to-table";
import type { PoolClient } from "pg";
import { listOf } from "./copy-statements.ts";
import { quoteTable } from "./identifiers.ts";
import { Lease, withClient } from "./lease.ts";
import { postgresError } from "./postgres-errors.ts";
import type { PostgresConnection } from "./postgres-options.ts";
import { parseResults } from "./result-types.ts";
import { relationExists } from "./tables.ts";

const BATCH_ROWS = 1000;

export interface PostgresTableOptions {
  /** Default: the environment. */
  readonly connection?: PostgresConnection;
}

/** A table of PostgreSQL. Of values, `bigint` is read as bigint; `numeric`, dates and times as text; JSON is parsed. */
export class PostgresTableTarget extends TableTarget {
  readonly #connection: PostgresConnection;

  constructor(table: string, options: PostgresTableOptions = {}) {
    super(table);
    this.#connection = options.connection;
  }

  override async *readBatches(options: ReadRowsOptions = {}): AsyncGenerator<Row[], void, undefined> {
    const lease = await Lease.take(this.#connection, options.signal);
    try {
      yield* readByCursor(lease.client, this.#select(options.columns));
      await lease.client.query("commit");
      lease.release();
    } catch (error) {
      options.signal?.throwIfAborted();
      throw postgresError(error, `read ${this}`);
    } finally {
      // Unless it was given back: whoever stops early leaves an open transaction.
      lease.cut();
    }
  }

  protected override isThere(signal: AbortSignal | undefined): Promise<boolean> {
    return withClient(this.#connection, signal, `look for ${this}`, (client) =>
      relationExists(client, parseTableName(this.table)),
    );
  }

  #select(columns: readonly string[] | undefined): string {
    const list = columns === undefined ? "*" : listOf(columns);
    return `select ${list} from ${quoteTable(parseTableName(this.table))}`;
  }
}

async function* readByCursor(client: PoolClient, select: string): AsyncGenerator<Row[], void, undefined> {
  await client.query("begin read only");
  await client.query(`declare leat_rows no scroll cursor for ${select}`);
  const fetch = {
    text: `fetch ${BATCH_ROWS} from leat_rows`,
    rowMode: "array" as const,
    types: parseResults,
  };
  for (;;) {
    const { rows } = await client.query<unknown[]>(fetch);
    if (rows.length > 0) yield rows;
    if (rows.length < BATCH_ROWS) return;
  }
}
