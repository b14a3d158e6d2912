import type { FileFeed, RowFeed } from "@leat/copy-to-table";
import type { DatabaseError } from "pg";
import { reasonOf } from "./postgres-errors.ts";

/**
 * What the server says of the place of an error in a COPY: `COPY t, line 3, column plays: "x"`, in its own language: `COPY t, Zeile 3,
 * Spalte plays: »x«`.
 */
const PLACE = /^COPY .*?, \S+ (\d+)(?:, \S+ (.+?))? ?(?::|$)/m;

/** SQLSTATEs that say that the data is bad: of values, of constraints, and what functions of the database raise. */
const ABOUT_DATA = /^(22|23|44|P0)/;

/** An error of the server about the data of a COPY as ours, with row and column; other errors stay as they are. */
export function copyError(error: unknown, feed: RowFeed | FileFeed): unknown {
  const { code = "", where = "", column, severity } = error as Partial<DatabaseError>;
  if (severity === undefined || !ABOUT_DATA.test(code)) return error;
  const [, line, named] = PLACE.exec(where) ?? [];
  return feed.serverError(
    line === undefined ? undefined : Number(line),
    named ?? column,
    `${reasonOf(error as Error)}. Correct the value, or the table.`,
    error,
  );
}
