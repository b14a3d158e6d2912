import { TargetError } from "@leat/core";
import {
  type AttemptOrder,
  type CommitOutcome,
  type Dialect,
  type FileFeed,
  type LoadSession,
  type Marker,
  type RowFeed,
  type SqlResult,
  statementAction,
  type TableName,
  type TablePart,
  type TypedColumn,
} from "@leat/copy-to-table";
import { boundValues } from "./bound-values.ts";
import { BulkLoad } from "./bulk-load.ts";
import type { Client } from "./client.ts";
import type { FenceTable } from "./fence-table.ts";
import { quoteIdentifier, quoteTable, quoteTableText } from "./identifiers.ts";
import { Lease } from "./lease.ts";
import { mergeStatement } from "./load-statements.ts";
import type { MarkerTable } from "./markers.ts";
import { type OwnTables, ownTables } from "./own-tables.ts";
import { isServerAnswer, mysqlError } from "./mysql-errors.ts";
import { MARKER_TABLE, type MysqlTargetOptions } from "./mysql-options.ts";
import { onPart } from "./parts.ts";
import { createStaging, dropStaging, stagingOf } from "./staging.ts";
import { releaseLock, takeLock } from "./table-locks.ts";
import { addMissingColumns, createIfMissing, requireTransactions, tableState } from "./tables.ts";
import { begin, isIntact, refuseDdl } from "./transactions.ts";
import { sqlResult } from "./sql-result.ts";

/** MySQL and MariaDB for the loaders of `@leat/copy-to-table`. */
export function mysqlDialect(options: MysqlTargetOptions): Dialect {
  const { connection, markerTable = MARKER_TABLE } = options;
  const tables = ownTables(markerTable);
  return {
    async connect({ signal }) {
      const lease = await Lease.take(connection, { signal, purpose: "bulk" });
      return new MysqlSession(lease, tables);
    },
  };
}

class MysqlSession implements LoadSession {
  readonly #lease: Lease;
  readonly #client: Client;
  readonly #markers: MarkerTable;
  readonly #fences: FenceTable;
  /** The one that this session has raised. */
  #fence: { readonly updateId: string; readonly attempt: AttemptOrder } | undefined;
  #inTransaction = false;
  #staging: TableName | undefined;
  /** The row of the marker in the transaction. */
  #markerRow: number | undefined;
  /** Statements to run after the transaction, for what does not end with it. */
  #leftovers: (() => Promise<unknown>)[] = [];

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
    return quoteTableText(table);
  }

  async query(text: string, values: readonly unknown[] = []): Promise<SqlResult> {
    if (this.#inTransaction) refuseDdl(text);
    const bound = values.length === 0 ? undefined : boundValues(values);
    const result = await this.#do(statementAction(text), () =>
      this.#client.run({ sql: text, values: bound }),
    );
    return sqlResult(result);
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
    const state = await this.#do(`look for ${quoteTable(table)}`, () => tableState(this.#client, table));
    return state !== "missing";
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
    await this.#do("begin a transaction", () => begin(this.#client));
    this.#inTransaction = true;
    if (fence === undefined) return;
    await this.#do("lock the fence", () => this.#fences.lock(this.#client, fence.updateId));
    this.#leftovers.push(() => this.#fences.unlock(this.#client, fence.updateId));
  }

  async claimMarker(marker: Marker): Promise<boolean> {
    this.#markerRow = await this.#do("write the marker", () => this.#markers.claim(this.#client, marker));
    return this.#markerRow !== undefined;
  }

  async clear(table: TableName, part?: TablePart): Promise<void> {
    await this.#do(`delete rows of ${quoteTable(table)}`, async () => {
      await requireTransactions(this.#client, table);
      await takeLock(this.#client, { table });
      this.#leftovers.push(() => releaseLock(this.#client, { table }));
      // TRUNCATE would end the transaction.
      const { sql, values } = onPart("delete", table, part);
      await this.#client.change(sql, values);
    });
  }

  async count(table: TableName, part: TablePart): Promise<number> {
    const { sql, values } = onPart("select count(*) as n", table, part);
    const action = `count rows of ${quoteTable(table)}`;
    const [row] = await this.#do(action, () => this.#client.select(sql, values));
    return Number(row?.["n"]);
  }

  async stage(table: TableName, columns: readonly string[], keys: readonly string[]): Promise<TableName> {
    await this.#do(`make a staging table for ${quoteTable(table)}`, async () => {
      await requireTransactions(this.#client, table);
      this.#leftovers.push(() => dropStaging(this.#client, table));
      await createStaging(this.#client, table, columns, keys);
    });
    this.#staging = stagingOf(table);
    return this.#staging;
  }

  async copyRows(table: TableName, columns: readonly string[], feed: RowFeed): Promise<number> {
    await this.#requireTransactions(table);
    return new BulkLoad(this.#client, table, columns).rows(feed);
  }

  async copyFile(table: TableName, columns: readonly string[], feed: FileFeed): Promise<number> {
    await this.#requireTransactions(table);
    return new BulkLoad(this.#client, table, columns).file(feed);
  }

  async merge(
    staging: TableName,
    table: TableName,
    columns: readonly string[],
    keys: readonly string[],
  ): Promise<number> {
    return this.#do(`merge rows into ${quoteTable(table)}`, async () => {
      const [row] = await this.#client.select(`select count(*) as n from ${quoteTable(staging)}`);
      await this.#client.change(mergeStatement(staging, table, columns, keys));
      return Number(row?.["n"]);
    });
  }

  async commit(): Promise<CommitOutcome> {
    const fence = this.#fence;
    if (fence !== undefined && (await this.isFencedOff(fence.updateId, fence.attempt))) return "fencedOff";
    const isIntact = await this.#do("commit", () => this.#checkIntact());
    if (!isIntact) throw endedEarly();
    try {
      await this.#client.change("commit");
    } catch (error) {
      if (isServerAnswer(error)) throw mysqlError(error, "commit");
      this.#lease.cut();
      return "unknown";
    }
    await this.#afterTransaction();
    return "committed";
  }

  async rollback(): Promise<void> {
    if (!this.#inTransaction) return;
    try {
      await this.#checkIntact();
      await this.#client.change("rollback");
      await this.#afterTransaction();
    } catch {
      this.#lease.cut();
    }
  }

  close(): void {
    if (this.#inTransaction) this.#lease.cut();
    else void this.#lease.release();
  }

  async #requireTransactions(table: TableName): Promise<void> {
    // Servers do not list temporary tables.
    if (table === this.#staging) return;
    await this.#do(`look at ${quoteTable(table)}`, () => requireTransactions(this.#client, table));
  }

  /** Whether the transaction is still the one that was begun. If not, its marker may be there for all to see: it is taken away. */
  async #checkIntact(): Promise<boolean> {
    if (await isIntact(this.#client)) return true;
    if (this.#markerRow !== undefined) await this.#markers.removeRow(this.#client, this.#markerRow);
    return false;
  }

  /** The transaction is over; what is left of it does not change its outcome. */
  async #afterTransaction(): Promise<void> {
    this.#inTransaction = false;
    try {
      for (const remove of this.#leftovers.toReversed()) await remove();
    } catch {
      this.#lease.cut();
    }
    this.#leftovers = [];
  }

  async #do<T>(action: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw mysqlError(error, action);
    }
  }
}

function endedEarly(): TargetError {
  return new TargetError(
    "TARGET_CONFLICT",
    "The transaction ended before its COMMIT: a statement of a hook was in a deadlock, or called a procedure that commits. Let errors of hooks pass, and call no such procedure.",
  );
}
