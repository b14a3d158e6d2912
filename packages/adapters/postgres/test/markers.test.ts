import { findMarkers, PostgresTarget } from "@leat/postgres";
import { markerSuite, type MarkerWorkspace, startTcpFaultProxy } from "@leat/testkit";
import { describe, expect, it } from "vitest";
import { postgresDialect } from "../src/postgres-session.ts";
import { describePostgres, openPool, query, type TestServer } from "./postgres-servers.ts";

const NOBODY_LISTENS = "postgres://user:hidden-one@127.0.0.1:1/db";

let workspaces = 0;

async function openMarkers(server: TestServer): Promise<MarkerWorkspace> {
  const url = await server.createSchema();
  const application = `markers_${++workspaces}`;
  // Sessions of a zone of their own: times must not depend on it.
  const connection = openPool(`${url}%20-c%20timezone%3DAsia%2FKolkata&application_name=${application}`);
  const wrong = new URL(url);
  wrong.password = "hidden-two";
  const proxy = await startTcpFaultProxy({ port: server.server.port }, { blackHole: "both" });
  const targetBy = (options: object) => new PostgresTarget("top_songs", "a", options);
  return {
    capabilities: PostgresTarget.capabilities,
    target: (updateId) => new PostgresTarget("top_songs", updateId, { connection }),
    elsewhere: (updateId) =>
      new PostgresTarget("top_songs", updateId, { connection, markerTable: "other_updates" }),
    findMarkers: (updateIds) => findMarkers(updateIds, { connection }),
    unreachable: () => targetBy({ connection: NOBODY_LISTENS }),
    async silent() {
      const to = new URL(url);
      to.port = String(proxy.port);
      return targetBy({ connection: { connectionString: to.href, connectionTimeoutMillis: 1000 } });
    },
    forbidden: () => targetBy({ connection: wrong.href }),
    secrets: ["hidden-one", "hidden-two", server.server.password],
    async openConnections() {
      const count = "select count(*) as n from pg_stat_activity where application_name = $1";
      const [row] = await query(url, count, [application]);
      return Number(row?.["n"]);
    },
    async putSomethingElse() {
      await query(url, "create table table_updates (something text)");
    },
    async age(updateId) {
      const age = "extract(epoch from (now() at time zone 'utc') - inserted)";
      const [row] = await query(url, `select ${age} as age from table_updates where update_id = $1`, [
        updateId,
      ]);
      return Number(row?.["age"]);
    },
    async begin() {
      const session = await postgresDialect({ connection }).connect({ signal: new AbortController().signal });
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

describePostgres("PostgresTarget", (server) => {
  markerSuite({ describe, it }, "PostgresTarget", () => openMarkers(server()));

  it("shares the table that Luigi makes, and counts its rows", async () => {
    const connection = await server().createSchema();
    await query(
      connection,
      "CREATE TABLE table_updates (update_id TEXT PRIMARY KEY, target_table TEXT, inserted TIMESTAMP DEFAULT NOW())",
    );
    await query(connection, "INSERT INTO table_updates (update_id, target_table) VALUES ('by_luigi', 't')");
    expect(await new PostgresTarget("t", "by_luigi", { connection }).exists()).toBe(true);
    expect(await new PostgresTarget("t", "by_leat", { connection }).touch()).toBe(true);
    expect(await query(connection, "select * from table_updates where inserted is null")).toEqual([]);
  });

  it("is looked for together with others that are asked for at the same time", async () => {
    const connection = openPool(await server().createSchema());
    const targets = Array.from({ length: 500 }, (_, n) => new PostgresTarget("t", `id ${n}`, { connection }));
    await targets[7]?.touch();
    const found = await Promise.all(targets.map((target) => target.exists()));
    expect(found.flatMap((exists, n) => (exists ? [n] : []))).toEqual([7]);
    expect(connection.totalCount).toBe(1);
    await connection.end();
    await expect(targets[0]?.exists()).rejects.toMatchObject({ code: "TARGET_UNAVAILABLE" });
  });

  it("is found among more ids than a statement has placeholders", async () => {
    const connection = await server().createSchema();
    const ids = Array.from({ length: 70_000 }, (_, index) => `id ${index}`);
    await new PostgresTarget("t", "id 69999", { connection }).touch();
    expect(await findMarkers(ids, { connection })).toEqual(new Set(["id 69999"]));
  });

  it("is one marker for one id, whatever the table, as in Luigi", async () => {
    const connection = await server().createSchema();
    expect(await new PostgresTarget("a", "id", { connection }).touch()).toBe(true);
    expect(await new PostgresTarget("b", "id", { connection }).exists()).toBe(true);
    expect(await new PostgresTarget("b", "id", { connection }).touch()).toBe(false);
  });

  it("is looked for again after a look that failed", async () => {
    const connection = openPool(await server().createSchema());
    const target = new PostgresTarget("t", "a", { connection });
    await target.touch();
    await connection.query(
      "alter table table_updates rename to hidden; create table table_updates (other text)",
    );
    const failed = [target.exists(), new PostgresTarget("t", "b", { connection }).exists()];
    for (const promise of failed) await expect(promise).rejects.toMatchObject({ code: "TARGET_NOT_FOUND" });
    await connection.query("drop table table_updates; alter table hidden rename to table_updates");
    expect(await target.exists()).toBe(true);
    await connection.end();
  });

  it("makes the columns that Luigi makes", async () => {
    const connection = await server().createSchema();
    await new PostgresTarget("t", "a", { connection }).touch();
    const columns = await query(
      connection,
      `select column_name, data_type, column_default, is_nullable from information_schema.columns
       where table_name = 'table_updates' and table_schema = current_schema() order by ordinal_position`,
    );
    expect(columns).toEqual([
      { column_name: "update_id", data_type: "text", column_default: null, is_nullable: "NO" },
      { column_name: "target_table", data_type: "text", column_default: null, is_nullable: "YES" },
      {
        column_name: "inserted",
        data_type: "timestamp without time zone",
        column_default: "now()",
        is_nullable: "YES",
      },
    ]);
  });

  it("uses a marker table of another name and schema", async () => {
    const connection = await server().createDatabase();
    await query(connection, "create schema etl");
    const target = new PostgresTarget("t", "a", { connection, markerTable: "etl.Done" });
    await target.touch();
    expect(await target.exists()).toBe(true);
    expect(await query(connection, 'select update_id from etl."Done"')).toEqual([{ update_id: "a" }]);
    expect(await new PostgresTarget("t", "a", { connection }).exists()).toBe(false);
  });

  it("rejects as forbidden when the user may not read the markers", async () => {
    const url = await server().createDatabase();
    await new PostgresTarget("t", "a", { connection: url }).touch();
    await query(url, "create role reader login password 'reader'");
    const connection = new URL(url);
    connection.username = connection.password = "reader";
    await expect(
      new PostgresTarget("t", "a", { connection: connection.href }).exists(),
    ).rejects.toMatchObject({
      code: "TARGET_FORBIDDEN",
    });
    await query(url, "drop role reader");
  });

  it("writes no error to the server's log while the marker table is missing", async () => {
    const connection = await server().createDatabase();
    const errors = "select xact_rollback from pg_stat_database where datname = current_database()";
    await new PostgresTarget("t", "a", { connection }).exists();
    expect(await query(connection, errors)).toEqual([{ xact_rollback: "0" }]);
  });
});
