import { type LoadSpec, runTask } from "@leat/copy-to-table/testing";
import { PostgresTarget } from "@leat/postgres";
import type { Pool } from "pg";
import { expect, it } from "vitest";
import { poolOf } from "../src/postgres-pool.ts";
import { makeLoad } from "./make-load.ts";
import { describePostgres, query } from "./postgres-servers.ts";

const columns = [["n", "bigint"]] as const;
const rows = (): number[][] => [[1]];

/** The URL with one more setting of the session. */
function withSetting(url: string, setting: string): string {
  return `${url}%20-c%20${encodeURIComponent(setting)}`;
}

async function wait(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

describePostgres("A session of a load", (server) => {
  it("that answers COMMIT by a rollback is a failure, and nothing is there", async () => {
    const connection = await server().createSchema();
    const afterCopy: LoadSpec["afterCopy"] = async (sql) => {
      await sql.query("select * from missing").catch(() => {});
    };
    const task = makeLoad({ connection, columns, rows, afterCopy });
    await expect(runTask(task)).rejects.toMatchObject({
      code: "TARGET_CONFLICT",
      message: expect.stringContaining("answered COMMIT with ROLLBACK") as string,
    });
    expect(await task.complete()).toBe(false);
    expect(await query(connection, "select n from t")).toEqual([]);
  });

  it("may pause between rows for longer than idle_in_transaction_session_timeout, and not in a hook", async () => {
    // The limit is of the server: a pause beyond it has to be waited for. Between the statements of the load it must not be reached.
    const url = await server().createSchema();
    const connection = withSetting(url, "idle_in_transaction_session_timeout=1000");
    const slowRows = async function* () {
      yield [1];
      await wait(1200);
      yield [2];
    };
    await runTask(makeLoad({ connection, columns, rows: slowRows }));
    expect(await query(url, "select count(*) as n from t")).toEqual([{ n: "2" }]);
    const task = makeLoad({ connection, id: "hook", columns, rows, afterCopy: () => wait(1200) });
    await expect(runTask(task)).rejects.toMatchObject({
      code: expect.stringMatching(/TARGET_(TIMEOUT|UNAVAILABLE)/) as string,
    });
    expect(await query(url, "select count(*) as n from t")).toEqual([{ n: "2" }]);
  });

  it("ends a statement on the server after statement_timeout", async () => {
    const url = await server().createSchema();
    const afterCopy: LoadSpec["afterCopy"] = async (sql) => void (await sql.query("select pg_sleep(600)"));
    const task = makeLoad({
      connection: withSetting(url, "statement_timeout=1000"),
      columns,
      rows,
      afterCopy,
    });
    await expect(runTask(task)).rejects.toMatchObject({ code: "TARGET_TIMEOUT", retryable: true });
    const sleeping = "select count(*) as n from pg_stat_activity where query like 'select pg_sleep(600)%'";
    expect(await query(url, `${sleeping} and state = 'active'`)).toEqual([{ n: "0" }]);
    expect(await query(url, "select n from t")).toEqual([]);
  });

  it("ends with the time of query_timeout, also while it waits for rows, and leaves nothing", async () => {
    const connectionString = await server().createSchema();
    const connection = { connectionString, query_timeout: 1000 };
    const neverEnding = async function* () {
      yield [1];
      await new Promise(() => {});
    };
    await expect(runTask(makeLoad({ connection, columns, rows: neverEnding }))).rejects.toMatchObject({
      code: "TARGET_TIMEOUT",
    });
    expect(await query(connectionString, "select n from t")).toEqual([]);
  });

  it("gets the statements of a hook one after another, as the driver wants them", async () => {
    const connection = await server().createSchema();
    const warnings: string[] = [];
    const note = (warning: Error): void => void warnings.push(warning.message);
    process.on("warning", note);
    const afterCopy: LoadSpec["afterCopy"] = async (sql) => {
      await Promise.all([1, 2, 3].map((n) => sql.query("select $1::int", [n])));
    };
    await runTask(makeLoad({ connection, columns, rows, afterCopy }));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });

  it("keeps its connection alive, unless the user says otherwise", async () => {
    const url = await server().createSchema();
    expect(poolOf(url).options.keepAlive).toBe(true);
    expect(poolOf({ connectionString: url, keepAlive: false }).options.keepAlive).toBe(false);
  });

  it("of the native driver is refused, as that has no COPY", async () => {
    // What `pg.native.Pool` gives; the package with the library is not installed here.
    const client = { native: {}, on() {}, off() {}, release() {} };
    const connection = { connect: async () => client } as unknown as Pool;
    await expect(new PostgresTarget("t", "a", { connection }).exists()).rejects.toMatchObject({
      code: "OPTION_INVALID",
    });
  });
});
