import { Temporal } from "@leat/core";
import { runTask } from "@leat/copy-to-table/testing";
import type { MysqlConnection } from "@leat/mysql";
import * as fc from "fast-check";
import { afterEach, expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { createDatabase, describeMysql, query } from "./mysql-servers.ts";
import { SEED } from "./seed.ts";

const PLAIN = Temporal.PlainDateTime.from("2026-11-20T23:59:59.999999");
const ZONED = Temporal.ZonedDateTime.from("2026-11-20T12:00:00+01:00[Europe/Stockholm]");
const EVERY_BYTE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/** For each type: values with the text that the server shows for them. */
const VALUES: Readonly<Record<string, readonly (readonly [unknown, string])[]>> = {
  boolean: [
    [true, "1"],
    [false, "0"],
    ["1", "1"],
    [-128, "-128"],
  ],
  "tinyint unsigned": [[255, "255"]],
  smallint: [
    [-32768, "-32768"],
    ["+32767", "32767"],
  ],
  mediumint: [[8388607n, "8388607"]],
  int: [
    [" 12 ", "12"],
    [-0, "0"],
  ],
  bigint: [
    [2 ** 53 - 1, "9007199254740991"],
    ["-9223372036854775808", "-9223372036854775808"],
  ],
  "bigint unsigned": [
    [18446744073709551615n, "18446744073709551615"],
    ["18446744073709551615", "18446744073709551615"],
  ],
  float: [
    [1.5, "1.5"],
    ["1e-30", "1e-30"],
  ],
  double: [
    [0.1, "0.1"],
    ["1E5", "100000"],
    [".5", "0.5"],
    [5e-324, "5e-324"],
    [1.7976931348623157e308, "1.7976931348623157e308"],
  ],
  "decimal(38, 6)": [
    ["12345678901234567890123456789012.345678", "12345678901234567890123456789012.345678"],
    ["-0.00", "0.000000"],
    ["1e5", "100000.000000"],
    [1e-6, "0.000001"],
    [123n, "123.000000"],
  ],
  date: [
    ["0001-01-01", "0001-01-01"],
    ["1969-12-31", "1969-12-31"],
    [Temporal.PlainDate.from("9999-12-31"), "9999-12-31"],
  ],
  "time(6)": [
    ["00:00", "00:00:00.000000"],
    ["-838:59:59", "-838:59:59.000000"],
    [Temporal.PlainTime.from("23:59:59.999999"), "23:59:59.999999"],
  ],
  "datetime(0)": [["2026-11-20 12:00:00.000", "2026-11-20 12:00:00"]],
  "datetime(6)": [
    ["0001-01-01 00:00:00", "0001-01-01 00:00:00.000000"],
    ["9999-12-31T23:59:59.999999", "9999-12-31 23:59:59.999999"],
    ["2026-11-20", "2026-11-20 00:00:00.000000"],
    // Clocks of New York skip this time.
    ["2026-03-08 02:30:00.1234560", "2026-03-08 02:30:00.123456"],
    [PLAIN, "2026-11-20 23:59:59.999999"],
    [new Date(Date.UTC(1969, 11, 31, 23, 59, 59, 999)), "1969-12-31 23:59:59.999000"],
  ],
  "timestamp(6) null": [
    ["2026-11-20T12:00:00Z", "2026-11-20 12:00:00.000000"],
    ["2026-11-20 12:00:00.000001", "2026-11-20 12:00:00.000001"],
    ["2026-11-20 12:00+05:30", "2026-11-20 06:30:00.000000"],
    ["2026-11-20T00:30:00.123456-08", "2026-11-20 08:30:00.123456"],
    [ZONED, "2026-11-20 11:00:00.000000"],
    [ZONED.toInstant(), "2026-11-20 11:00:00.000000"],
    [new Date(1000), "1970-01-01 00:00:01.000000"],
  ],
  year: [
    [1901, "1901"],
    ["2155", "2155"],
  ],
  "char(3)": [["é\u{1F600}x", "é\u{1F600}x"]],
  "varchar(20)": [
    ["blank ", "blank "],
    [12.5, "12.5"],
    [true, "true"],
  ],
  "enum('a', 'b''c')": [["b'c", "b'c"]],
  "set('a', 'b')": [["a,b", "a,b"]],
  json: [['{"a": ["\\\\N"]}', '{"a": ["\\\\N"]}']],
  "varbinary(256)": [
    [EVERY_BYTE, EVERY_BYTE.toString("hex").toUpperCase()],
    [new Uint8Array(EVERY_BYTE.buffer, EVERY_BYTE.byteOffset + 9, 2), "090A"],
    ["é", "C3A9"],
  ],
  "bit(64)": [
    [2n ** 64n - 1n, "FFFFFFFFFFFFFFFF"],
    [5, "5"],
    [true, "1"],
  ],
};

/** For each type: values that it does not take. */
const REFUSED: Readonly<Record<string, readonly unknown[]>> = {
  boolean: ["true", "maybe", 128, {}],
  "tinyint unsigned": [-1, 256, true],
  smallint: [32768, 1.5, "1.0", "", "0x10"],
  int: [2 ** 31, "2147483648", "1e3", Number.NaN],
  bigint: [2 ** 53, 2n ** 63n, "12a", " ", "1_000", Infinity, new Date()],
  "bigint unsigned": [-1n, 2n ** 64n],
  float: [1e39, 1e-46, "1.5x"],
  double: ["1e400", "1e-400", "0x10", "", 2n ** 53n + 1n, true, Number.NaN],
  "decimal(5, 2)": ["1234", "1.234", "", ".", "1.2.3", "1e999", 0.1 + 0.2, {}],
  "decimal(5, 2) unsigned": ["-1"],
  date: ["2026-02-30", "2025-02-29", "0000-00-00", "2026-13-01", "26-01-01", "2026-11-20T00:00", new Date()],
  time: ["839:00:00", "12:60", "12:00:60", "12", "12:00:00.1"],
  "datetime(3)": [
    "2026-11-20T12:00Z",
    "2026-11-20 12:00+01",
    "12:00",
    "2026-11-20 24:00",
    "2026-11-20 12:00:00.1234",
    new Date(Number.NaN),
  ],
  timestamp: [
    "2026-02-30 12:00",
    "1969-12-31 00:00:00",
    "2026-11-20T12:00 UTC",
    "2026-11-20T12:00:00.5Z",
    null,
  ],
  year: [1900, 26, "26"],
  "char(3)": ["abcd", "a  "],
  "varchar(3)": ["abcd", "ab\u{1F600}c", {}, [], undefined, "\0", "\ud800"],
  tinytext: ["é".repeat(128)],
  "varchar(9) character set latin1": ["東京"],
  "enum('a', 'b')": ["c", ""],
  json: ["{"],
  "varbinary(2)": [Buffer.alloc(3), 5],
  "binary(2)": [Buffer.alloc(1)],
  "bit(2)": [4, -1, "1"],
};

/** A connection that loads by LOAD DATA, and one that loads by INSERT. */
function bothWays(url: string): Readonly<Record<string, MysqlConnection>> {
  return { load: url, insert: { uri: url, flags: ["-LOCAL_FILES"] } };
}

/** An expression for values of a type as text, moments in UTC. */
function shownAs(type: string): string {
  if (type.startsWith("timestamp")) return "convert_tz(value, @@session.time_zone, '+00:00')";
  return /^(bit|varbinary)/.test(type) ? "hex(value)" : "value";
}

const zone = process.env["TZ"];
afterEach(() => {
  if (zone === undefined) delete process.env["TZ"];
  else process.env["TZ"] = zone;
});

describeMysql("Values", () => {
  for (const timeZone of ["UTC", "America/New_York", "Asia/Kolkata"]) {
    it(`are stored as they are by LOAD DATA and by INSERT, by a client in ${timeZone}`, async () => {
      process.env["TZ"] = timeZone;
      const url = await createDatabase();
      for (const [index, [type, cases]] of Object.entries(VALUES).entries()) {
        for (const [way, connection] of Object.entries(bothWays(url))) {
          const table = `${way}_${index}`;
          const columns = [
            ["n", "int"],
            ["value", type],
          ] as const;
          const rows = (): unknown[][] => cases.map(([value], n) => [n, value]);
          await runTask(makeLoad({ connection, table, id: table, columns, rows }));
          const found = await query(url, `select ${shownAs(type)} as shown from ${table} order by n`);
          expect(
            found.map((row) => row["shown"]),
            `${type} by ${way}`,
          ).toEqual(cases.map(([, text]) => text));
        }
      }
    });
  }

  it("that a type does not take are refused by LOAD DATA and by INSERT, with row and column", async () => {
    const url = await createDatabase();
    for (const [index, [type, values]] of Object.entries(REFUSED).entries()) {
      for (const [way, connection] of Object.entries(bothWays(url))) {
        for (const [position, value] of values.entries()) {
          const table = `${way}_${index}`;
          const definition = [["value", type === "timestamp" ? "timestamp not null" : type]] as const;
          const load = makeLoad({
            connection,
            table,
            id: `${table} ${position}`,
            columns: definition,
            rows: () => [[value]],
          });
          await expect(runTask(load), `${type} ${String(value)} by ${way}`).rejects.toMatchObject({
            code: "TARGET_INVALID_DATA",
          });
          expect(await query(url, `select count(*) as n from ${table}`)).toEqual([{ n: "0" }]);
        }
      }
    }
  });

  it(`of random text are stored the same by LOAD DATA and by INSERT, byte for byte (seed ${SEED})`, async () => {
    const url = await createDatabase();
    const texts = fc.sample(
      fc.string({
        unit: fc.oneof(
          fc.constantFrom("\\", "N", "\t", "\n", "\r", "'", '"', "."),
          fc.string({ unit: "binary", maxLength: 1 }),
        ),
        maxLength: 30,
      }),
      { seed: SEED, numRuns: 3000 },
    );
    const good = texts.filter((text) => !text.includes("\0"));
    const columns = [
      ["n", "int"],
      ["value", "longtext"],
    ] as const;
    for (const [table, connection] of Object.entries(bothWays(url))) {
      await runTask(
        makeLoad({
          connection,
          table: `by_${table}`,
          id: table,
          columns,
          rows: () => good.map((text, n) => [n, text]),
        }),
      );
      const found = await query(url, `select hex(value) as shown from by_${table} order by n`);
      expect(found.map((row) => Buffer.from(String(row["shown"]), "hex").toString())).toEqual(good);
    }
  });
});
