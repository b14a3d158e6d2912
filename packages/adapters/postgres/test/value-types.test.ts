import { runTask } from "@leat/copy-to-table/testing";
import { Temporal } from "@leat/core";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { describePostgres, query } from "./postgres-servers.ts";
import { SEED } from "./seed.ts";

const UUID = "0190b3a0-7e1c-7cc3-98c4-dc0c0c07398f";
const PLAIN = Temporal.PlainDateTime.from("2026-11-20T23:59:59.999999");
const ZONED = Temporal.ZonedDateTime.from("2026-11-20T12:00:00+01:00[Europe/Stockholm]");

/** For each type: values with the text that the server shows for them. */
const VALUES: Readonly<Record<string, readonly (readonly [unknown, string])[]>> = {
  boolean: [
    [true, "true"],
    [0, "false"],
    ["True", "true"],
    ["off", "false"],
    ["1", "true"],
  ],
  smallint: [
    [-32768, "-32768"],
    ["32767", "32767"],
    [7n, "7"],
  ],
  integer: [
    [-(2 ** 31), "-2147483648"],
    ["+2147483647", "2147483647"],
    [" 12 ", "12"],
    [-0, "0"],
  ],
  bigint: [
    [2 ** 53 - 1, "9007199254740991"],
    ["-9223372036854775808", "-9223372036854775808"],
    [2n ** 63n - 1n, "9223372036854775807"],
  ],
  oid: [[2 ** 32 - 1, "4294967295"]],
  real: [
    [1.5, "1.5"],
    ["1e-30", "1e-30"],
    [Number.NaN, "NaN"],
    ["-inf", "-Infinity"],
  ],
  "double precision": [
    [0.1, "0.1"],
    [-0, "-0"],
    ["1E5", "100000"],
    [".5", "0.5"],
    [3n, "3"],
    [Infinity, "Infinity"],
  ],
  numeric: [
    ["-0.00", "0.00"],
    ["1e5", "100000"],
    ["1.5e-7", "0.00000015"],
    [0.1, "0.1"],
    [1e21, "1000000000000000000000"],
    [12345678901234567890n, "12345678901234567890"],
    ["9999.9999", "9999.9999"],
    ["00010000.0001000", "10000.0001000"],
    ["5.", "5"],
    ["nan", "NaN"],
    ["-Infinity", "-Infinity"],
  ],
  "numeric(6, 2)": [["1234.565", "1234.57"]],
  date: [
    ["0001-01-01", "0001-01-01"],
    ["2000-02-29", "2000-02-29"],
    [Temporal.PlainDate.from("9999-12-31"), "9999-12-31"],
    ["infinity", "infinity"],
    ["-infinity", "-infinity"],
  ],
  time: [
    ["00:00", "00:00:00"],
    [Temporal.PlainTime.from("23:59:59.999999"), "23:59:59.999999"],
  ],
  timestamp: [
    ["0001-01-01 00:00:00", "0001-01-01 00:00:00"],
    ["9999-12-31T23:59:59.999999", "9999-12-31 23:59:59.999999"],
    ["2026-11-20", "2026-11-20 00:00:00"],
    ["2026-11-20 12:00:00.5000000", "2026-11-20 12:00:00.5"],
    [PLAIN, "2026-11-20 23:59:59.999999"],
    [new Date(Date.UTC(1969, 11, 31, 23, 59, 59, 999)), "1969-12-31 23:59:59.999"],
    ["-infinity", "-infinity"],
  ],
  timestamptz: [
    ["2026-11-20T12:00:00Z", "2026-11-20 12:00:00+00"],
    ["2026-11-20 12:00+05:30", "2026-11-20 06:30:00+00"],
    ["2026-11-20T00:00:00.000001-08", "2026-11-20 08:00:00.000001+00"],
    ["2026-11-20T00:00:00+0130", "2026-11-19 22:30:00+00"],
    [ZONED, "2026-11-20 11:00:00+00"],
    [ZONED.toInstant(), "2026-11-20 11:00:00+00"],
    [new Date(0), "1970-01-01 00:00:00+00"],
    ["infinity", "infinity"],
  ],
  uuid: [
    [UUID.toUpperCase(), UUID],
    [UUID.replaceAll("-", ""), UUID],
  ],
  bytea: [
    [Buffer.from([0, 255]), "\\x00ff"],
    ["\\x00FF", "\\x00ff"],
  ],
  json: [
    ['{"a" :1}', '{"a" :1}'],
    [{ a: [1, "\\N\n"] }, '{"a":[1,"\\\\N\\n"]}'],
    [null, "null-as-null"],
    [false, "false"],
  ],
  jsonb: [
    ['{"a" :1}', '{"a": 1}'],
    [[1, "é"], '[1, "é"]'],
  ],
  text: [
    [12.5, "12.5"],
    [10n, "10"],
    [true, "true"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [Temporal.PlainDate.from("2026-11-20"), "2026-11-20"],
  ],
  "char(3)": [["é", "é"]],
  name: [["Abba", "Abba"]],
};

/** For each type: values that it does not take. */
const REFUSED: Readonly<Record<string, readonly unknown[]>> = {
  boolean: ["", "2", 2, "tr", {}],
  smallint: [32768, -32769, 1.5, "1.0", "", "0x10", true, Number.NaN],
  integer: [2 ** 31, "2147483648", "1e3"],
  bigint: [2 ** 53, 2n ** 63n, "9223372036854775808", "12a", "", " ", "1_000", Infinity, new Date()],
  oid: [-1, 2 ** 32],
  real: [1e39, "1e39", 1e-46, "1.5x", ""],
  "double precision": ["1e400", "1e-400", "0x10", "1_0", "", " ", "Infinityy", 2n ** 53n + 1n, true],
  numeric: ["", ".", "1.2.3", "abc", "1e200000", "1e-20000", `1${"0".repeat(131072)}`, {}, true],
  "numeric(6, 2)": ["12345.6"],
  date: [
    "2026-02-30",
    "2025-02-29",
    "1900-02-29",
    "2026-13-01",
    "26-01-01",
    "2026-1-01",
    "0000-01-01",
    "2026-11-20T00:00",
    new Date(),
  ],
  time: ["24:00", "12:60", "12:00:60", "12", "12:00:00.", "12:00:00Z", "1:00", "12:00:00.0000001"],
  timestamp: [
    "2026-11-20T12:00Z",
    "2026-11-20T12:00+01",
    "12:00",
    "2026-11-20x12:00",
    "2026-02-30 12:00",
    new Date(Number.NaN),
  ],
  timestamptz: [
    "2026-11-20 12:00",
    "2026-11-20",
    "2026-11-20T12:00+1",
    "2026-11-20T12:00+01:0",
    "2026-11-20T12:00 UTC",
    PLAIN,
  ],
  uuid: ["", "0190b3a0", `${UUID}0`, 5],
  bytea: ["abc", "\\x0", "\\xzz", 5],
  json: [undefined, () => 1, 1n, "{", "\0"],
  jsonb: [undefined, "{", '"\\u0000"'],
  text: [{}, [], undefined, Symbol("x"), new Date(Number.NaN)],
};

describePostgres("Values", (server) => {
  for (const [type, cases] of Object.entries(VALUES)) {
    it(`of ${type} are stored the same in the binary and in the text format`, async () => {
      const connection = `${await server().createSchema()}%20-c%20timezone%3DUTC`;
      await query(connection, "create domain only_the_server as text");
      const rows = (): unknown[][] => cases.map(([value], n) => [n, value, null]);
      for (const [table, extra] of [
        ["t_binary", "text"],
        ["t_text", "only_the_server"],
      ] as const) {
        const columns = [
          ["n", "integer"],
          ["value", type],
          ["extra", extra],
        ] as const;
        await runTask(makeLoad({ connection, table, id: table, columns, rows }));
        const found = await query(
          connection,
          `select coalesce(value::text, 'null-as-null') as shown from ${table} order by n`,
        );
        expect(found.map((row) => row["shown"])).toEqual(cases.map(([, shown]) => shown));
      }
    });
  }

  for (const [type, values] of Object.entries(REFUSED)) {
    it(`that are not of ${type} are refused in both formats`, async () => {
      const connection = await server().createSchema();
      await query(connection, "create domain only_the_server as text");
      for (const [index, value] of values.entries()) {
        for (const extra of ["text", "only_the_server"]) {
          const columns = [
            ["value", type],
            ["extra", extra],
          ] as const;
          const load = makeLoad({
            connection,
            table: `t_${extra}`,
            id: `${index}`,
            columns,
            rows: () => [[value, null]],
          });
          await expect(runTask(load), `${type} ${String(value)} beside ${extra}`).rejects.toMatchObject({
            code: "TARGET_INVALID_DATA",
            details: { row: 1, column: "value" },
          });
        }
      }
    });
  }

  const digits = (max: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^\\d{1,${max}}$`));
  const moment = fc.date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59Z"),
    noInvalidDate: true,
  });
  const texts: readonly (readonly [string, fc.Arbitrary<string>])[] = [
    ["bigint", fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)],
    ["double precision", fc.double({ noDefaultInfinity: true, noNaN: true }).map(String)],
    [
      "numeric",
      fc.tuple(fc.constantFrom("", "-"), digits(40), digits(40)).map(([sign, a, b]) => `${sign}${a}.${b}`),
    ],
    ["numeric", fc.tuple(digits(12), fc.integer({ min: -30, max: 30 })).map(([a, e]) => `${a}e${e}`)],
    ["date", moment.map((at) => at.toISOString().slice(0, 10))],
    [
      "timestamp",
      fc
        .tuple(moment, digits(3))
        .map(([at, micros]) => `${at.toISOString().slice(0, 23)}${micros.padStart(3, "0")}`),
    ],
    [
      "timestamptz",
      fc
        .tuple(moment, fc.constantFrom("Z", "+14:00", "-11:30", "+05:45"))
        .map(([at, zone]) => at.toISOString().replace("Z", zone)),
    ],
    ["text", fc.string({ unit: "grapheme", maxLength: 60 }).filter((text) => !text.includes("\0"))],
  ];
  for (const [index, [type, arbitrary]] of texts.entries()) {
    it(`of ${type} are read as the server reads their text (${index}), seed ${SEED}`, async () => {
      const connection = await server().createSchema();
      const samples = fc.sample(arbitrary, { seed: SEED, numRuns: 3000 });
      const columns = [
        ["source", "text"],
        ["value", type],
      ] as const;
      await runTask(makeLoad({ connection, columns, rows: () => samples.map((text) => [text, text]) }));
      const isSame =
        type === "numeric"
          ? "value = source::numeric and scale(value) = scale(source::numeric)"
          : `value = source::${type}`;
      expect(await query(connection, `select source, value from t where not (${isSame}) limit 5`)).toEqual(
        [],
      );
      expect(await query(connection, "select count(*) as n from t")).toEqual([{ n: "3000" }]);
    });
  }
});
