import type { AttemptOrder } from "./attempt-order.ts";
import type { TypedColumn } from "./column.ts";
import type { FileFeed } from "./file-feed.ts";
import type { RowFeed } from "./row-feed.ts";
import type { TableName } from "./table-name.ts";
import type { TablePart } from "./table-part.ts";

/** What a statement gave. */
export interface SqlResult {
  /** One object a row, by column name. Empty for a statement that gives no rows. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** Rows that the statement gave or changed. */
  readonly rowCount: number;
}

/** Runs SQL on the connection of a task, in its transaction. What hooks get. */
export interface Sql {
  /** Runs one statement; `values` are bound to its placeholders in the database's own notation (`$1`, `?`). */
  query(text: string, values?: readonly unknown[]): Promise<SqlResult>;
  /** A name quoted as an identifier. */
  identifier(name: string): string;
  /** The name of a table (`table` or `schema.table`) quoted, each part for itself. */
  tableIdentifier(table: string): string;
}

/**
 * What loaders need of a kind of database. An adapter implements it; `loadTable` calls it in this order, where steps in
 * parentheses depend on the task:
 *
 *     connect, ensureMarkerTable, (raiseFence), tableExists, (createTable), (addColumns),
 *     begin, claimMarker, (query), (clear or stage), copyRows or copyFile, (count or merge), (query), commit, close
 *
 * What a database cannot undo (in MySQL: making tables) comes before `begin`. All methods reject with a TargetError; errors of
 * the driver are translated in the adapter.
 */
export interface Dialect {
  /** Opens a connection for one task. When `signal` aborts, the connection is cut and all calls on it reject. */
  connect(options: { readonly signal: AbortSignal }): Promise<LoadSession>;
}

/** Which marker a load writes. */
export interface Marker {
  readonly updateId: string;
  /** The destination as the task names it. */
  readonly table: string;
}

/**
 * How a transaction ended: `committed` when the server said so, `unknown` when the connection was lost before it said
 * anything. `fencedOff` when a newer attempt had raised the fence: the transaction is then open, and to be rolled back.
 */
export type CommitOutcome = "committed" | "unknown" | "fencedOff";

/** One connection, used by one task. Calls follow one another; none is made while another is pending. */
export interface LoadSession extends Sql {
  /** Makes the marker table when it is missing. Any number of processes may do so at the same time. */
  ensureMarkerTable(): Promise<void>;

  /**
   * Says for good, before the transaction, that this attempt does the work of a marker: from then on no earlier one commits, and
   * `commit` asks for it. Ends sessions of earlier attempts where the server lets this user, so that they hold up nothing;
   * where not, their transactions are waited for, as without a fence. `false` when a newer attempt has raised the fence.
   *
   * Attempts of one epoch are ordered by their number. Of two epochs the greater one comes first, but the lesser one may follow
   * when no transaction of the other is under way: clocks go wrong, and a task may move to a scheduler that has begun earlier.
   */
  raiseFence(updateId: string, attempt: AttemptOrder): Promise<boolean>;

  /** Whether another attempt than this one has raised the fence last. */
  isFencedOff(updateId: string, attempt: AttemptOrder): Promise<boolean>;

  tableExists(table: TableName): Promise<boolean>;

  /**
   * Makes a table; no error when another process was faster.
   *
   * @param definition what stands between the parentheses of CREATE TABLE
   */
  createTable(table: TableName, definition: string): Promise<void>;

  /** Adds those of the columns that the table does not have. Any number of processes may do so at the same time. */
  addColumns(table: TableName, columns: readonly TypedColumn[]): Promise<void>;

  begin(): Promise<void>;

  /**
   * Writes the marker in the transaction. `false` when it is there already. While another transaction has written it and
   * not ended, this waits for the end, so that of several loads with one marker exactly one goes on.
   */
  claimMarker(marker: Marker): Promise<boolean>;

  /**
   * Deletes all rows of a table in the transaction, or those of a part of it (`partCondition`). Until the end of the transaction,
   * readers go on to see the old rows, and other loads wait that clear the same.
   */
  clear(table: TableName, part?: TablePart): Promise<void>;

  /** The number of rows of a part, as the transaction sees them. */
  count(table: TableName, part: TablePart): Promise<number>;

  /**
   * Makes an empty table with these columns, of the types that they have in `table`, for this session alone; it is gone at the
   * end of the transaction. `TARGET_UNSUPPORTED` when `table` has no unique key of the columns `keys`.
   */
  stage(table: TableName, columns: readonly string[], keys: readonly string[]): Promise<TableName>;

  /**
   * Loads all rows of the feed in the transaction and gives their number. What does not fit is never changed, cut or left
   * out: it rejects with `TARGET_INVALID_DATA`, naming row and column (`feed.serverError`). Decimals may be rounded to the scale
   * of their column, as SQL does it everywhere.
   */
  copyRows(table: TableName, columns: readonly string[], feed: RowFeed): Promise<number>;

  /** As `copyRows`, for a file that the database reads itself. */
  copyFile(table: TableName, columns: readonly string[], feed: FileFeed): Promise<number>;

  /**
   * Puts the rows of a staging table into `table`, each in the place of the one with the same `keys`, and gives their number.
   * `TARGET_INVALID_DATA` when two of them have the same key.
   */
  merge(
    staging: TableName,
    table: TableName,
    columns: readonly string[],
    keys: readonly string[],
  ): Promise<number>;

  /** Ends the transaction for good, unless the attempt is fenced off. Rejects when the server rolled back instead. */
  commit(): Promise<CommitOutcome>;

  /** Ends the transaction without effect. Never rejects: a connection that cannot do so is cut, which has the same effect. */
  rollback(): Promise<void>;

  /** Gives the connection back. Never throws. */
  close(): void;
}
