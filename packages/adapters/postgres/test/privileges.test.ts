import { runTask } from "@leat/copy-to-table/testing";
import { PostgresTarget } from "@leat/postgres";
import { expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { describePostgres, query } from "./postgres-servers.ts";

const columns = ["n"];
const [first, second] = [{ token: "mi000000-1" }, { token: "mi000000-2" }] as const;
const rows = (): number[][] => [[1], [2]];

describePostgres("A user with few privileges", (server) => {
  /** Makes a role that may only use the schema and what is granted, and gives its URL. */
  async function makeRole(url: string, grants: readonly string[]): Promise<string> {
    const role = new URL(url).searchParams.get("options")?.split("=")[1] as string;
    await query(url, "create table t (n bigint)");
    await new PostgresTarget("t", "other", { connection: url }).touch();
    await query(url, `create role ${role} login password 'few'`);
    await query(url, `grant usage on schema ${role} to ${role}`);
    for (const grant of grants) await query(url, `grant ${grant} to ${role}`);
    const own = new URL(url);
    own.username = role;
    own.password = "few";
    return own.href;
  }

  it("loads when it may write the table and the markers, and make nothing", async () => {
    const url = await server().createSchema();
    const connection = await makeRole(url, ["insert on t", "select, insert on table_updates"]);
    await runTask(makeLoad({ connection, columns, rows }));
    expect(await query(url, "select count(*) as n from t")).toEqual([{ n: "2" }]);
  });

  it("loads in a shared run when it may write the fence besides", async () => {
    const url = await server().createSchema();
    await runTask(makeLoad({ connection: url, id: "other", columns: [["n", "bigint"]], rows }), first);
    await query(url, "drop table t");
    const connection = await makeRole(url, [
      "insert on t",
      "select, insert on table_updates",
      "select, insert, update on table_updates_fence",
    ]);
    for (const token of [first.token, second.token]) {
      await runTask(makeLoad({ connection, columns, rows }), { token });
    }
    expect(await query(url, "select count(*) as n from t")).toEqual([{ n: "2" }]);
  });

  it("is told that it may not make the fence", async () => {
    const url = await server().createSchema();
    const connection = await makeRole(url, ["insert on t", "select, insert on table_updates"]);
    await expect(runTask(makeLoad({ connection, columns, rows }), first)).rejects.toMatchObject({
      code: "TARGET_FORBIDDEN",
      message: expect.stringContaining("fence"),
    });
  });

  it.each([
    ["the table", ["select, insert on table_updates"]],
    ["the markers", ["insert on t"]],
  ])("is refused when it may not write %s, and leaves nothing", async (_what, grants) => {
    const url = await server().createSchema();
    const connection = await makeRole(url, grants);
    await expect(runTask(makeLoad({ connection, columns, rows }))).rejects.toMatchObject({
      code: "TARGET_FORBIDDEN",
      retryable: false,
    });
    expect(await query(url, "select count(*) as n from t")).toEqual([{ n: "0" }]);
    expect(await new PostgresTarget("t", "load", { connection: url }).exists()).toBe(false);
  });
});
