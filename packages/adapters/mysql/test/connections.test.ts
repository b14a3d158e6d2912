import { inspect } from "node:util";
import { type LoadSpec, runTask } from "@leat/copy-to-table/testing";
import { MysqlCopyToTable, MysqlTarget } from "@leat/mysql";
import { createPool } from "mysql2";
import { afterEach, expect, it } from "vitest";
import { poolOf } from "../src/mysql-pool.ts";
import { makeLoad } from "./make-load.ts";
import { createDatabase, describeMysql, openPool, query } from "./mysql-servers.ts";

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

const columns = [["n", "bigint"]] as const;
const rows = (): number[][] => [[1]];

describeMysql("A connection", () => {
  it("comes from MYSQL_URL, or is asked for", async () => {
    const url = await createDatabase();
    delete process.env["MYSQL_URL"];
    const load = makeLoad({ connection: undefined, columns, rows });
    await expect(runTask(load)).rejects.toMatchObject({ code: "OPTION_INVALID" });
    process.env["MYSQL_URL"] = url;
    await runTask(load);
    expect(await query(url, "select n from t")).toEqual([{ n: "1" }]);
  });

  it("comes from the settings of mysql2", async () => {
    const url = await createDatabase();
    const { hostname: host, port, username: user, password, pathname } = new URL(url);
    const connection = { host, port: Number(port), user, password, database: pathname.slice(1) };
    await runTask(makeLoad({ connection, columns, rows }));
    expect(await query(url, "select n from t")).toEqual([{ n: "1" }]);
  });

  it("comes from a pool of the user's own, and goes back to it as it was", async () => {
    const url = await createDatabase();
    const callbackPool = createPool({
      uri: url,
      connectionLimit: 1,
      rowsAsArray: true,
      decimalNumbers: true,
    });
    const settings =
      "select @@sql_mode, @@time_zone, @@autocommit, @@net_read_timeout, @@innodb_lock_wait_timeout, @@lc_messages";
    const setUp =
      "set sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', time_zone = '+03:00', autocommit = 0, lc_messages = 'de_DE'";
    await callbackPool.promise().query(setUp);
    const [before] = await callbackPool.promise().query(settings);
    for (const connection of [callbackPool, callbackPool.promise()]) {
      const id = connection === callbackPool ? "callback" : "pro'mise\\";
      await runTask(makeLoad({ connection, id, columns, rows }));
      expect(await new MysqlTarget("t", id, { connection }).exists()).toBe(true);
    }
    const [after] = await callbackPool.promise().query(settings);
    expect(after).toEqual(before);
    expect(await query(url, "select n from t")).toEqual([{ n: "1" }, { n: "1" }]);
    await callbackPool.promise().end();
  });

  it("has the session that loads need, whatever the server's settings", async () => {
    const connection = await createDatabase();
    const afterCopy: LoadSpec["afterCopy"] = async (sql) => {
      const { rows: found } = await sql.query(
        "select @@sql_mode like '%STRICT_ALL_TABLES%' as strict, @@character_set_client as charset, @@time_zone as zone",
      );
      expect(found.map((row) => [String(row["strict"]), row["charset"], row["zone"]])).toEqual([
        ["1", "utf8mb4", "+00:00"],
      ]);
    };
    await runTask(makeLoad({ connection, columns, rows, afterCopy }));
  });

  it("with another character set than Unicode is refused", async () => {
    const pool = createPool({ uri: await createDatabase(), charset: "latin1" });
    await expect(runTask(makeLoad({ connection: pool, columns, rows }))).rejects.toMatchObject({
      code: "OPTION_INVALID",
    });
    await pool.promise().end();
  });

  it("is shared by all that say the same", async () => {
    const url = await createDatabase();
    expect(poolOf(url).pool).toBe(poolOf(url).pool);
    expect(poolOf({ host: "a", port: 1 }).pool).toBe(poolOf({ port: 1, host: "a" }).pool);
    expect(poolOf({ host: "a", port: 1 }).pool).not.toBe(poolOf({ port: 2, host: "a" }).pool);
    const settings = { host: "a", authPlugins: { x: () => () => Buffer.alloc(0) } };
    expect(poolOf(settings).pool).toBe(poolOf(settings).pool);
  });

  it("is given back after a load, done or failed, with nothing left in it", async () => {
    const url = await createDatabase();
    const connection = `${url}?connectionLimit=1`;
    await expect(runTask(makeLoad({ connection, columns, rows: () => [["bad"]] }))).rejects.toThrow("row 1");
    const mode = { upsertBy: ["n"] };
    for (const id of ["a", "b"]) await runTask(makeLoad({ connection, id, table: "u", columns, mode, rows }));
    for (const id of ["c", "d"])
      await runTask(makeLoad({ connection, id, table: "u", columns, mode: "replace", rows }));
    expect(await query(url, "select n from u")).toEqual([{ n: "1" }]);
  });

  it("works again after the server has ended idle connections", async () => {
    const url = await createDatabase();
    const target = new MysqlTarget("t", "a", { connection: url });
    await target.touch();
    const others =
      "select id from information_schema.processlist where db = database() and id <> connection_id()";
    for (const { id } of await query(url, others)) await query(url, `kill ${id}`);
    while ((await query(url, others)).length > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await target.exists()).toBe(true);
  });

  it("is no part of a task's id and of what a task or a target shows", () => {
    class Load extends MysqlCopyToTable {
      override readonly connection = "mysql://me:secret@127.0.0.1/db";
      override readonly table = "t";
      override readonly columns = columns;
      override rows(): number[][] {
        return rows();
      }
    }
    const task = new Load();
    for (const value of [task, task.output()]) {
      const shown = `${task.id} ${String(value)} ${inspect(value)} ${inspect({ value })} ${JSON.stringify({ value })}`;
      expect(shown).not.toContain("secret");
    }
  });

  it("that cannot be made is an error without the password", async () => {
    const url = await createDatabase();
    const wrong: Record<string, { change: (to: URL) => void; code: string }> = {
      "a wrong password": { change: (to) => (to.password = "hidden"), code: "TARGET_FORBIDDEN" },
      "an unknown user": { change: (to) => (to.username = "nobody"), code: "TARGET_FORBIDDEN" },
      "an unknown database": { change: (to) => (to.pathname = "/missing"), code: "TARGET_NOT_FOUND" },
      "a closed port": { change: (to) => (to.port = "1"), code: "TARGET_UNAVAILABLE" },
      "an unknown host": { change: (to) => (to.hostname = "host.invalid"), code: "TARGET_UNAVAILABLE" },
      "TLS that is not there": {
        change: (to) => to.searchParams.set("ssl-mode", "VERIFY_CA"),
        code: "TARGET_FORBIDDEN",
      },
      "another protocol": { change: (to) => (to.protocol = "postgres:"), code: "OPTION_INVALID" },
    };
    for (const [what, { change, code }] of Object.entries(wrong)) {
      const to = new URL(url);
      const { password } = to;
      change(to);
      const error: unknown = await runTask(makeLoad({ connection: to.href, columns, rows })).catch(
        (thrown: unknown) => thrown,
      );
      expect(error, `with ${what}`).toMatchObject({ code });
      expect(inspect(error, { depth: 10 }), `with ${what}`).not.toContain(password);
      expect(inspect(error, { depth: 10 }), `with ${what}`).not.toContain("hidden");
    }
  });

  it("waits in a pool that is full", async () => {
    const url = await createDatabase();
    const connection = openPool(url);
    const ids = Array.from({ length: 30 }, (_, index) => `${index}`);
    await Promise.all(ids.map((id) => runTask(makeLoad({ connection, id, columns, rows }))));
    expect(await query(url, "select count(*) as n from t")).toEqual([{ n: "30" }]);
    await connection.end();
  });
});
