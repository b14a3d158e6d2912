import { expect, it } from "vitest";
import { RowInserter } from "../src/row-inserter.ts";
import { IN_MEMORY, openSqlite } from "../src/sqlite-database.ts";

it("inserts any number of rows, in their order", () => {
  const database = openSqlite(IN_MEMORY);
  database.exec("CREATE TABLE numbers (id INTEGER PRIMARY KEY, n INTEGER, text TEXT)");
  const numbers = new RowInserter(database, "numbers", "(NULL, ?, ?)");
  const inserted: [number, string | null][] = [];
  for (let count = 0; count < 10; count++) {
    const rows = Array.from({ length: count }, (_, n): [number, string | null] => [
      n,
      n === 1 ? null : `${count}`,
    ]);
    numbers.insert(rows);
    inserted.push(...rows);
  }
  expect(database.prepare("SELECT n, text FROM numbers ORDER BY id").raw().all()).toEqual(inserted);
});
