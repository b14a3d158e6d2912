import type { Sqlite } from "./sqlite-database.ts";

/** Most of what a row costs is the step into the database, so these go together. */
const ROWS_A_STEP = 4;

type Values = readonly (string | number | null)[];

/** Inserts rows into a table, of which there may be many. */
export class RowInserter {
  readonly #one;
  readonly #some;

  /** @param row the place of a row's values, such as `(NULL, ?, ?)` */
  constructor(database: Sqlite, table: string, row: string) {
    this.#one = database.prepare(`INSERT INTO ${table} VALUES ${row}`);
    const rows = Array.from({ length: ROWS_A_STEP }, () => row).join(", ");
    this.#some = database.prepare(`INSERT INTO ${table} VALUES ${rows}`);
  }

  insert(rows: readonly Values[]): void {
    let at = 0;
    for (; at + ROWS_A_STEP <= rows.length; at += ROWS_A_STEP) {
      const values: unknown[] = [];
      for (const row of rows.slice(at, at + ROWS_A_STEP)) values.push(...row);
      this.#some.run(values);
    }
    for (const row of rows.slice(at)) this.#one.run(row);
  }
}
