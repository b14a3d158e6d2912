import { UsageError } from "@leat/core";
import type { ColumnSpec } from "./column.ts";

/**
 * What becomes of the rows that are in the table.
 *
 * - `append`: they stay.
 * - `replace`: they go. Other readers see the old rows or the new rows, each as a whole; other loaders wait.
 * - `upsertBy`: a new row takes the place of the row with the same key, and all other rows stay. The table must have a unique
 *   key of exactly these columns. Two new rows with one key, and a null in a key, are the error `TARGET_INVALID_DATA`.
 */
export type LoadMode = "append" | "replace" | { readonly upsertBy: readonly string[] };

/** The key columns of a mode; none for a mode without. @throws UsageError `OPTION_INVALID` */
export function keyColumns(mode: LoadMode, columns: readonly ColumnSpec[], owner: string): readonly string[] {
  if (typeof mode === "string") return [];
  const unknown = mode.upsertBy.find((key) => !columns.some((column) => column.name === key));
  if (mode.upsertBy.length > 0 && unknown === undefined) return mode.upsertBy;
  const problem = unknown === undefined ? "names no column" : `names "${unknown}", which is not in columns`;
  throw new UsageError(
    "OPTION_INVALID",
    `upsertBy of ${owner} ${problem}. Give the columns of a unique key of the table.`,
  );
}
