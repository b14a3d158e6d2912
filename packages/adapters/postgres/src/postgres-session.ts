import {
  type AttemptOrder,
  type CommitOutcome,
  type Dialect,
  type FileFeed,
  type LoadSession,
  type Marker,
  parseTableName,
  type RowFeed,
  type SqlResult,
  statementAction,
  type TableName,
  type TablePart,
  type TypedColumn,
} from "@leat/copy-to-table";
import { TargetError } from "@leat/core";
import type { PoolClient } from "pg";
import { copyError } from "./copy-errors.ts";
import { copyIn } from "./copy-in.ts";
import { copyStatement, fileOptions, listOf, mergeStatement } from "./copy-statements.ts";
import { quoteIdentifier, quoteTable } from "./identifiers.ts";
import type { FenceTable } from "./fence-table.ts";
import { Lease } from "./lease.ts";
import type { MarkerTable } from "./markers.ts";
import { type OwnTables, ownTables } from "./own-tables.ts";
import { lockPart, onPart } from "./parts.ts";
import { isRefusal, postgresError } from "./postgres-errors.ts";
import { MARKER_TABLE, type PostgresTargetOptions } from "./postgres-options.ts";
import { parseResults } from "./result-types.ts";
import { copyFormat, pickColumns } from "./row-encoders.ts";
import { addMissingColumns, columnsOf, createIfMissing, relationExists } from "./tables.ts";

/** In the schema that each session has for itself, so one name does for all. */
const STAGING: TableName = { schema: "pg_temp", name: "leat_staging" };

/**
 * Begins a transaction in which the server looks once a second whether the client is still there: a statement that runs for
 * long would otherwise hold its locks to its end. Servers before version 14 and on some systems do not have the setting.
 */
const BEGIN = `begin; do $$ begin
  perform set_config('client_connection_check_interval', '1s', true);
exception when others then null; end $$`;

/** PostgreSQL for the loaders of `@leat/copy-to-table`. */
export function postgresDialect(options: PostgresTargetOptions): Dialect {
  const { connection, markerTable = MARKER_TABLE } = options;
  const tables = ownTables(markerTable);
  return {
    connect: async ({ signal }) => new PostgresSession(await Lease.take(connection, signal), tables),
  };
}

class PostgresSession implements LoadSession {
  readonly #lease: Lease;
  readonly #client: PoolClient;
  readonly #markers: MarkerTable;
  readonly #fences: FenceTable;
  /** The one that this session has raised. */
  #fence: { readonly updateId: string; readonly attempt: AttemptOrder } | undefined;
  #inTransaction = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(lease: Lease, { markers, fences }: OwnTables) {
    this.#lease = lease;
    this.#client = lease.client;
    this.#markers = markers;
    this.#fences = fences;
  }

  identifier(name: string): string {
    return quoteIdentifier(name);
  }

  tableIdentifier(table: string): string {
    return quoteTable(parseTableName(table));
  }

  async query(text: string, values: readonly unknown[] = []): Promise<SqlResult> {
    const config = { text, values: [...values], types: parseResults };
    const result = await this.#inTurn(() =>
      this.#do(statementAction(text), () => this.#client.query<Record<string, unknown>>(config)),
    );
    return { rows: result.rows, rowCount: result.rowCount ?? 0 };
  }

  async ensureMarkerTable(): Promise<void> {
    await this.#do("make the marker table", () => this.#markers.ensure(this.#client));
  }

  async raiseFence(updateId: string, attempt: AttemptOrder): Promise<boolean> {
    this.#fence = { updateId, attempt };
    return this.#do("raise the fence", () => this.#fences.raise(this.#client, updateId, attempt));
  }

  async isFencedOff(updateId: string, attempt: AttemptOrder): Promise<boolean> {
    return !(await this.#do("read the fence", () => this.#fences.isOwn(this.#client, updateId, attempt)));
  }

  async tableExists(table: TableName): Promise<boolean> {
    return this.#do(`look for ${quoteTable(table)}`, () => relationExists(this.#client, table));
  }

  async createTable(table: TableName, definition: string): Promise<void> {
    await this.#do(`create ${quoteTable(table)}`, () => createIfMissing(this.#client, table, definition));
  }

  async addColumns(table: TableName, columns: readonly TypedColumn[]): Promise<void> {
    const action = `add columns to ${quoteTable(table)}`;
    await this.#do(action, () => addMissingColumns(this.#client, table, columns));
  }

  async begin(): Promise<void> {
    const fence = this.#fence;
    await this.#do("begin a transaction", () => this.#client.query(BEGIN));
    this.#inTransaction = true;
    if (fence !== undefined) {
      await this.#do("lock the fence", () => this.#fences.lock(this.#client, fence.updateId));
    }
  }

  async claimMarker(marker: Marker): Promise<boolean> {
    return this.#do("write the marker", () => this.#markers.claim(this.#client, marker));
  }

  async clear(table: TableName, part?: TablePart): Promise<void> {
    await this.#do(`delete rows of ${quoteTable(table)}`, async () => {
      if (part === undefined) await this.#lock(table, "share row exclusive");
      else await lockPart(this.#client, table, part);
      // TRUNCATE would lock out readers, and show an empty table to those who began before.
      await this.#client.query(onPart("delete", table, part));
    });
  }

  async count(table: TableName, part: TablePart): Promise<number> {
    const statement = onPart("select count(*)::int8 as n", table, part);
    const { rows } = await this.#do(`count rows of ${quoteTable(table)}`, () =>
      this.#client.query<{ n: string }>(statement),
    );
    return Number(rows[0]?.n);
  }

  async stage(table: TableName, columns: readonly string[], keys: readonly string[]): Promise<TableName> {
    await this.#do(`make a staging table for ${quoteTable(table)}`, async () => {
      const select = `select ${listOf(columns)} from ${quoteTable(table)} with no data`;
      await this.#client.query(`create temp table ${quoteTable(STAGING)} on commit drop as ${select}`);
      // While there are no rows, this does nothing but fail when the key does not fit.
      await this.#client.query(mergeStatement(STAGING, table, columns, keys));
    });
    return STAGING;
  }

  async copyRows(table: TableName, columns: readonly string[], feed: RowFeed): Promise<number> {
    const { encoder, options } = await this.#do(`look at ${quoteTable(table)}`, async () => {
      // Nobody may change the types of the columns between the look at them and the end of the load.
      await this.#lock(table, "row exclusive");
      return copyFormat(pickColumns(columns, await columnsOf(this.#client, table), quoteTable(table)));
    });
    return this.#copy(table, copyStatement(table, columns, options), feed, feed.encode(encoder));
  }

  async copyFile(table: TableName, columns: readonly string[], feed: FileFeed): Promise<number> {
    return this.#copy(table, copyStatement(table, columns, fileOptions(feed.file)), feed, feed.bytes());
  }

  async merge(
    staging: TableName,
    table: TableName,
    columns: readonly string[],
    keys: readonly string[],
  ): Promise<number> {
    const statement = mergeStatement(staging, table, columns, keys);
    const result = await this.#do(`merge rows into ${quoteTable(table)}`, () =>
      this.#client.query(statement),
    );
    return result.rowCount ?? 0;
  }

  async commit(): Promise<CommitOutcome> {
    const fence = this.#fence;
    if (fence !== undefined && (await this.isFencedOff(fence.updateId, fence.attempt))) return "fencedOff";
    let command: string;
    try {
      ({ command } = await this.#client.query("commit"));
    } catch (error) {
      if (isRefusal(error)) throw postgresError(error, "commit");
      this.#lease.cut();
      return "unknown";
    }
    this.#inTransaction = false;
    // The server answers the COMMIT of a failed transaction without an error.
    if (command === "COMMIT") return "committed";
    throw new TargetError(
      "TARGET_CONFLICT",
      `The server answered COMMIT with ${command}: a statement failed before it, and nothing was kept. Let errors of hooks pass.`,
    );
  }

  async rollback(): Promise<void> {
    if (!this.#inTransaction) return;
    try {
      await this.#client.query("rollback");
      this.#inTransaction = false;
    } catch {
      this.#lease.cut();
    }
  }

  close(): void {
    if (this.#inTransaction) this.#lease.cut();
    else this.#lease.release();
  }

  /** A hook may ask several things at once; the driver wants them one after another. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #lock(table: TableName, mode: string): Promise<void> {
    await this.#client.query(`lock table ${quoteTable(table)} in ${mode} mode`);
  }

  #copy(
    table: TableName,
    statement: string,
    feed: RowFeed | FileFeed,
    chunks: AsyncIterable<Uint8Array>,
  ): Promise<number> {
    const translate = (error: Error): unknown =>
      postgresError(copyError(error, feed), `load ${quoteTable(table)}`);
    return copyIn(this.#client, statement, chunks, translate);
  }

  async #do<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw postgresError(error, action);
    }
  }
}
