import { copyToTableSuite } from "@leat/copy-to-table/testing";
import { PostgresCopyToTable } from "@leat/postgres";
import { escapeIdentifier } from "pg";
import { describe, it } from "vitest";
import { describePostgres, openPool, query, type TestServer } from "./postgres-servers.ts";

const types = {
  text: "text",
  bigint: "bigint",
  decimal: "numeric(38, 6)",
  double: "double precision",
  timestamp: "timestamp",
  date: "date",
  boolean: "boolean",
  bytes: "bytea",
  shortText: "varchar(3)",
};

/** Only the server can read their values, so that rows with them go as text. */
const DOMAINS = ["words as text", "word as varchar(3)"];

async function openLoads(server: TestServer) {
  const url = await server.createSchema();
  for (const domain of DOMAINS) await query(url, `create domain ${domain}`);
  const pool = openPool(url);
  abstract class Loader extends PostgresCopyToTable {
    override readonly connection = pool;
  }
  return {
    Loader,
    query: (text: string) => query(url, text),
    identifier: escapeIdentifier,
    hex: (column: string) => `encode(${column}, 'hex')`,
    close: () => pool.end(),
  };
}

describePostgres("PostgresCopyToTable", (server) => {
  copyToTableSuite({ describe, it }, "binary PostgresCopyToTable", () => openLoads(server()), {
    ...PostgresCopyToTable.capabilities,
    types,
  });

  copyToTableSuite(
    { describe, it },
    "PostgresCopyToTable with text that only the server knows",
    () => openLoads(server()),
    {
      ...PostgresCopyToTable.capabilities,
      types: { ...types, text: "words", shortText: "word" },
    },
  );
});
