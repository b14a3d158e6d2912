import { MemoryTarget } from "@leat/core";
import { runTask } from "@leat/copy-to-table/testing";
import { csvFile, type MysqlConnection, type RowSource, tsvFile } from "@leat/mysql";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { createDatabase, describeMysql, query } from "./mysql-servers.ts";
import { SEED } from "./seed.ts";

const columns = [
  ["n", "int"],
  ["value", "varchar(100)"],
] as const;

async function* pieces(bytes: Buffer, sizes: readonly number[]) {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

describeMysql("A load into a table of MySQL", () => {
  it("refuses a table without transactions, and a view, before anything is changed", async () => {
    const connection = await createDatabase();
    await query(connection, "create table t (n int, value varchar(100)) engine = MyISAM");
    await query(connection, "insert into t values (0, 'old')");
    await query(connection, "create table base (n int, value varchar(100))");
    await query(connection, "create view v as select * from base");
    for (const table of ["t", "v"]) {
      for (const mode of ["append", "replace"] as const) {
        const load = makeLoad({ connection, table, mode, columns, rows: () => [[1, "a"]] });
        await expect(runTask(load)).rejects.toMatchObject({ code: "TARGET_UNSUPPORTED" });
      }
    }
    expect(await query(connection, "select n from t")).toEqual([{ n: "0" }]);
  });

  it("makes tables that hold any text, also in a database that does not", async () => {
    const connection = await createDatabase();
    await query(connection, `alter database ${new URL(connection).pathname.slice(1)} character set latin1`);
    await runTask(makeLoad({ connection, columns, rows: () => [[1, "東京 \u{1F600}"]] }));
    expect(await query(connection, "select value from t")).toEqual([{ value: "東京 \u{1F600}" }]);
  });

  it("keeps 0 in a column that counts by itself", async () => {
    const connection = await createDatabase();
    await query(connection, "create table t (n int auto_increment primary key, value varchar(100))");
    await runTask(makeLoad({ connection, columns, rows: () => [[0, "zero"]] }));
    expect(await query(connection, "select n from t")).toEqual([{ n: "0" }]);
  });

  it("refuses an upsert where MySQL would replace rows by another key as well", async () => {
    const connection = await createDatabase();
    await query(
      connection,
      "create table t (n int primary key, value varchar(100) unique, id int auto_increment unique)",
    );
    const mode = { upsertBy: ["n"] };
    const load = makeLoad({ connection, mode, columns, rows: () => [[1, "a"]] });
    await expect(runTask(load)).rejects.toMatchObject({ code: "TARGET_UNSUPPORTED" });
    await query(connection, "alter table t drop key value");
    await runTask(load);
    expect(await query(connection, "select n, value from t")).toEqual([{ n: "1", value: "a" }]);
  });

  it("fails when a row breaks a foreign key, a check or a trigger of the table", async () => {
    const url = await createDatabase();
    await query(url, "create table parent (n int primary key)");
    await query(
      url,
      "create table child (n int references parent (n), value varchar(100), foreign key (n) references parent (n))",
    );
    await query(url, "create table checked (n int check (n < 5), value varchar(100))");
    await query(url, "create table watched (n int, value varchar(100))");
    await query(
      url,
      "create trigger watch before insert on watched for each row begin if new.n > 5 then signal sqlstate '45000' set message_text = 'too many'; end if; end",
    );
    const ways: readonly MysqlConnection[] = [url, { uri: url, flags: ["-LOCAL_FILES"] }];
    for (const connection of ways) {
      for (const table of ["child", "checked", "watched"]) {
        const load = makeLoad({ connection, table, id: table, columns, rows: () => [[9, "a"]] });
        await expect(runTask(load), `with table ${table}`).rejects.toMatchObject({
          code: "TARGET_INVALID_DATA",
        });
        expect(await query(url, `select * from ${table}`)).toEqual([]);
      }
    }
  });

  it("reads lines that end in CR LF, by LOAD DATA and by INSERT", async () => {
    const url = await createDatabase();
    const tsv = "n\tvalue\r\n1\t\\N\r\n2\ta\\\r\\\nb\r\n3\tc\rd\r\n4\t\r\n";
    const csv = 'n,value\r\n1,\r\n2,"a\r\nb"\r\n3,c\rd\r\n4,""\r\n';
    const expected = ["1|null", "2|a\r\nb", "3|c\rd", "4|"];
    const ways: Readonly<Record<string, MysqlConnection>> = {
      load: url,
      insert: { uri: url, flags: ["-LOCAL_FILES"] },
    };
    for (const [way, connection] of Object.entries(ways)) {
      for (const [format, text] of [
        ["tsv", tsv],
        ["csv", csv],
      ] as const) {
        for (let at = 1; at < text.length; at += 3) {
          const source = pieces(Buffer.from(text), [at]);
          const file = (): RowSource => (format === "csv" ? csvFile : tsvFile)(source, { header: true });
          const id = `${way} ${format} ${at}`;
          await runTask(makeLoad({ connection, id, mode: "replace", columns, rows: file }));
          const found = await query(url, "select n, value from t order by n");
          expect(
            found.map((row) => `${row["n"]}|${row["value"]}`),
            `file ${id}`,
          ).toEqual(expected);
        }
      }
    }
  });

  it(`reads random CSV as it was written, wherever it is cut (seed ${SEED})`, async () => {
    const connection = await createDatabase();
    const field = fc.option(
      fc.string({ unit: fc.constantFrom(",", '"', "\r", "\n", "\t", "\\", "N", "é", "a"), maxLength: 8 }),
      { nil: null },
    );
    const fields = fc.sample(field, { seed: SEED, numRuns: 500 });
    const quoted = (text: string | null): string => (text === null ? "" : `"${text.replaceAll('"', '""')}"`);
    const bytes = Buffer.from(fields.map((text, n) => `${n},${quoted(text)}\r\n`).join(""));
    const sizes = fc.sample(fc.integer({ min: 0, max: 20 }), { seed: SEED, numRuns: 300 });
    await runTask(makeLoad({ connection, columns, rows: () => csvFile(pieces(bytes, sizes)) }));
    const found = await query(connection, "select value from t order by n");
    expect(found.map((row) => row["value"])).toEqual(fields);
  });

  it("refuses CSV with quotes where none may be, and names the line", async () => {
    const connection = await createDatabase();
    for (const text of ['1,a\n2,5" disk\n', '1,a\n2,"a"b\n', '1,a\n2,"never\n']) {
      const target = new MemoryTarget("in.csv");
      await target.writeText(text);
      await expect(
        runTask(makeLoad({ connection, columns, rows: () => csvFile(target) })),
        `of ${text}`,
      ).rejects.toMatchObject({
        code: "TARGET_INVALID_DATA",
      });
    }
  });

  it("loads values beyond the size of a packet of the protocol", async () => {
    const connection = await createDatabase();
    const big = [["value", "longtext"]] as const;
    await runTask(makeLoad({ connection, columns: big, rows: () => [["é".repeat(9_000_000)], ["x"]] }));
    expect(await query(connection, "select char_length(value) as n from t order by n")).toEqual([
      { n: "1" },
      { n: "9000000" },
    ]);
  });
});
