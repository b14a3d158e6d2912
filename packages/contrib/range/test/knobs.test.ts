import { EventBus, p, Task } from "@leat/core";
import { RangeByMinutes, RangeDaily, RangeDailyBase, RangeHourly } from "@leat/range";
import { describe, expect, it } from "vitest";
import { at, date, markedTasks, requiredBy, time } from "./support.ts";

const now = at("2026-11-30T12:00:00");
const ends = { start: date("2026-11-01"), stop: date("2026-11-11"), now };

class Report extends Task.with({
  country: p.string(),
  at: p.date(),
  other: p.date({ default: date("2026-01-01") }),
}) {
  override output(): undefined {
    return undefined;
  }
  override run(): void {}
}

async function warningsOf(range: RangeDaily): Promise<string[]> {
  const warnings: string[] = [];
  const ignore = () => undefined;
  const log = {
    debug: ignore,
    info: ignore,
    error: ignore,
    warn: (message: string) => void warnings.push(message),
  };
  await range.complete(undefined, new EventBus(log));
  return warnings;
}

const refusal = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error;

describe("taskLimit and reverse", () => {
  const { Daily } = markedTasks(new Set(["2026-11-02", "2026-11-09"]));

  it("take the oldest missing ones first", async () => {
    const range = new RangeDailyBase({ of: Daily, ...ends, taskLimit: 3 });
    expect(await requiredBy(range)).toEqual(["2026-11-01", "2026-11-03", "2026-11-04"]);
  });

  it("take the newest missing ones first in reverse", async () => {
    const range = new RangeDailyBase({ of: Daily, ...ends, taskLimit: 3, reverse: true });
    expect(await requiredBy(range)).toEqual(["2026-11-10", "2026-11-08", "2026-11-07"]);
  });

  it("take none when the limit is 0, in either direction", async () => {
    for (const reverse of [false, true]) {
      expect(await requiredBy(new RangeDailyBase({ of: Daily, ...ends, taskLimit: 0, reverse }))).toEqual([]);
    }
  });

  it("look anew each time that the range is asked", async () => {
    const done = new Set<string>();
    const range = new RangeDailyBase({ of: markedTasks(done).Daily, ...ends, taskLimit: 2 });
    expect(await requiredBy(range)).toEqual(["2026-11-01", "2026-11-02"]);
    done.add("2026-11-01").add("2026-11-02");
    expect(await requiredBy(range)).toEqual(["2026-11-03", "2026-11-04"]);
  });

  it("require every task of the range before it was asked", () => {
    const range = new RangeDailyBase({ of: Daily, ...ends, taskLimit: 1, daysBack: 1000 });
    expect(range.requires()).toHaveLength(10);
  });
});

describe("all", () => {
  const done = new Set(["2026-11-02"]);
  const { Daily: of } = markedTasks(done);

  it("requires what is complete as well, in either direction, beyond the limit and however far back", async () => {
    const far = { ...ends, start: date("2026-11-01"), stop: date("2026-11-05"), daysBack: 1, taskLimit: 2 };
    const days = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"];
    expect(await requiredBy(new RangeDaily({ of, ...far, all: true }))).toEqual(days);
    expect(await requiredBy(new RangeDaily({ of, ...far, all: true, reverse: true }))).toEqual(
      days.toReversed(),
    );
  });

  it("is complete when all of them are, and is no part of the range's identity", async () => {
    const days = { of, ...ends, stop: date("2026-11-03") };
    const range = new RangeDaily({ ...days, all: true });
    expect(await range.complete()).toBe(false);
    done.add("2026-11-01");
    expect(await range.complete()).toBe(true);
    expect(range.id).toBe(new RangeDaily(days).id);
  });
});

describe("a range that starts before what is looked at", () => {
  const { Daily: of } = markedTasks(new Set());
  const early = { of, ...ends, daysBack: 25 };

  it("says so, when it has both ends", async () => {
    expect(await warningsOf(new RangeDaily(early))).toEqual([
      "RangeDaily looks back to 2026-11-05T12:00 only, and does nothing of what is missing from 2026-11-01T00:00:00 on. Raise daysBack.",
    ]);
  });

  it("is well, when it has no stop, when all is within, and when all is required", async () => {
    for (const args of [{ stop: null }, { daysBack: 30 }, { all: true }]) {
      expect(await warningsOf(new RangeDaily({ ...early, ...args }))).toEqual([]);
    }
  });
});

it("daysForward below 0 leaves out the current day", async () => {
  const { Daily: of } = markedTasks(new Set());
  const range = new RangeDaily({ of, start: date("2026-11-28"), now, daysForward: -1 });
  expect(await requiredBy(range)).toEqual(["2026-11-28", "2026-11-29"]);
});

describe("the parameters of the tasks", () => {
  it("get the moment in the first one that accepts it and has no value", async () => {
    const range = new RangeDaily({ of: Report, ofParams: { country: "se" }, ...ends, taskLimit: 1 });
    await range.complete();
    expect(range.requires().map(String)).toEqual(["Report(country=se, at=2026-11-01, other=2026-01-01)"]);
  });

  it("get the moment in the one that paramName says", async () => {
    const ofParams = { country: "se", at: "2026-05-05" };
    const range = new RangeDaily({ of: Report, ofParams, paramName: "other", ...ends, taskLimit: 1 });
    await range.complete();
    expect(range.requires().map(String)).toEqual(["Report(country=se, at=2026-05-05, other=2026-11-01)"]);
  });

  it("are part of the identity of the range", () => {
    const range = (country: string) => new RangeDaily({ of: Report, ofParams: { country }, ...ends });
    expect(range("se").id).not.toBe(range("hr").id);
    expect(range("se").id).toBe(range("se").id);
  });

  it("take texts as a command line does, and other values as they are", async () => {
    class Typed extends Task.with({ at: p.date(), n: p.int(), on: p.bool(), tags: p.list() }) {
      override output(): undefined {
        return undefined;
      }
      override run(): void {}
    }
    for (const ofParams of [
      { n: 7, on: true, tags: ["a"] },
      { n: "7", on: "true", tags: '["a"]' },
    ]) {
      const range = new RangeDaily({ of: Typed, ofParams, ...ends, taskLimit: 1 });
      await range.complete();
      expect(range.requires().map(String)).toEqual(['Typed(at=2026-11-01, n=7, on=True, tags=["a"])']);
    }
  });
});

describe("a range that cannot be", () => {
  const of = Report;
  const ofParams = { country: "se" };

  it("has neither start nor stop", () => {
    expect(() => new RangeDaily({ of, ofParams })).toThrow(
      refusal("PARAMETER_MISSING", /RangeDaily has no end/),
    );
  });

  it("has no start and goes forward", () => {
    expect(() => new RangeDaily({ of, ofParams, stop: ends.stop })).toThrow(
      refusal("PARAMETER_MISSING", /no start.*or reverse/),
    );
    expect(new RangeDaily({ of, ofParams, stop: ends.stop, reverse: true }).start).toBeNull();
  });

  it("starts after it stops", () => {
    expect(() => new RangeDaily({ of, ofParams, start: ends.stop, stop: ends.start })).toThrow(
      refusal("PARAMETER_INVALID", /start at 2026-11-11.* stop at 2026-11-01/),
    );
  });

  it("has minutes that do not divide an hour", () => {
    const { Minutely } = markedTasks(new Set());
    const range = (minutesInterval: 5) =>
      new RangeByMinutes({ of: Minutely, start: time("2026-11-30T00:00"), minutesInterval });
    for (const interval of [-1, 0, 8, 60]) {
      expect(() => range(interval as 5)).toThrow(
        refusal("PARAMETER_INVALID", /minutesInterval.*Give one of 1, 2, 3/),
      );
    }
  });

  it("has a negative limit", () => {
    expect(() => new RangeDaily({ of, ofParams, ...ends, taskLimit: -1 })).toThrow(
      refusal("PARAMETER_INVALID", /taskLimit/),
    );
  });

  it.each<[what: string, args: object, code: string, message: RegExp]>([
    ["a task that lacks a parameter", {}, "PARAMETER_MISSING", /Report\.country/],
    [
      "a parameter that the task does not have",
      { ofParams: { country: "se", top: 1 } },
      "PARAMETER_UNKNOWN",
      /"top"/,
    ],
    [
      "a value that the task does not accept",
      { ofParams: { country: 5 } },
      "PARAMETER_INVALID",
      /Report\.country/,
    ],
    [
      "a text that the task does not accept",
      { ofParams: { country: "se", other: "soon" } },
      "PARAMETER_INVALID",
      /"soon"/,
    ],
    [
      "a paramName that the task does not have",
      { ofParams, paramName: "day" },
      "PARAMETER_UNKNOWN",
      /"day".*country, at, other/,
    ],
    [
      "a paramName that takes no moment",
      { ofParams: {}, paramName: "country" },
      "PARAMETER_INVALID",
      /Report\.country/,
    ],
  ])("has %s", (_, args, code, message) => {
    expect(() => new RangeDaily({ of, ...ends, ...args })).toThrow(refusal(code, message));
  });

  it("is of hours where the task has none", () => {
    class NoTime extends Report.with({ at: p.string(), other: p.string() }) {}
    expect(() => new RangeHourly({ of: NoTime, ofParams, start: time("2026-11-01T00:00") })).toThrow(
      refusal("PARAMETER_INVALID", /NoTime has no parameter that accepts 2026-11-01T00:00:00/),
    );
  });
});
