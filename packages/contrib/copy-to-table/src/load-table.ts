import { type RunContext, TargetError, UsageError } from "@leat/core";
import type { ColumnSpec, TypedColumn } from "./column.ts";
import type { Dialect, LoadSession, Marker, Sql } from "./dialect.ts";
import { FileFeed } from "./file-feed.ts";
import type { ModePlan } from "./load-mode.ts";
import { LoadProgress } from "./load-progress.ts";
import { type RejectOptions, Rejects } from "./rejects.ts";
import { RowFeed } from "./row-feed.ts";
import { RowFile } from "./row-file.ts";
import { type RowSource, toBatches } from "./row-source.ts";
import { runOnce } from "./run-once.ts";
import { parseTableName, type TableName } from "./table-name.ts";
import { partText, type TablePart } from "./table-part.ts";

/** One load, as a task describes it. */
export interface LoadPlan {
  readonly taskId: string;
  readonly marker: Marker;
  readonly columns: readonly ColumnSpec[];
  readonly mode: ModePlan;
  readonly metadataColumns: readonly TypedColumn[];
  readonly metadataQueries: readonly string[];
  readonly rejects: RejectOptions | undefined;
  /** What stands between the parentheses of CREATE TABLE; `undefined` when the table must be there. */
  definition(sql: Sql): string | undefined;
  rows(): RowSource;
  beforeCopy(sql: Sql): Promise<void>;
  afterCopy(sql: Sql): Promise<void>;
}

/** Loads what a plan says and writes its marker, in one transaction. */
export async function loadTable(dialect: Dialect, plan: LoadPlan, context: RunContext): Promise<void> {
  const table = parseTableName(plan.marker.table);
  await runOnce(
    dialect,
    {
      taskId: plan.taskId,
      marker: plan.marker,
      prepare: (session) => prepareTable(session, table, plan),
      work: (session) => new Load(session, table, plan, context).run(),
    },
    context,
  );
}

async function prepareTable(session: LoadSession, table: TableName, plan: LoadPlan): Promise<void> {
  if (!(await session.tableExists(table))) {
    const definition = plan.definition(session);
    if (definition === undefined) throw missingTable(plan.marker.table);
    await session.createTable(table, definition);
  }
  if (plan.metadataColumns.length > 0) await session.addColumns(table, plan.metadataColumns);
}

function missingTable(table: string): TargetError {
  return new TargetError(
    "TARGET_NOT_FOUND",
    `There is no table ${table}, and its columns have no types to make it with. Create it, or give columns as [name, type].`,
    { details: { table } },
  );
}

function outsidePart(table: string, part: TablePart, count: number): TargetError {
  return new TargetError(
    "TARGET_INVALID_DATA",
    `${count === 1 ? "1 row" : `${count} rows`} for ${table} would be outside of the part that is replaced (${partText(part)}). Correct the rows, or replaceWhere.`,
    { details: { table } },
  );
}

/** One attempt, from the marker to the commit. */
class Load {
  readonly #session: LoadSession;
  readonly #table: TableName;
  readonly #plan: LoadPlan;
  readonly #context: RunContext;
  readonly #columns: readonly string[];

  constructor(session: LoadSession, table: TableName, plan: LoadPlan, context: RunContext) {
    this.#session = session;
    this.#table = table;
    this.#plan = plan;
    this.#context = context;
    this.#columns = plan.columns.map((column) => column.name);
  }

  async run(): Promise<void> {
    const { marker, metadataQueries } = this.#plan;
    await this.#plan.beforeCopy(this.#session);
    const rows = await this.#load();
    await this.#plan.afterCopy(this.#session);
    for (const query of metadataQueries) await this.#session.query(query);
    this.#context.log.info(`Loaded ${rows} rows into ${marker.table}.`, { rows });
  }

  async #load(): Promise<number> {
    const { clears, keys, part } = this.#plan.mode;
    if (clears) await this.#session.clear(this.#table, part);
    if (part !== undefined) return this.#copyPart(part);
    if (keys.length === 0) return this.#copy(this.#table);
    const staging = await this.#session.stage(this.#table, this.#columns, keys);
    await this.#copy(staging);
    return this.#session.merge(staging, this.#table, this.#columns, keys);
  }

  /** The server compares, as it does when it deletes: what is equal in SQL need not be equal here. */
  async #copyPart(part: TablePart): Promise<number> {
    const rows = await this.#copy(this.#table);
    const found = await this.#session.count(this.#table, part);
    if (found < rows) throw outsidePart(this.#plan.marker.table, part, rows - found);
    return rows;
  }

  async #copy(into: TableName): Promise<number> {
    const source = this.#plan.rows();
    const progress = new LoadProgress(this.#context);
    if (source instanceof RowFile) return this.#copyFile(into, source, progress);
    const { columns, mode, marker } = this.#plan;
    const rejects = this.#plan.rejects && new Rejects(this.#plan.rejects);
    const options = { table: marker.table, columns, keys: mode.keys, rejects, progress };
    const feed = new RowFeed(toBatches(source), options);
    const rows = await this.#session.copyRows(into, this.#columns, feed).catch(async (error: unknown) => {
      // They help to see what is wrong; that they cannot be written is the lesser trouble.
      await rejects?.save().catch(() => {});
      throw error;
    });
    await this.#saveRejects(rejects);
    return rows;
  }

  async #copyFile(into: TableName, file: RowFile, progress: LoadProgress): Promise<number> {
    const { columns, rejects, marker } = this.#plan;
    const isPlain = columns.every(
      ({ options }) => options.map === undefined && options.nullValues === undefined,
    );
    if (rejects !== undefined || !isPlain) {
      throw new UsageError(
        "OPTION_INVALID",
        `The file for ${marker.table} is read by the database, so rejects, map and nullValues have no effect. Take them away, or give rows.`,
      );
    }
    return this.#session.copyFile(into, this.#columns, new FileFeed(file, { table: marker.table, progress }));
  }

  async #saveRejects(rejects: Rejects | undefined): Promise<void> {
    if (rejects === undefined) return;
    await rejects.save();
    if (rejects.count > 0)
      this.#context.log.warn(`Rows rejected for ${this.#plan.marker.table}: ${rejects.count}.`);
  }
}
