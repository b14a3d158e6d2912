import assert from "node:assert/strict";
import { inspect } from "node:util";
import { LeatError, type RunContext, standaloneContext, TargetError, type Task } from "@leat/core";
import type { Column } from "../column.ts";
import { CopyToTable } from "../copy-to-table.ts";
import type { Dialect, Sql } from "../dialect.ts";
import type { LoadMode } from "../load-mode.ts";
import type { LoaderCapabilities } from "../loader-capabilities.ts";
import type { MarkerTarget } from "../marker-target.ts";
import type { RejectOptions } from "../rejects.ts";
import type { RowSource } from "../row-source.ts";
import type { testsWith, Workspace } from "./runner.ts";

/** A database for one test, empty at first. */
export interface LoadWorkspace extends Workspace {
  /** The adapter's loader, connected to the database. */
  readonly Loader: abstract new () => CopyToTable;
  /** Runs a statement on a connection of its own. Values of rows are text, as the server writes it, or null. */
  readonly query: (text: string) => Promise<readonly Readonly<Record<string, string | null>>[]>;
  /** A name quoted as an identifier. */
  readonly identifier: (name: string) => string;
  /** An expression for the bytes of a column in lower-case hexadecimal digits. */
  readonly hex: (column: string) => string;
}

/** How a kind of database names its types. */
interface LoadTypes {
  readonly text: string;
  readonly bigint: string;
  /** With 38 digits, 6 of them after the point. */
  readonly decimal: string;
  readonly double: string;
  /** Date and time without zone, to the microsecond. */
  readonly timestamp: string;
  readonly date: string;
  readonly boolean: string;
  readonly bytes: string;
  /** Text of at most 3 characters. */
  readonly shortText: string;
}

/** What a loader declares, and the types to show it with. */
export interface LoadCapabilities extends LoaderCapabilities {
  readonly types: LoadTypes;
}

export type LoadTest = ReturnType<typeof testsWith<LoadWorkspace>>;

/** One load of a test. Without an id it is `load`. */
export interface LoadSpec {
  readonly id?: string;
  readonly table: string;
  readonly columns: readonly Column[];
  readonly rows: (context: RunContext) => RowSource;
  readonly mode?: LoadMode;
  readonly tableDefinition?: string;
  readonly metadataColumns?: readonly (readonly [string, string])[];
  readonly metadataQueries?: readonly string[];
  readonly rejects?: RejectOptions;
  readonly beforeCopy?: (sql: Sql) => Promise<void>;
  readonly afterCopy?: (sql: Sql) => Promise<void>;
}

/** What `Loader` is to the compiler: with an adapter's members, and without those that a load has to give. */
declare class AdapterLoader extends CopyToTable {
  readonly table: string;
  readonly columns: readonly Column[];
  rows(context: RunContext): RowSource;
  output(): MarkerTarget;
  protected dialect(): Dialect;
}

/** Makes the task of a load. */
export function makeLoad({ Loader }: Pick<LoadWorkspace, "Loader">, spec: LoadSpec): CopyToTable {
  class SuiteLoad extends (Loader as unknown as typeof AdapterLoader) {
    override readonly table = spec.table;
    override readonly columns = spec.columns;
    override readonly mode = spec.mode ?? "append";
    override readonly tableDefinition = spec.tableDefinition;
    override readonly metadataColumns = spec.metadataColumns ?? [];
    override readonly metadataQueries = spec.metadataQueries ?? [];
    override readonly rejects = spec.rejects;
    override get updateId(): string {
      return spec.id ?? "load";
    }
    override rows(context: RunContext): RowSource {
      return spec.rows(context);
    }
    override async beforeCopy(sql: Sql): Promise<void> {
      await spec.beforeCopy?.(sql);
    }
    override async afterCopy(sql: Sql): Promise<void> {
      await spec.afterCopy?.(sql);
    }
  }
  return new SuiteLoad();
}

/** Runs a task as a worker does; gives what it logged and reported. `context` takes the place of members of its context. */
export async function runTask(task: Task, context: Partial<RunContext> = {}): Promise<string[]> {
  const lines: string[] = [];
  const write = (message: string): void => void lines.push(message);
  const log = { debug: write, info: write, warn: write, error: write };
  const progress = (_fraction: number, message = ""): void => write(message);
  await task.run(standaloneContext(task, { log, progress, ...context }));
  return lines;
}

/** Makes the task of a load and runs it. */
export async function load(workspace: LoadWorkspace, spec: LoadSpec): Promise<void> {
  await runTask(makeLoad(workspace, spec));
}

/** Runs a load that must fail, and gives its error. */
export async function failingLoad(workspace: LoadWorkspace, spec: LoadSpec): Promise<LeatError> {
  const error = await runTask(makeLoad(workspace, spec)).then(
    () => assert.fail("the load did not fail"),
    (thrown: unknown) => thrown,
  );
  assert.ok(LeatError.is(error), inspect(error));
  return error;
}

/** Says that a load left neither rows nor a marker. */
export async function assertNothingLoaded(workspace: LoadWorkspace, spec: LoadSpec): Promise<void> {
  assert.equal(await makeLoad(workspace, spec).complete(), false);
  assert.equal(await countRows(workspace, spec.table), 0);
}

export async function countRows({ query, identifier }: LoadWorkspace, table: string): Promise<number> {
  const rows = await query(`select count(*) as n from ${identifier(table)}`);
  return Number(rows[0]?.["n"]);
}

export function assertInvalid(error: LeatError, row: number, column: string | undefined): void {
  assert.ok(error instanceof TargetError || LeatError.is(error));
  assert.equal(error.code, "TARGET_INVALID_DATA", inspect(error));
  assert.equal(error.details["row"], row, error.message);
  assert.equal(error.details["column"], column, error.message);
}
