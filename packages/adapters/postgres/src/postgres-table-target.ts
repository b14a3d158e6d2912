import { abortable, parseTableName, type Row } from "@leat/copy-to-table";
import { type OperationOptions, Target } from "@leat/core";
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

export interface ReadRowsOptions extends OperationOptions {
  /** The columns to read, in this order. Default: all, in the order of the table. */
  readonly columns?: readonly string[];
}

/** A table of PostgreSQL. It exists when the table does, with or without rows. */
export class PostgresTableTarget extends Target {
  /** `table` or `schema.table`, with double quotes around a name that has a dot. */
  readonly table: string;
  readonly #connection: PostgresConnection;

  constructor(table: string, options: PostgresTableOptions = {}) {
    super();
    this.table = table;
    this.#connection = options.connection;
  }

  override async exists(options?: OperationOptions): Promise<boolean> {
    const run = (): Promise<boolean> =>
      withClient(this.#connection, options?.signal, `look for ${this}`, (client) =>
        relationExists(client, parseTableName(this.table)),
      );
    return options?.signal === undefined ? run() : abortable(options.signal, run);
  }

  /**
   * The rows as arrays of values, in batches of 1000, all as they were at one moment. `bigint` comes as bigint, `numeric`, dates
   * and times as text: nothing is lost, and a loader takes all of it back. `TARGET_NOT_FOUND`
   */
  async *readBatches(options: ReadRowsOptions = {}): AsyncGenerator<Row[], void, undefined> {
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

  /** As `readBatches`, row by row. */
  async *readRows(options?: ReadRowsOptions): AsyncGenerator<Row, void, undefined> {
    for await (const batch of this.readBatches(options)) yield* batch;
  }

  override toString(): string {
    return this.table;
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
