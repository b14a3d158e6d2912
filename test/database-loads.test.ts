import { readFileSync } from "node:fs";
import { MysqlCopyToTable, MysqlTarget } from "@leat/mysql";
import { PostgresCopyToTable, PostgresTarget } from "@leat/postgres";
import { RedisTarget } from "@leat/redis";
import { expect, it } from "vitest";

const page = readFileSync(new URL("../docs/database-loads.md", import.meta.url), "utf8");

/** What the page says of the adapter in a column, from 0, of the tables with so many adapters. */
function documented(column: number, adapters: number): Record<string, boolean> {
  const rows = page.split("\n").map((line) => line.split("|").slice(1, -1));
  const named = rows.filter((cells) => cells.length === 2 + adapters && /^ `\w+` $/.test(cells[1] ?? ""));
  return Object.fromEntries(
    named.map((cells) => [cells[1]?.replaceAll(/[` ]/g, ""), / yes\b/.test(cells[2 + column] ?? "")]),
  );
}

it.each([
  ["PostgresCopyToTable", documented(0, 2), PostgresCopyToTable.capabilities],
  ["MysqlCopyToTable", documented(1, 2), MysqlCopyToTable.capabilities],
  ["PostgresTarget", documented(0, 3), PostgresTarget.capabilities],
  ["MysqlTarget", documented(1, 3), MysqlTarget.capabilities],
  ["RedisTarget", documented(2, 3), RedisTarget.capabilities],
])("the page about loads says of %s what it declares", (_name, said, declared) => {
  expect(said).toEqual(declared);
});
