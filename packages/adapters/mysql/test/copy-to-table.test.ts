import { copyToTableSuite } from "@leat/copy-to-table/testing";
import { MysqlCopyToTable } from "@leat/mysql";
import { createPool } from "mysql2";
import { describe, it } from "vitest";
import { createDatabase, describeMysql, identifier, openPool, query } from "./mysql-servers.ts";

const types = {
  text: "longtext",
  bigint: "bigint",
  decimal: "decimal(38, 6)",
  double: "double",
  timestamp: "datetime(6)",
  date: "date",
  boolean: "boolean",
  bytes: "longblob",
  shortText: "varchar(3)",
};

async function openLoads(localInfile: boolean) {
  const url = await createDatabase();
  const pool = localInfile
    ? openPool(url)
    : createPool({ uri: url, connectionLimit: 20, flags: ["-LOCAL_FILES"] });
  abstract class Loader extends MysqlCopyToTable {
    override readonly connection = pool;
  }
  return {
    Loader,
    query: (text: string) => query(url, text),
    identifier,
    hex: (column: string) => `lower(hex(${column}))`,
    close: async () => {
      await ("promise" in pool ? pool.promise() : pool).end();
    },
  };
}

describeMysql("MysqlCopyToTable", () => {
  copyToTableSuite({ describe, it }, "MysqlCopyToTable", () => openLoads(true), {
    ...MysqlCopyToTable.capabilities,
    types,
  });

  copyToTableSuite({ describe, it }, "MysqlCopyToTable without LOAD DATA", () => openLoads(false), {
    ...MysqlCopyToTable.capabilities,
    types,
    // Of an INSERT of many rows the server does not name the row in which null is.
    rowOfServerErrors: false,
  });
});
