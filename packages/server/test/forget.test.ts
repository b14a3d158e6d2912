import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { Database } from "../src/database.ts";
import { forget } from "../src/forget.ts";
import { closeSqlite, openSqlite, type Sqlite, SqliteRows } from "../src/sqlite-database.ts";
import { temporaryFolder } from "./support.ts";

const ROWS = 2600;

/** Runs, attempts, logs and operations, one for each millisecond. */
function fill(sqlite: Sqlite): void {
  const times = `WITH RECURSIVE times (at) AS (SELECT 1 UNION ALL SELECT at + 1 FROM times WHERE at < ${ROWS})`;
  sqlite.exec(`
    ${times} INSERT INTO attempts SELECT NULL, 'token' || at, 'T', 'F', '{}', 'w', at, at, 'DONE', 'reported', NULL, NULL, NULL, NULL FROM times;
    ${times} INSERT INTO logs SELECT NULL, 'token' || at, at, 'text' FROM times;
    ${times} INSERT INTO operations SELECT NULL, at, '{}' FROM times;
    ${times} INSERT INTO runs SELECT NULL, 'w' || at, at, at, '{}' FROM times;
    INSERT INTO runs VALUES (NULL, 'alive', 1, NULL, '{}');`);
}

class CountingDatabase extends SqliteRows {
  /** Rows that each statement changed. */
  readonly changes: number[] = [];

  override async run(sql: string, values?: readonly unknown[]): Promise<number> {
    const changed = await super.run(sql, values);
    this.changes.push(changed);
    return changed;
  }
}

function open(): CountingDatabase {
  const path = join(temporaryFolder(), "leatd.db");
  const sqlite = openSqlite(path);
  onTestFinished(() => closeSqlite(sqlite));
  fill(sqlite);
  return new CountingDatabase(sqlite, path);
}

async function countRows(database: Database): Promise<{ [table: string]: number }> {
  const tables = ["attempts", "runs", "operations", "logs"];
  const counts = tables.map(async (table) => {
    const [row] = await database.rows(`SELECT count(*) AS count FROM ${table}`);
    return [table, row?.["count"] as number] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

it("forgets all that is older, and nothing else, in statements of few rows between which others get their turn", async () => {
  const database = open();
  let turns = 0;
  const count = () => {
    turns += 1;
    ticker = setImmediate(count);
  };
  let ticker = setImmediate(count);
  await forget(database, 2001);
  clearImmediate(ticker);
  expect(await countRows(database)).toEqual({ attempts: 600, runs: 601, operations: 600, logs: 600 });
  expect(Math.max(...database.changes)).toBeLessThanOrEqual(250);
  expect(database.changes.length).toBeGreaterThanOrEqual((4 * 2000) / 250);
  expect(turns).toBeGreaterThanOrEqual(database.changes.length - 1);
});

it("has nothing to do where nothing is old, and looks four times to see it", async () => {
  const database = open();
  await forget(database, 1);
  expect(database.changes).toEqual([0, 0, 0, 0]);
});

it("stops between two statements when leatd stops", async () => {
  const database = open();
  const stop = new AbortController();
  const forgotten = forget(database, 2001, stop.signal);
  stop.abort();
  await forgotten;
  expect(database.changes).toEqual([250]);
});
