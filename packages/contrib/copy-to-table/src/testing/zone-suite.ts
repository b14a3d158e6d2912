import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { CopyToTable } from "../copy-to-table.ts";
import { plainText } from "../plain-text.ts";
import type { Row } from "../row-source.ts";
import type { TableTarget } from "../table-target.ts";
import { type LoadSpec, runTask } from "./load-workspace.ts";
import { type TestRunner, testsWith, type Workspace } from "./runner.ts";

/** The columns of the suite, beside `n`: how a database names their types. */
export interface ZoneTypes {
  readonly text: string;
  /** Whole numbers up to 2^64 - 1. */
  readonly unsigned: string;
  /** With 38 digits, 6 of them after the point. */
  readonly decimal: string;
  readonly double: string;
  /** Date and time without zone, to the microsecond. */
  readonly time: string;
  /** A moment, to the microsecond. */
  readonly moment: string;
  readonly day: string;
  readonly bytes: string;
}

export interface ZoneWorkspace extends Workspace {
  /** An expression for each column that shows it as text: text and bytes as hexadecimal digits, a moment in UTC. */
  readonly shown: Readonly<Record<keyof ZoneTypes, string>>;
  /** Runs a statement; values of rows are text. */
  readonly query: (text: string) => Promise<readonly Readonly<Record<string, string | null>>[]>;
  /** Sets the zone that new sessions have. */
  readonly setServerZone: (zone: string) => Promise<void>;
  /** Starts a process in a zone that calls `loadInZone`. Its messages may hold bigints and bytes. */
  readonly forkLoader: (timeZone: string) => ChildProcess;
}

/** What is loaded, by column. */
const VALUES: Readonly<Record<keyof ZoneTypes, readonly unknown[]>> = {
  text: ["", "\\N", "NULL", "\\.", "\t\r\n\\'\"", "\u{FEFF}mark", "\u{1F600}é", "x".repeat(1024 * 1024)],
  unsigned: ["0", "9007199254740993", 9007199254740993n, 2n ** 64n - 1n, "18446744073709551615"],
  decimal: ["12345678901234567890123456789012.345678", "-0.000001", "0.100000"],
  double: [0.1, 1 / 3, Number.MAX_VALUE, Number.MIN_VALUE, -1.5e-10],
  // The second is a time that clocks skip in New York, the third one that they have twice there.
  time: ["1969-12-31 23:59:59.999999", "2026-03-08 02:30:00.123456", "2026-11-01 01:30:00.000001"],
  moment: [
    "2026-03-08T02:30:00.123456Z",
    "2026-11-01T01:30:00-04:00",
    "2026-11-01T01:30:00-05:00",
    new Date(Date.UTC(1999, 11, 31, 23, 59, 59, 999)),
  ],
  day: ["1000-01-01", "1969-12-31", "2000-02-29", "2026-03-08", "9999-12-31"],
  bytes: [Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), Buffer.alloc(0)],
};

/** What is there afterwards, where that is not the value as text. */
const MOMENTS = [
  "2026-03-08 02:30:00.123456",
  "2026-11-01 05:30:00",
  "2026-11-01 06:30:00",
  "1999-12-31 23:59:59.999",
];

const COLUMNS = Object.keys(VALUES) as readonly (keyof ZoneTypes)[];
const ROWS = Math.max(...COLUMNS.map((column) => VALUES[column].length));

/** The zones of processes, each with a server that is in another one. */
const TIME_ZONES = ["UTC", "America/New_York", "Asia/Kolkata"] as const;

/** The zones of processes and of sessions change nothing of what is loaded and read. Calls `open` for each test. */
export function zoneSuite(
  runner: TestRunner,
  name: string,
  open: () => Promise<ZoneWorkspace>,
  serverZones: readonly [string, string, string],
): void {
  const test = testsWith(runner, open);
  runner.describe(`${name}, in several time zones`, () => {
    for (const [index, timeZone] of TIME_ZONES.entries()) {
      const serverZone = serverZones[index] as string;
      test(`keeps all values of a process in ${timeZone} on a server in ${serverZone}, and gives them back`, async (workspace) => {
        await workspace.setServerZone(serverZone);
        const read = await readByChild(workspace.forkLoader(timeZone));
        const list = COLUMNS.map((column) => `${workspace.shown[column]} as ${column}_`).join(", ");
        const found = await workspace.query(`select ${list} from zones order by n`);
        for (const [at, column] of COLUMNS.entries()) {
          const expected = expectedTexts(column);
          const onServer = found.map((row) => row[`${column}_`] ?? null).slice(0, expected.length);
          assert.deepEqual(onServer.map(comparable(column)), expected, `${column} on the server`);
          const given = read.map((row) => textOf(row[at + 1], column)).slice(0, expected.length);
          assert.deepEqual(given.map(comparable(column)), expected, `${column} as it is read back`);
        }
      });
    }
  });
}

/** Loads the values of the suite, reads them back and sends them to the parent process. */
export async function loadInZone(
  types: ZoneTypes,
  makeLoad: (spec: LoadSpec) => CopyToTable,
  table: TableTarget,
): Promise<void> {
  const columns = COLUMNS.map((column) => [`${column}_`, types[column]] as const);
  const rows = Array.from({ length: ROWS }, (_, n) => [
    n,
    ...COLUMNS.map((column) => VALUES[column][n] ?? null),
  ]);
  await runTask(makeLoad({ table: "zones", columns: [["n", "bigint"], ...columns], rows: () => rows }));
  const read: Row[] = [];
  for await (const row of table.readRows()) read.push(row);
  process.send?.(read.toSorted((a, b) => Number(a[0]) - Number(b[0])));
}

async function readByChild(child: ChildProcess): Promise<readonly Row[]> {
  const [answer] = (await Promise.race([once(child, "message"), once(child, "exit")])) as [unknown];
  assert.ok(Array.isArray(answer), `the process of the load ended with ${answer}`);
  return answer as readonly Row[];
}

function expectedTexts(column: keyof ZoneTypes): readonly (string | null)[] {
  if (column === "moment") return MOMENTS;
  return VALUES[column].map((value) => comparable(column)(textOf(value, column)));
}

/** A value in the form that `shown` gives. */
function textOf(value: unknown, column: keyof ZoneTypes): string | null {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  const text = plainText(value);
  if (column === "text") return Buffer.from(text).toString("hex");
  return column === "moment" ? utcText(text) : text;
}

/** A moment as a server shows it, with the offset of its session or in UTC. */
function utcText(text: string): string {
  const [, start = "", decimals = "", offset = "Z"] = /^(.{19})(\.\d+)?(.*)$/.exec(text) ?? [];
  const seconds = new Date(`${start.replace(" ", "T")}${offset === "" ? "Z" : offset.padEnd(6, ":00")}`);
  return `${seconds.toISOString().slice(0, 19).replace("T", " ")}${decimals}`;
}

/** Servers differ in how they write the same number, and in zeros at the end of a second. */
function comparable(column: keyof ZoneTypes): (text: string | null) => string | null {
  if (column === "double") return (text) => (text === null ? null : textOf(Number(text), column));
  if (column !== "time" && column !== "moment") return (text) => text;
  return (text) => text?.replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "") ?? null;
}
