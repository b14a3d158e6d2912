import { type MariadbServer, startMariadb } from "@leat-internal/dev-servers";
import { csvFile, findMarkers, MysqlTableTarget, MysqlTarget } from "@leat/mysql";
import { inspect } from "node:util";
import { MemoryTarget } from "@leat/core";
import { runTask } from "@leat/copy-to-table/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { describeOwnMysql, query } from "./mysql-servers.ts";

const columns = [
  ["n", "bigint"],
  ["name", "varchar(40)"],
] as const;
const rows = (): unknown[][] => [
  [1, "\\N"],
  [2, null],
];

let server: MariadbServer;

describeOwnMysql("A server that does not allow LOAD DATA LOCAL", () => {
  beforeAll(async () => {
    server = await startMariadb({ settings: { "local-infile": 0, "max-allowed-packet": "1M" } });
  });
  afterAll(() => server.stop());

  it("gets rows and files by INSERT, the same as by LOAD DATA", async () => {
    const connection = server.url;
    await runTask(makeLoad({ connection, columns, rows }));
    const file = new MemoryTarget("in.csv");
    await file.writeText('3,"a,b"\n4,\n');
    await runTask(makeLoad({ connection, id: "file", columns, rows: () => csvFile(file) }));
    expect(await query(connection, "select n, name from t order by n")).toEqual([
      { n: "1", name: "\\N" },
      { n: "2", name: null },
      { n: "3", name: "a,b" },
      { n: "4", name: null },
    ]);
  });

  it("gets many rows in statements below the size that it takes, and a larger value is refused by name", async () => {
    const connection = server.url;
    const text = [
      ["n", "bigint"],
      ["name", "longtext"],
    ] as const;
    const many = Array.from({ length: 300 }, (_, n) => [n, "x".repeat(10_000)]);
    const spec = { connection, table: "large", id: "large", columns: text };
    await runTask(makeLoad({ ...spec, rows: () => many }));
    const tooLarge = makeLoad({ ...spec, id: "too large", rows: () => [[1, "x".repeat(2_000_000)]] });
    const error = await runTask(tooLarge).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "TARGET_INVALID_DATA",
      message: expect.stringMatching(/large: .* raise max_allowed_packet/) as string,
    });
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("xxx");
    expect(await query(connection, "select count(*) as n from large")).toEqual([{ n: "300" }]);
  });
});

describeOwnMysql("A user of MySQL with few privileges", () => {
  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server.stop());

  /** Makes a user with what is granted, and gives the URL. */
  async function makeUser(name: string, grants: readonly string[]): Promise<string> {
    await query(server.url, `create user ${name} identified by 'few'`);
    for (const grant of grants) await query(server.url, `grant ${grant} to ${name}`);
    const own = new URL(server.url);
    own.username = name;
    own.password = "few";
    return own.href;
  }

  it("loads when it may write the table and the markers, and is refused when it may not, without a trace", async () => {
    const { database } = server;
    await query(server.url, "create table t (n bigint)");
    await new MysqlTarget("t", "other", { connection: server.url }).touch();
    const table = `select, insert on ${database}.t`;
    const markers = `select, insert on ${database}.table_updates`;
    const one = { columns: ["n"], rows: (): number[][] => [[1]] };
    for (const [name, grants] of [
      ["no_table", [markers, `select on ${database}.t`]],
      ["no_markers", [table, `select on ${database}.table_updates`]],
    ] as const) {
      const connection = await makeUser(name, grants);
      await expect(runTask(makeLoad({ ...one, connection })), name).rejects.toMatchObject({
        code: "TARGET_FORBIDDEN",
        retryable: false,
      });
    }
    expect(await query(server.url, "select n from t")).toEqual([]);
    const connection = await makeUser("enough", [table, markers]);
    await runTask(makeLoad({ ...one, connection }));
    expect(await query(server.url, "select n from t")).toEqual([{ n: "1" }]);
  });

  it("finds markers of more ids than a statement has placeholders", async () => {
    const connection = server.url;
    const ids = Array.from({ length: 70_000 }, (_, index) => `id ${index}`);
    await new MysqlTarget("t", "id 69999", { connection }).touch();
    expect(await findMarkers(ids, { connection })).toEqual(new Set(["id 69999"]));
  });

  it("reads a column as often as it is asked for", async () => {
    const connection = server.url;
    await runTask(makeLoad({ connection, table: "twice", id: "twice", columns, rows: () => [[1, "a"]] }));
    const target = new MysqlTableTarget("twice", { connection });
    for await (const row of target.readRows({ columns: ["n", "name", "n"] }))
      expect(row).toEqual([1n, "a", 1n]);
  });
});
