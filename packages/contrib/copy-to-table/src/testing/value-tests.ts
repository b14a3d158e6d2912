import assert from "node:assert/strict";
import {
  assertInvalid,
  assertNothingLoaded,
  failingLoad,
  type LoadCapabilities,
  type LoadSpec,
  type LoadTest,
  type LoadWorkspace,
  load,
} from "./load-workspace.ts";

const TEXTS = [
  null,
  "",
  "\\N",
  "NULL",
  "null",
  "\\.",
  "\\\\N",
  "tab\there",
  "line\nend",
  "carriage\rreturn",
  "crlf\r\n",
  "back\\slash\\",
  `"double" and 'single'`,
  " blanks ",
  "a,b;c|d",
  "\u{FEFF}with a mark",
  "\b\f\v\u0001\u001f\u007f",
  "Ærøskøbing — 東京",
  "\u{1F600}\u{10FFFF}",
  "x".repeat(41),
  "é".repeat(41),
  "x".repeat(1024 * 1024),
];

/** What becomes of values. */
export function valueTests(test: LoadTest, { types, nonFiniteNumbers }: LoadCapabilities): void {
  /** Loads values into a column of a type, and gives what is there then. */
  async function roundTrip(
    workspace: LoadWorkspace,
    type: string,
    values: readonly unknown[],
    expression = "value",
  ): Promise<(string | null | undefined)[]> {
    const columns = [
      ["n", types.bigint],
      ["value", type],
    ] as const;
    await load(workspace, { table: "t", columns, rows: () => values.map((value, n) => [n, value]) });
    const rows = await workspace.query(`select ${expression} as shown from t order by n`);
    return rows.map((row) => row["shown"]);
  }

  test("keeps every text apart: null, empty, escapes, controls, emoji, a megabyte", async (workspace) => {
    assert.deepEqual(await roundTrip(workspace, types.text, TEXTS), TEXTS);
  });

  test("keeps texts in the only column of a table", async (workspace) => {
    await load(workspace, {
      table: "t",
      columns: [["value", types.text]],
      rows: () => TEXTS.map((text) => [text]),
    });
    const rows = await workspace.query("select value from t");
    assert.deepEqual(new Set(rows.map((row) => row["value"])), new Set(TEXTS));
  });

  test("keeps whole numbers exact, as number, bigint and text", async (workspace) => {
    const given = [0, -1, 2 ** 31, 2 ** 32 - 1, -(2 ** 32), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    const big = [9007199254740993n, 2n ** 63n - 1n, -(2n ** 63n)];
    const text = ["9223372036854775807", "-9223372036854775808", "12", "-7", "9007199254740993"];
    const values = [...given, ...big, ...text];
    assert.deepEqual(await roundTrip(workspace, types.bigint, values), values.map(String));
  });

  test("keeps decimals exact, as text", async (workspace) => {
    const values = [
      "12345678901234567890123456789012.345678",
      "-0.000001",
      "0.100000",
      "10000.000000",
      "100000000.500000",
      "9999.999900",
    ];
    assert.deepEqual(await roundTrip(workspace, types.decimal, values), values);
  });

  test("keeps doubles to the last bit", async (workspace) => {
    const values = [0.1, 1 / 3, Number.MIN_VALUE, Number.MAX_VALUE, -1.5e-10, 0, 123456789.125];
    const shown = await roundTrip(workspace, types.double, values);
    assert.deepEqual(shown.map(Number), values);
  });

  if (nonFiniteNumbers) {
    test("keeps NaN, the infinities and minus zero", async (workspace) => {
      const shown = await roundTrip(workspace, types.double, [Number.NaN, Infinity, -Infinity, -0]);
      assert.deepEqual(shown.map(Number), [Number.NaN, Infinity, -Infinity, -0]);
    });
  } else {
    test("takes minus zero for zero", async (workspace) => {
      assert.deepEqual(await roundTrip(workspace, types.double, [-0]), ["0"]);
    });

    test("refuses NaN and the infinities", async (workspace) => {
      for (const value of [Number.NaN, Infinity, -Infinity]) {
        const spec = { table: "t", columns: [["value", types.double]] as const, rows: () => [[value]] };
        assertInvalid(await failingLoad(workspace, spec), 1, "value");
      }
    });
  }

  test("keeps dates and times to the microsecond, whatever the zone of the process", async (workspace) => {
    const zone = process.env["TZ"];
    process.env["TZ"] = "America/New_York";
    try {
      // The second is a time that clocks skip in this zone.
      const times = [
        "1969-12-31 23:59:59.999999",
        "2026-03-08 02:30:00.123456",
        "2026-11-20 12:00:00.500000",
      ];
      const shown = await roundTrip(workspace, types.timestamp, times);
      assert.deepEqual(shown.map(trimFraction), times.map(trimFraction));
    } finally {
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    }
    const days = ["1000-01-01", "1969-12-31", "2000-02-29", "2026-11-20", "9999-12-31"];
    await workspace.query("drop table t");
    await load(workspace, {
      id: "days",
      table: "t",
      columns: [["d", types.date]],
      rows: () => days.map((day) => [day]),
    });
    const rows = await workspace.query("select d from t order by d");
    assert.deepEqual(
      rows.map((row) => row["d"]),
      days,
    );
  });

  test("keeps bytes of every value", async (workspace) => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const values = [every, new Uint8Array([0, 10, 92]), Buffer.alloc(0)];
    const shown = await roundTrip(workspace, types.bytes, values, workspace.hex("value"));
    assert.deepEqual(
      shown,
      values.map((value) => Buffer.from(value).toString("hex")),
    );
  });

  test("loads mapped values, and null for the values that stand for it", async (workspace) => {
    const nullValues = ["", "n/a"];
    const columns = [
      ["a", types.text, { nullValues }],
      ["b", types.bigint, { map: (value: unknown) => Number(value) * 2 }],
      ["c", types.bigint, { nullValues, map: (value: unknown) => String(value).replace(",", "") }],
    ] as const;
    const rows = [
      ["", 1, "1,000"],
      ["n/a", "2", ""],
      ["x", null, "5"],
    ];
    await load(workspace, { table: "t", columns, rows: () => rows });
    assert.deepEqual(await workspace.query("select a, b, c from t order by c is null, c desc"), [
      { a: null, b: "2", c: "1000" },
      { a: "x", b: null, c: "5" },
      { a: null, b: "4", c: null },
    ]);
  });

  const refused: readonly (readonly [string, string, unknown])[] = [
    ["undefined", types.text, undefined],
    ["undefined for a number", types.bigint, undefined],
    ["text with NUL", types.text, "a\0b"],
    ["long text with NUL", types.text, `${"a".repeat(100)}\0`],
    ["a lone surrogate", types.text, "a\ud800b"],
    ["an object as text", types.text, { a: 1 }],
    ["a word as a number", types.bigint, "abc"],
    ["a fraction as a whole number", types.bigint, 1.5],
    ["a whole number out of range", types.bigint, 2n ** 63n],
    ["a number that is not exact", types.bigint, 2 ** 53],
    ["a word as a double", types.double, "abc"],
    ["a word as a decimal", types.decimal, "1.2.3"],
    ["a day that no month has", types.date, "2026-02-30"],
    ["a time without a date", types.timestamp, "12:00"],
    ["a word as a boolean", types.boolean, "maybe"],
    ["text that is too long", types.shortText, "abcd"],
    ["a decimal with too many digits", types.decimal, "123456789012345678901234567890123"],
  ];
  for (const [what, type, value] of refused) {
    test(`refuses ${what}, with row and column`, async (workspace) => {
      const columns = [
        ["n", types.bigint],
        ["value", type],
      ] as const;
      const spec: LoadSpec = {
        table: "t",
        columns,
        rows: () => [
          [1, null],
          [2, value],
        ],
      };
      assertInvalid(await failingLoad(workspace, spec), 2, "value");
      await assertNothingLoaded(workspace, spec);
    });
  }
}

/** Some servers leave zeros at the end of fractions away. */
function trimFraction(time: string | null | undefined): string | undefined {
  return time?.replace(/(\.\d*?)0+$/, "$1");
}
