import { setImmediate } from "node:timers/promises";
import type { Database } from "./database.ts";

/** Rows that go in one statement: few enough that no command waits long for it. */
const ROWS_A_SLICE = 250;

/** Ids in these tables come in the order of time, so that what is old stands first. */
type InOrderOfTime = "logs" | "operations";

/**
 * What ended, or was written, before the time goes: slice by slice, so that others get their turn, until all is gone or the
 * signal comes.
 */
export async function forget(database: Database, before: number, signal?: AbortSignal): Promise<void> {
  for (const statement of [ended("attempts"), ended("runs"), written("operations"), written("logs")]) {
    for (let isMore = true; isMore; await setImmediate()) {
      if (signal?.aborted === true) return;
      isMore = (await database.run(statement, [before])) === ROWS_A_SLICE;
    }
  }
}

function ended(table: "attempts" | "runs"): string {
  return `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE ended_at < $1 LIMIT ${ROWS_A_SLICE})`;
}

/** Looks at the first rows only: there is no index by time, and a table of logs may be long. */
function written(table: InOrderOfTime): string {
  return `DELETE FROM ${table} WHERE at < $1 AND id IN (SELECT id FROM ${table} ORDER BY id LIMIT ${ROWS_A_SLICE})`;
}
