import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { leat, useDirectory } from "./command-line.ts";

const MODULE = fileURLToPath(new URL("./fixtures/countdown.ts", import.meta.url));
useDirectory();

/** The lines of a summary that name tasks. */
async function tasksOf(...args: string[]): Promise<string[]> {
  const { stdout, exitCode } = await leat(["run", MODULE, ...args]);
  expect(exitCode).toBe(0);
  return Array.from(stdout.matchAll(/^ {4}- \d+ (.*)$/gm), ([, line = ""]) => line);
}

const RANGE = [
  "RangeDaily",
  "--of",
  "etl.Report",
  "--start",
  "2026-11-01",
  "--stop",
  "2026-11-03",
  "--now",
  "1800000000",
];

describe("a short flag", () => {
  it("reaches the requested task alone, a long one all of its class", async () => {
    expect(await tasksOf("Countdown", "--from", "1", "--label", "a")).toEqual([
      "Countdown(from=0, label=x) and Countdown(from=1, label=a)",
    ]);
    expect(await tasksOf("Countdown", "--from", "1", "--Countdown-label", "b")).toEqual([
      "Countdown(from=0, label=b) and Countdown(from=1, label=b)",
    ]);
  });

  it("of the ranged task is unknown to a range, whose long form works", async () => {
    const refused = await leat(["run", MODULE, ...RANGE, "--country", "hr"]);
    expect([refused.exitCode, refused.stderr.includes("--country")]).toEqual([2, true]);
    expect(await tasksOf(...RANGE, "--etl.Report-country", "hr", "--days-back", "10000")).toContain(
      "etl.Report(country=hr, date=2026-11-01) and etl.Report(country=hr, date=2026-11-02)",
    );
  });
});

describe("a misspelled task", () => {
  it("is told also when its flags are unknown", async () => {
    const { exitCode, stderr } = await leat(["run", MODULE, "Countdwn", "--frm", "1"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("Did you mean Countdown");
  });
});

describe("of-params", () => {
  it("are JSON, and reach the tasks of a namespace", async () => {
    const args = [...RANGE, "--days-back", "10000", "--of-params", '{"country": "rs"}'];
    expect(await tasksOf(...args)).toContain(
      "etl.Report(country=rs, date=2026-11-01) and etl.Report(country=rs, date=2026-11-02)",
    );
  });
});
