import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Finished, makeDirectory, runToEnd } from "./quickstart-process.ts";
import { rawLines, siftRawStrikes, type Strike, sum } from "./raw-data.ts";
import { reportedTable, withoutVersion } from "./reported.ts";

const directory = makeDirectory();
const environment = { LEAT_QUICKSTART_DIR: directory, DATABASE_URL: "" };

const start = () => runToEnd("start.ts", environment);
const read = (name: string) => readFileSync(join(directory, name), "utf8");
const remove = async (name: string) => rmSync(join(directory, name));
const sql = async (statement: string) => {
  const { code } = await runToEnd("sql.ts", environment, statement);
  expect(code).toBe(0);
};

let first: Finished;
let report: string;

beforeAll(async () => {
  first = await start();
  report = read("report.md");
});

afterAll(() => rmSync(directory, { recursive: true }));

describe("the first run", () => {
  it("runs every task and shows the report", () => {
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toContain("* 30 ran successfully:");
    expect(first.stdout).toContain(report);
  });
});

describe("the report", () => {
  const { good, leftOut } = siftRawStrikes();

  it("has the totals of the raw data", () => {
    const all = sum(good);
    expect(report).toContain(`did damage**: ${number(all.damaging)} of ${number(all.strikes)}.`);
    expect(report).toContain(`**They cost $${(all.cost / 1e6).toFixed(1)} million or more.**`);
  });

  it.each(["Size", "Animal", "Airport"] as const)(
    "has the sums of the raw data by %s, the costliest first",
    (title) => {
      const names = { Size: "size", Animal: "species", Airport: "airport" } as const;
      const reported = reportedTable(report, title).map(([name = "", strikes, damaging, , cost]) => [
        /\((\w+)\)/.exec(name)?.[1] ?? name,
        strikes,
        damaging,
        cost,
      ]);
      const expected = groupBy(good, (strike) => strike[names[title]])
        .filter(([name]) => !name.startsWith("Unknown"))
        .map(([name, group]) => ({ name, ...sum(group) }))
        .toSorted((a, b) => b.cost - a.cost)
        .map(({ name, strikes, damaging, cost }) => [
          name,
          number(strikes),
          number(damaging),
          `$${number(cost)}`,
        ]);
      expect(reported.length).toBeGreaterThan(2);
      expect(reported).toEqual(expected.slice(0, reported.length));
    },
  );

  it("has the sums of the raw data by month, in the order of the year", () => {
    const reported = reportedTable(report, "Month").map(([, strikes, damaging]) => [strikes, damaging]);
    const expected = groupBy(good, ({ month }) => String(month))
      .toSorted(([a], [b]) => Number(a) - Number(b))
      .map(([, group]) => sum(group))
      .map(({ strikes, damaging }) => [number(strikes), number(damaging)]);
    expect(reported).toEqual(expected);
  });

  it("tells for each reason how many rows were left out", () => {
    const reported = reportedTable(report, "Reason").map(([reason, rows]) => [reason, rows]);
    const expected = [...leftOut].toSorted(([, a], [, b]) => b - a);
    expect(reported).toEqual([
      ...expected.map(([reason, rows]) => [`Reports: ${reason}`, number(rows)]),
      ["Airports: no city or state", "12"],
      ["Airports: longitude has the wrong sign", "5"],
    ]);
  });
});

describe("a row that was left out", () => {
  it("is kept with the reason and its line in the source", () => {
    const raw = rawLines("birdstrikes.csv");
    const files = readdirSync(join(directory, "rejected")).filter((name) => name.startsWith("strikes"));
    const rejected = files.flatMap((name) => read(`rejected/${name}`).trim().split("\n").slice(1));
    expect(rejected).toHaveLength(489);
    for (const row of rejected) {
      const [line, , date, , aircraft] = row.split(",");
      expect(raw[Number(line) - 1]).toContain(`,${aircraft},`);
      expect(raw[Number(line) - 1]).toContain(`,${date},`);
    }
  });
});

// Each of these starts PostgreSQL and Leat anew.
describe("the next run", { timeout: 120_000 }, () => {
  it("runs nothing when nothing is missing", async () => {
    const { code, stdout } = await start();
    expect(code).toBe(0);
    expect(stdout).toContain("Did not run any tasks");
    expect(stdout).toContain(report);
  });

  it.each<[lost: string, lose: () => Promise<void>, tasks: string[]]>([
    ["the report", () => remove("report.md"), ["Report()"]],
    ["the strikes of a year", () => remove("clean/strikes-1995.csv"), afterCleaning(1995)],
    ["the rejected strikes of a year", () => remove("rejected/strikes-2001.csv"), afterCleaning(2001)],
    [
      "the airports",
      () => remove("clean/airports.csv"),
      ["CleanAirports()", "LoadAirports()", "Report()", "SumStrikes()"],
    ],
    [
      "the marker of a load",
      () => sql("delete from table_updates where update_id like 'LoadStrikes_1998_%'"),
      ["LoadStrikes(year=1998)", "Report()", "SumStrikes()"],
    ],
  ])("makes %s again, and what depends on it", async (_, lose, tasks) => {
    await lose();
    const { code, stdout } = await start();
    expect(code).toBe(0);
    expect(tasksThatRan(stdout)).toEqual(tasks);
    expect(withoutVersion(read("report.md"))).toBe(withoutVersion(report));
  });
});

function afterCleaning(year: number): string[] {
  return [`CleanStrikes(year=${year})`, `LoadStrikes(year=${year})`, "Report()", "SumStrikes()"];
}

/** The tasks that the execution summary names as run, which is all of them when they are of few families. */
function tasksThatRan(stdout: string): string[] {
  const [, block = ""] = /ran successfully:\n((?: {4}- .*\n)*)/.exec(stdout) ?? [];
  return Array.from(block.matchAll(/- 1 (.*)\n/g), ([, task = ""]) => task);
}

function groupBy(strikes: readonly Strike[], name: (strike: Strike) => string): [string, Strike[]][] {
  const groups = new Map<string, Strike[]>();
  for (const strike of strikes) groups.set(name(strike), [...(groups.get(name(strike)) ?? []), strike]);
  return [...groups];
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
