import { runTask } from "@leat/copy-to-table/testing";
import { Temporal } from "@leat/core";
import { MysqlQuery, MysqlTableTarget, type Row, type Sql } from "@leat/mysql";
import { expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { createDatabase, describeMysql, query } from "./mysql-servers.ts";

function makeQuery(connection: string, run: (sql: Sql) => Promise<void>, autocommit = false): MysqlQuery {
  class Query extends MysqlQuery {
    override readonly connection = connection;
    override readonly table = "totals";
    override readonly autocommit = autocommit;
    override query(sql: Sql): Promise<void> {
      return run(sql);
    }
  }
  return new Query();
}

describeMysql("MysqlQuery", () => {
  it("runs statements with bound values and writes its marker, once", async () => {
    const connection = await createDatabase();
    await query(connection, "create table totals (name varchar(50), n bigint)");
    const task = makeQuery(connection, async (sql) => {
      const { rowCount } = await sql.query("insert into totals values (?, ?), (?, 2)", [
        "'\\'; drop table totals",
        1n,
        "b",
      ]);
      expect(rowCount).toBe(2);
    });
    expect(await task.complete()).toBe(false);
    await runTask(task);
    await runTask(task);
    expect(await task.complete()).toBe(true);
    expect(await query(connection, "select name, n from totals order by n")).toEqual([
      { name: "'\\'; drop table totals", n: "1" },
      { name: "b", n: "2" },
    ]);
  });

  it("binds values as they are, and refuses what SQL would be made of", async () => {
    const connection = await createDatabase();
    const values = [
      [null, null],
      [2n ** 64n - 1n, "18446744073709551615"],
      [0.1, "0.1"],
      [Buffer.from([0, 39, 92, 255]), Buffer.from([0, 39, 92, 255])],
      [new Date(Date.UTC(1969, 0, 1)), "1969-01-01T00:00:00.000"],
      [Temporal.PlainDate.from("2026-11-20"), "2026-11-20"],
      ["\\N '\" \u{1F600}", "\\N '\" \u{1F600}"],
    ];
    const task = makeQuery(connection, async (sql) => {
      for (const [value, shown] of values) {
        const { rows } = await sql.query("select ? as value", [value]);
        const found = rows[0]?.["value"];
        expect(typeof found === "bigint" ? String(found) : found).toEqual(shown);
      }
      for (const value of [undefined, Number.NaN, Infinity, {}, ["a"], new Date(Number.NaN), Symbol("x")]) {
        await expect(sql.query("select ?", [value])).rejects.toMatchObject({ code: "OPTION_INVALID" });
      }
    });
    await runTask(task);
  });

  it("leaves nothing when a statement fails", async () => {
    const connection = await createDatabase();
    await query(connection, "create table totals (n bigint)");
    const task = makeQuery(connection, async (sql) => {
      await sql.query("insert into totals values (1)");
      await sql.query("insert into missing values (1)");
    });
    await expect(runTask(task)).rejects.toMatchObject({ code: "TARGET_NOT_FOUND" });
    expect(await task.complete()).toBe(false);
    expect(await query(connection, "select * from totals")).toEqual([]);
  });

  it("names the first line of a statement that fails, and none of its values", async () => {
    const connection = await createDatabase();
    const task = makeQuery(connection, async (sql) => {
      await sql.query("\n  selct ?\n  from hundreds\n  of lines", ["secret"]);
    });
    const error: unknown = await runTask(task).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "TARGET_UNSUPPORTED",
      message: expect.stringMatching(/^Cannot run "selct \?…": /) as string,
    });
  });

  it("refuses what MySQL would commit by itself, before it is run", async () => {
    const connection = await createDatabase();
    await query(connection, "create table totals (n bigint)");
    const statements = [
      "create table x (n int)",
      " /* a */ TRUNCATE totals",
      "-- a comment\ndrop table totals",
      "commit",
      "rollback",
      "start transaction",
      "lock tables totals write",
    ];
    for (const statement of statements) {
      const task = makeQuery(connection, async (sql) => {
        await sql.query("insert into totals values (1)");
        await sql.query(statement);
      });
      await expect(runTask(task), `with statement ${statement}`).rejects.toMatchObject({
        code: "TARGET_UNSUPPORTED",
      });
    }
    expect(await query(connection, "select * from totals")).toEqual([]);
    const allowed = makeQuery(connection, async (sql) => {
      await sql.query("create temporary table x (n int)");
      await sql.query("drop temporary table x");
      await sql.query("savepoint a");
      await sql.query("rollback to a");
    });
    await runTask(allowed);
    expect(await allowed.complete()).toBe(true);
  });

  it("fails, and is not done, when a procedure commits behind its back", async () => {
    const connection = await createDatabase();
    await query(connection, "create table totals (n bigint)");
    await query(connection, "create procedure sneaky() begin create table made_by_it (n int); end");
    await query(connection, "create procedure sneakier() begin commit; end");
    const task = makeQuery(connection, async (sql) => {
      await sql.query("call sneaky()");
    });
    await expect(runTask(task)).rejects.toMatchObject({ code: "TARGET_CONFLICT" });
    expect(await task.complete()).toBe(false);
    const failing = makeQuery(connection, async (sql) => {
      await sql.query("call sneakier()");
      await sql.query("select * from missing");
    });
    await expect(runTask(failing)).rejects.toMatchObject({ code: "TARGET_NOT_FOUND" });
    expect(await failing.complete()).toBe(false);
  });

  it("with autocommit runs what ends transactions, and marks it afterwards, once", async () => {
    const connection = await createDatabase();
    let runs = 0;
    const task = makeQuery(
      connection,
      async (sql) => {
        runs++;
        await sql.query("create table totals (n bigint)");
      },
      true,
    );
    await runTask(task);
    expect(await task.complete()).toBe(true);
    expect(runs).toBe(1);
  });
});

describeMysql("MysqlTableTarget", () => {
  const columns = [
    ["n", "bigint unsigned"],
    ["amount", "decimal(38,6)"],
    ["at", "datetime(6)"],
    ["name", "varchar(20)"],
    ["bytes", "blob"],
  ] as const;
  const row = [
    2n ** 64n - 1n,
    "12345678901234567890123456789012.345678",
    "1969-12-31 23:59:59.999999",
    "\\N",
    Buffer.from([0, 255]),
  ];

  it("reads rows back as they were loaded, so that they can be loaded again", async () => {
    const connection = await createDatabase();
    await runTask(makeLoad({ connection, columns, rows: () => [row, [1, null, null, null, null]] }));
    const target = new MysqlTableTarget("t", { connection });
    expect(await target.exists()).toBe(true);
    const read: Row[] = [];
    for await (const one of target.readRows()) read.push(one);
    expect(read).toEqual([row, [1n, null, null, null, null]]);
    await runTask(
      makeLoad({ connection, id: "again", table: "copy", columns, rows: () => target.readRows() }),
    );
    expect(await query(connection, "select count(*) as n from copy join t using (n)")).toEqual([{ n: "2" }]);
  });

  it("reads in batches of 1000, and the columns that are asked for", async () => {
    const connection = await createDatabase();
    const n = [
      ["n", "bigint"],
      ["x", "int"],
    ] as const;
    await runTask(
      makeLoad({ connection, columns: n, rows: () => Array.from({ length: 2500 }, (_, i) => [i, 7]) }),
    );
    const sizes: number[] = [];
    for await (const batch of new MysqlTableTarget("t", { connection }).readBatches({ columns: ["x"] })) {
      sizes.push(batch.length);
      expect(batch[0]).toEqual([7]);
    }
    expect(sizes).toEqual([1000, 1000, 500]);
  });

  it("can be left early, again and again", async () => {
    const url = await createDatabase();
    const n = [["n", "bigint"]] as const;
    await runTask(
      makeLoad({ connection: url, columns: n, rows: () => Array.from({ length: 5000 }, (_, i) => [i]) }),
    );
    const target = new MysqlTableTarget("t", { connection: `${url}?connectionLimit=1` });
    for (let i = 0; i < 5; i++) {
      for await (const one of target.readRows()) {
        expect(one).toEqual([0n]);
        break;
      }
    }
  });

  it("says that a table is missing, and stops when its signal aborts", async () => {
    const connection = await createDatabase();
    const missing = new MysqlTableTarget("missing", { connection });
    expect(await missing.exists()).toBe(false);
    await expect(missing.readBatches().next()).rejects.toMatchObject({ code: "TARGET_NOT_FOUND" });
    await query(connection, "create table t (n int)");
    await query(connection, "insert into t values (1)");
    const controller = new AbortController();
    const rows = new MysqlTableTarget("t", { connection }).readRows({ signal: controller.signal });
    controller.abort(new Error("stop"));
    await expect(rows.next()).rejects.toThrow("stop");
  });
});
