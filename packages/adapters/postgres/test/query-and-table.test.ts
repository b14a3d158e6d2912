import { runTask } from "@leat/copy-to-table/testing";
import { PostgresQuery, PostgresTableTarget, type Row, type Sql } from "@leat/postgres";
import { expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { describePostgres, query } from "./postgres-servers.ts";

function makeQuery(connection: string, autocommit: boolean, run: (sql: Sql) => Promise<void>): PostgresQuery {
  class Query extends PostgresQuery {
    override readonly connection = connection;
    override readonly table = "totals";
    override readonly autocommit = autocommit;
    override query(sql: Sql): Promise<void> {
      return run(sql);
    }
  }
  return new Query();
}

describePostgres("PostgresQuery", (server) => {
  it("runs statements with bound values and writes its marker, once", async () => {
    const connection = await server().createSchema();
    const task = makeQuery(connection, false, async (sql) => {
      await sql.query("create table totals (name text, n bigint)");
      const { rowCount } = await sql.query("insert into totals values ($1, $2), ($1, 2)", [
        "'; drop table totals",
        1n,
      ]);
      expect(rowCount).toBe(2);
    });
    expect(await task.complete()).toBe(false);
    await runTask(task);
    await runTask(task);
    expect(await task.complete()).toBe(true);
    expect(await query(connection, "select name, n from totals")).toEqual([
      { name: "'; drop table totals", n: "1" },
      { name: "'; drop table totals", n: "2" },
    ]);
  });

  it("leaves nothing when a statement fails", async () => {
    const connection = await server().createSchema();
    const task = makeQuery(connection, false, async (sql) => {
      await sql.query("create table totals (n bigint)");
      await sql.query("insert into missing values (1)");
    });
    await expect(runTask(task)).rejects.toMatchObject({ code: "TARGET_NOT_FOUND" });
    expect(await task.complete()).toBe(false);
    expect(await query(connection, "select to_regclass('totals') as found")).toEqual([{ found: null }]);
  });

  it("with autocommit runs what no transaction can hold, and marks it afterwards, once", async () => {
    const connection = await server().createSchema();
    await query(connection, "create table totals (n bigint)");
    let runs = 0;
    const task = makeQuery(connection, true, async (sql) => {
      runs++;
      await sql.query("vacuum totals");
    });
    await runTask(task);
    await runTask(task);
    expect(await task.complete()).toBe(true);
    expect(runs).toBe(1);
  });

  it("with autocommit has no marker when a statement fails, and keeps what was done before", async () => {
    const connection = await server().createSchema();
    const task = makeQuery(connection, true, async (sql) => {
      await sql.query("create table totals (n bigint)");
      await sql.query("vacuum missing");
    });
    await expect(runTask(task)).rejects.toMatchObject({ code: "TARGET_NOT_FOUND" });
    expect(await task.complete()).toBe(false);
    expect(await query(connection, "select to_regclass('totals') as found")).toEqual([{ found: "totals" }]);
  });

  it("gives values without loss: bigint as bigint, dates and times as text", async () => {
    const connection = await server().createSchema();
    let found: unknown;
    const task = makeQuery(connection, false, async (sql) => {
      const { rows } =
        await sql.query(`select 9007199254740993 as big, 1::int as small, 1.50::numeric as exact, date '2026-11-20' as day,
        timestamp '2026-03-08 02:30:00.123456' as at, true as yes, null as nothing, '{"a":1}'::json as json`);
      found = rows[0];
    });
    await runTask(task);
    expect(found).toEqual({
      big: 9007199254740993n,
      small: 1,
      exact: "1.50",
      day: "2026-11-20",
      at: "2026-03-08 02:30:00.123456",
      yes: true,
      nothing: null,
      json: { a: 1 },
    });
  });

  it("names the first line of a statement that fails, and none of its values", async () => {
    const connection = await server().createSchema();
    const task = makeQuery(connection, false, async (sql) => {
      await sql.query("\n  selct $1::text\n  from hundreds\n  of lines", ["secret"]);
    });
    const error: unknown = await runTask(task).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "TARGET_UNSUPPORTED",
      message: expect.stringMatching(
        /^Cannot run "selct \$1::text…": syntax error at or near "selct"/,
      ) as string,
    });
    expect(String(error)).not.toContain("secret");
  });
});

describePostgres("PostgresTableTarget", (server) => {
  const columns = [
    ["n", "bigint"],
    ["name", "text"],
  ] as const;

  it("exists when the table does, with rows or without", async () => {
    const connection = await server().createSchema();
    const target = new PostgresTableTarget("t", { connection });
    expect(await target.exists()).toBe(false);
    await runTask(makeLoad({ connection, columns, rows: () => [] }));
    expect(await target.exists()).toBe(true);
    expect(String(target)).toBe("t");
  });

  it("reads all rows in batches, and a loader takes them back", async () => {
    const connection = await server().createSchema();
    const given = Array.from({ length: 2500 }, (_, n) => [BigInt(n), n % 2 === 0 ? null : `name ${n}`]);
    await runTask(makeLoad({ connection, columns, rows: () => given }));
    const target = new PostgresTableTarget("t", { connection });
    const sizes: number[] = [];
    const read: Row[] = [];
    for await (const batch of target.readBatches()) {
      sizes.push(batch.length);
      read.push(...batch);
    }
    expect(sizes).toEqual([1000, 1000, 500]);
    expect(read.sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual(given);
    await runTask(
      makeLoad({ connection, table: "copy", id: "copy", columns, rows: () => target.readRows() }),
    );
    expect(
      await query(connection, "select count(*) as n from (select * from t except select * from copy) as x"),
    ).toEqual([{ n: "0" }]);
  });

  it("reads some columns in another order, and one as often as it is asked for", async () => {
    const connection = await server().createSchema();
    await runTask(makeLoad({ connection, columns, rows: () => [[1, "a"]] }));
    const target = new PostgresTableTarget("t", { connection });
    const read: unknown[] = [];
    for await (const row of target.readRows({ columns: ["name", "n", "name"] })) read.push(row);
    expect(read).toEqual([["a", 1n, "a"]]);
  });

  it("can be left early, again and again", async () => {
    const connection = await server().createSchema();
    await runTask(
      makeLoad({ connection, columns, rows: () => Array.from({ length: 3000 }, (_, n) => [n, "x"]) }),
    );
    const target = new PostgresTableTarget("t", { connection: { connectionString: connection, max: 1 } });
    for (let i = 0; i < 5; i++) {
      for await (const row of target.readRows()) {
        expect(row).toEqual([0n, "x"]);
        break;
      }
    }
  });

  it("says that a table is missing, and stops when its signal aborts", async () => {
    const connection = await server().createSchema();
    const target = new PostgresTableTarget("t", { connection });
    await expect(target.readBatches().next()).rejects.toMatchObject({ code: "TARGET_NOT_FOUND" });
    await runTask(
      makeLoad({ connection, columns, rows: () => Array.from({ length: 3000 }, (_, n) => [n, "x"]) }),
    );
    const controller = new AbortController();
    const reading = target.readBatches({ signal: controller.signal });
    await reading.next();
    controller.abort(new Error("stop"));
    await expect(reading.next()).rejects.toThrow("stop");
  });
});
