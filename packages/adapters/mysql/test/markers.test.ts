import { findMarkers, MysqlTarget } from "@leat/mysql";
import { markerSuite, type MarkerWorkspace, startTcpFaultProxy } from "@leat/testkit";
import { describe, expect, it } from "vitest";
import { mysqlDialect } from "../src/mysql-session.ts";
import { createDatabase, describeMysql, openPool, query } from "./mysql-servers.ts";

const NOBODY_LISTENS = "mysql://user:hidden-one@127.0.0.1:1/db";

/** As Luigi's `create_marker_table`. */
const BY_LUIGI = `CREATE TABLE table_updates (
  id BIGINT(20) NOT NULL AUTO_INCREMENT, update_id VARCHAR(128) NOT NULL, target_table VARCHAR(128),
  inserted TIMESTAMP DEFAULT NOW(), PRIMARY KEY (update_id), KEY id (id))`;

/** @param prepare runs in the empty database */
async function openMarkers(prepare?: (url: string) => Promise<unknown>): Promise<MarkerWorkspace> {
  const url = await createDatabase();
  await prepare?.(url);
  const connection = openPool(url);
  const wrong = new URL(url);
  wrong.password = "hidden-two";
  const proxy = await startTcpFaultProxy({ port: Number(wrong.port) }, { blackHole: "both" });
  const targetBy = (options: object) => new MysqlTarget("top_songs", "a", options);
  return {
    capabilities: MysqlTarget.capabilities,
    target: (updateId) => new MysqlTarget("top_songs", updateId, { connection }),
    elsewhere: (updateId) =>
      new MysqlTarget("top_songs", updateId, { connection, markerTable: "other_updates" }),
    findMarkers: (updateIds) => findMarkers(updateIds, { connection }),
    unreachable: () => targetBy({ connection: NOBODY_LISTENS }),
    async silent() {
      const to = new URL(url);
      to.port = String(proxy.port);
      return targetBy({ connection: `${to.href}?connectTimeout=1000` });
    },
    forbidden: () => targetBy({ connection: wrong.href }),
    secrets: ["hidden-one", "hidden-two", new URL(url).password],
    async openConnections() {
      const count = "select count(*) as n from information_schema.processlist where db = database()";
      const [row] = await query(url, count);
      return Number(row?.["n"]);
    },
    async putSomethingElse() {
      await query(url, "drop table if exists table_updates");
      await query(url, "create table table_updates (something text)");
    },
    async age(updateId) {
      const age =
        "select timestampdiff(second, inserted, current_timestamp) as age from table_updates where update_id = ?";
      const [row] = await query(url, age, [updateId]);
      return Number(row?.["age"]);
    },
    async begin() {
      const session = await mysqlDialect({ connection }).connect({ signal: new AbortController().signal });
      await session.begin();
      return {
        claim: (updateId) => session.claimMarker({ updateId, table: "top_songs" }),
        commit: () => session.commit().then(() => session.close()),
        rollback: () => session.rollback().then(() => session.close()),
      };
    },
    async dispose() {
      proxy.close();
      await connection.end();
    },
  };
}

const byLuigi = (charset: string) => async (url: string) =>
  query(url, `${BY_LUIGI} default charset ${charset}`);

describeMysql("MysqlTarget", () => {
  markerSuite({ describe, it }, "MysqlTarget", () => openMarkers());

  for (const charset of ["utf8mb4", "latin1"]) {
    const name = `MysqlTarget in a table that Luigi made in a database of ${charset}`;
    markerSuite({ describe, it }, name, () => openMarkers(byLuigi(charset)));
  }

  it("counts rows of Luigi, and writes rows that Luigi finds", async () => {
    const connection = await createDatabase();
    await query(connection, BY_LUIGI);
    await query(connection, "insert into table_updates (update_id, target_table) values ('by_luigi', 't')");
    expect(await new MysqlTarget("t", "by_luigi", { connection }).exists()).toBe(true);
    expect(await new MysqlTarget("t", "by_leat", { connection }).touch()).toBe(true);
    const exists = "select 1 as found from table_updates where update_id = 'by_leat' limit 1";
    expect(await query(connection, exists)).toEqual([{ found: "1" }]);
  });

  it("does not take Luigi's row for that of an id which only looks the same, and leaves it", async () => {
    const connection = await createDatabase();
    await query(connection, BY_LUIGI);
    await query(connection, "insert into table_updates (update_id) values ('Load_x')");
    const target = new MysqlTarget("t", "load_X", { connection });
    expect(await target.exists()).toBe(false);
    expect(await target.remove()).toBe(false);
    expect(await target.touch()).toBe(true);
    expect(await target.remove()).toBe(true);
    expect(await query(connection, "select update_id from table_updates")).toEqual([{ update_id: "Load_x" }]);
  });

  it("makes one of an id whose look-alike was removed since", async () => {
    const connection = await createDatabase();
    await query(connection, BY_LUIGI);
    await query(connection, "insert into table_updates (update_id) values ('Load_x')");
    const target = new MysqlTarget("t", "load_X", { connection });
    await target.touch();
    await query(connection, "delete from table_updates where update_id = 'Load_x'");
    expect(await target.exists()).toBe(true);
    expect(await target.touch()).toBe(false);
    expect(await query(connection, "select count(*) as n from table_updates")).toEqual([{ n: "1" }]);
  });

  it("is one marker for one id, whatever the table, as in Luigi", async () => {
    const connection = await createDatabase();
    expect(await new MysqlTarget("a", "id", { connection }).touch()).toBe(true);
    expect(await new MysqlTarget("b", "id", { connection }).exists()).toBe(true);
    expect(await new MysqlTarget("b", "id", { connection }).touch()).toBe(false);
  });

  it("makes the columns that Luigi makes", async () => {
    const connection = await createDatabase();
    await new MysqlTarget("t", "a", { connection }).touch();
    const columns = `select column_name as name, data_type as type, character_maximum_length as length, is_nullable as nullable,
      column_key as part from information_schema.columns
      where table_schema = database() and table_name = 'table_updates' order by ordinal_position`;
    const made = await query(connection, columns);
    await query(connection, "drop table table_updates");
    await query(connection, BY_LUIGI);
    expect(made).toEqual(await query(connection, columns));
  });

  it("notes the time of the server, whatever the zones", async () => {
    const connection = await createDatabase();
    await new MysqlTarget("t", "a", { connection }).touch();
    const age =
      "select timestampdiff(second, inserted, current_timestamp) between 0 and 5 as fresh from table_updates";
    expect(await query(connection, age)).toEqual([{ fresh: "1" }]);
  });

  it("uses a marker table of another name and database", async () => {
    const connection = await createDatabase();
    const other = new URL(await createDatabase()).pathname.slice(1);
    const target = new MysqlTarget("t", "a", { connection, markerTable: `${other}.Done` });
    await target.touch();
    expect(await target.exists()).toBe(true);
    expect(await query(connection, `select update_id from ${other}.Done`)).toEqual([{ update_id: "a" }]);
    expect(await new MysqlTarget("t", "a", { connection }).exists()).toBe(false);
  });

  it("refuses a marker table without transactions", async () => {
    const connection = await createDatabase();
    await query(connection, `${BY_LUIGI} engine MyISAM`);
    const touch = new MysqlTarget("t", "a", { connection }).touch();
    await expect(touch).rejects.toMatchObject({ code: "TARGET_UNSUPPORTED" });
  });

  it("rejects as forbidden when the user may not read the markers", async () => {
    const url = await createDatabase();
    await new MysqlTarget("t", "a", { connection: url }).touch();
    const connection = new URL(url);
    connection.username = `reader_${connection.pathname.slice(-8)}`;
    connection.password = "reader";
    await query(url, `create user ${connection.username}@'%' identified by 'reader'`);
    try {
      await query(url, `create table visible (n int)`);
      await query(url, `grant select on visible to ${connection.username}@'%'`);
      const exists = new MysqlTarget("t", "a", { connection: connection.href }).exists();
      await expect(exists).rejects.toMatchObject({ code: "TARGET_FORBIDDEN" });
    } finally {
      await query(url, `drop user ${connection.username}@'%'`);
    }
  });
});
