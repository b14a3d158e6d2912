import { UsageError } from "@leat/core";
import type { ColumnSpec } from "./column.ts";
import type { TablePart } from "./table-part.ts";

/**
 * What becomes of the rows that are in the table.
 *
 * - `append`: they stay.
 * - `replace`: they go. Other readers see the old rows or the new rows, each as a whole; other loaders wait.
 * - `replaceWhere`: those of a part of the table go, such as `{ day: this.date }`, and the others stay. Readers see the old or
 *   the new part as a whole. All new rows must belong to the part, else the next load of it would leave them there twice: a
 *   row that does not is the error `TARGET_INVALID_DATA`.
 * - `upsertBy`: a new row takes the place of the row with the same key, and all other rows stay. The table must have a unique
 *   key of exactly these columns. Two new rows with one key, and a null in a key, are the error `TARGET_INVALID_DATA`.
 */
export type LoadMode = "append" | "replace" | { readonly replaceWhere: TablePart } | UpsertMode;

interface UpsertMode {
  readonly upsertBy: readonly string[];
}

/** A mode as it is carried out. */
export interface ModePlan {
  /** Whether rows of the table are deleted: all of it, or a part. */
  readonly clears: boolean;
  readonly part: TablePart | undefined;
  /** Names of the key columns; none for a mode without. */
  readonly keys: readonly string[];
}

/** @throws UsageError `OPTION_INVALID` */
export function planMode(mode: LoadMode, columns: readonly ColumnSpec[], owner: string): ModePlan {
  if (mode === "append" || mode === "replace")
    return { clears: mode === "replace", part: undefined, keys: [] };
  if (Array.isArray(memberOf(mode, "upsertBy")))
    return { clears: false, part: undefined, keys: keyColumns(mode as UpsertMode, columns, owner) };
  const part = memberOf(mode, "replaceWhere") as TablePart | undefined;
  if (typeof part !== "object") throw unknownMode(mode, owner);
  if (Object.keys(part).length > 0) return { clears: true, part, keys: [] };
  throw new UsageError(
    "OPTION_INVALID",
    `replaceWhere of ${owner} names no column. Say which rows go, as in { day: "2026-11-20" }, or use "replace".`,
  );
}

/** What the compiler does not see, as in JavaScript, must not become another mode. */
function unknownMode(mode: unknown, owner: string): UsageError {
  return new UsageError(
    "OPTION_INVALID",
    `The mode ${JSON.stringify(mode)} of ${owner} is not known. Give "append", "replace", { replaceWhere: { … } } or { upsertBy: [ … ] }.`,
  );
}

function memberOf(mode: unknown, name: string): unknown {
  return typeof mode === "object" && mode !== null ? (mode as Record<string, unknown>)[name] : undefined;
}

function keyColumns(
  { upsertBy }: UpsertMode,
  columns: readonly ColumnSpec[],
  owner: string,
): readonly string[] {
  const unknown = upsertBy.find((key) => !columns.some((column) => column.name === key));
  if (upsertBy.length > 0 && unknown === undefined) return upsertBy;
  const problem = unknown === undefined ? "names no column" : `names "${unknown}", which is not in columns`;
  throw new UsageError(
    "OPTION_INVALID",
    `upsertBy of ${owner} ${problem}. Give the columns of a unique key of the table.`,
  );
}
