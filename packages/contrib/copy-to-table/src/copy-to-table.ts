import { type RunContext, UsageError } from "@leat/core";
import { type Column, type ColumnSpec, readColumns, typedColumns } from "./column.ts";
import type { Sql } from "./dialect.ts";
import { type LoadMode, planMode } from "./load-mode.ts";
import { loadTable } from "./load-table.ts";
import { MarkedTask } from "./marked-task.ts";
import type { RejectOptions } from "./rejects.ts";
import type { RowSource } from "./row-source.ts";

/**
 * Loads rows into a table of a database, exactly once: the rows and a marker that says so are written in one transaction.
 * Adapters extend it with their database; users extend those.
 */
export abstract class CopyToTable extends MarkedTask {
  /** The columns to load, in the order of the values in a row. With types for all, a missing table is made. */
  abstract readonly columns: readonly Column[];

  /** What becomes of the rows that are in the table. Default: they stay. */
  readonly mode: LoadMode = "append";

  /**
   * What stands between the parentheses of CREATE TABLE when the table is missing. Default: `columns` with their types, and
   * the key of `upsertBy`; when a type is missing, a missing table is the error `TARGET_NOT_FOUND`.
   */
  readonly tableDefinition: string | undefined = undefined;

  /** Columns beside those of the rows, added when the table does not have them. Default none. */
  readonly metadataColumns: readonly (readonly [name: string, type: string])[] = [];

  /** Statements to fill the metadata columns; they run in the transaction at the end, in order. Default none. */
  readonly metadataQueries: readonly string[] = [];

  /** Where rows go that do not fit their columns. Default: such a row ends the load with `TARGET_INVALID_DATA`. */
  readonly rejects: RejectOptions | undefined = undefined;

  /**
   * The rows to load: arrays with one value for each column. Called once an attempt, when the transaction has begun. Rows
   * come one at a time from an array or a generator, sync or async. Arrays of rows are given as `batches(source)`, and a file
   * that the database can read as `csvFile(target)` or `tsvFile(target)`.
   */
  abstract rows(context: RunContext): RowSource;

  /** Runs in the transaction before rows are deleted or loaded. Default: nothing. */
  async beforeCopy(_sql: Sql): Promise<void> {}

  /** Runs in the transaction after the rows are loaded. Default: nothing. */
  async afterCopy(_sql: Sql): Promise<void> {}

  /** Loads with the mode `append` that are there cannot be forced: `OPTION_INVALID`, as their rows would be there twice. */
  override async forget(): Promise<void> {
    if (this.mode === "append" && (await this.output().exists())) throw wouldDouble(this);
    await super.forget();
  }

  override async run(context: RunContext): Promise<void> {
    const columns = readColumns(this.columns, this.toString());
    const mode = planMode(this.mode, columns, this.toString());
    await loadTable(
      this.dialect(),
      {
        taskId: this.id,
        marker: { updateId: this.updateId, table: this.table },
        columns,
        mode,
        metadataColumns: this.metadataColumns.map(([name, type]) => ({ name, type })),
        metadataQueries: this.metadataQueries,
        rejects: this.rejects,
        definition: (sql) => this.tableDefinition ?? definitionOf(columns, mode.keys, sql),
        rows: () => this.rows(context),
        beforeCopy: (sql) => this.beforeCopy(sql),
        afterCopy: (sql) => this.afterCopy(sql),
      },
      context,
    );
  }
}

function wouldDouble(task: CopyToTable): UsageError {
  const problem = `${task} is loaded, and its mode is "append": when it is forced, its rows would be there twice.`;
  const cure =
    "Give it a mode such as { replaceWhere: { … } } or { upsertBy: [ … ] }, or remove its rows, then its marker.";
  return new UsageError("OPTION_INVALID", `${problem} ${cure}`);
}

function definitionOf(columns: readonly ColumnSpec[], keys: readonly string[], sql: Sql): string | undefined {
  const typed = typedColumns(columns)?.map(({ name, type }) => `${sql.identifier(name)} ${type}`);
  if (typed === undefined) return undefined;
  const key = keys.map((name) => sql.identifier(name)).join(", ");
  return [...typed, ...(key === "" ? [] : [`primary key (${key})`])].join(", ");
}
