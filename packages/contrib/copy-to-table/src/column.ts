import { UsageError } from "@leat/core";

/** What may be said of one column beyond its name and type. */
export interface ColumnOptions {
  /** Values that are loaded as null, beside null itself; compared with `===`, and NaN with NaN. Default none. */
  readonly nullValues?: readonly unknown[];
  /** Gives the value to load in the place of one that is not loaded as null. Default: the value itself. */
  readonly map?: (value: unknown) => unknown;
}

/** A column to load: its name, or its name with the SQL type to create it with, or these with options. */
export type Column =
  | string
  | readonly [name: string, type: string]
  | readonly [name: string, type: string, options: ColumnOptions];

/** A column with its name and the SQL type to create it with. The type is SQL and is not quoted. */
export interface TypedColumn {
  readonly name: string;
  readonly type: string;
}

/** A declared column, read. `type` is `undefined` when only its name was given. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: string | undefined;
  readonly options: ColumnOptions;
}

/**
 * Reads declared columns.
 *
 * @param owner what declares them, for messages
 * @throws UsageError `OPTION_INVALID` for none, for an empty name or type, and for a name given twice
 */
export function readColumns(columns: readonly Column[], owner: string): readonly ColumnSpec[] {
  if (columns.length === 0) throw invalid(owner, "has no columns. Name at least one");
  const specs = columns.map((column) => readColumn(column, owner));
  const names = specs.map((spec) => spec.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(owner, `has the column "${twice}" twice. Name it once`);
  return specs;
}

/** The columns with their types, or `undefined` when a type is missing. */
export function typedColumns(columns: readonly ColumnSpec[]): readonly TypedColumn[] | undefined {
  const typed = columns.filter((column): column is ColumnSpec & TypedColumn => column.type !== undefined);
  return typed.length === columns.length ? typed : undefined;
}

function readColumn(column: Column, owner: string): ColumnSpec {
  const [name, type, options = {}] = typeof column === "string" ? [column] : column;
  if (name === "") throw invalid(owner, "has a column without a name. Name it");
  if (type?.trim() === "") {
    throw invalid(owner, `has an empty type for the column "${name}". Give an SQL type, or the name alone`);
  }
  return { name, type, options };
}

function invalid(owner: string, problem: string): UsageError {
  return new UsageError("OPTION_INVALID", `${owner} ${problem} in columns.`);
}
