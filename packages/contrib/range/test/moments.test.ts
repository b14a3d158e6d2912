import { RangeByMinutesBase, RangeDailyBase, RangeHourlyBase, RangeMonthly } from "@leat/range";
import { describe, expect, it } from "vitest";
import { at, date, markedTasks, month, requiredBy, time } from "./support.ts";

const { Daily, Hourly, Minutely, Monthly } = markedTasks(new Set());

describe("the days of RangeDailyBase", () => {
  const now = at("2026-12-01T04:00:00");

  it("begin at start and end before stop", async () => {
    const range = new RangeDailyBase({ of: Daily, start: date("2026-11-28"), stop: date("2026-11-30"), now });
    expect(await requiredBy(range)).toEqual(["2026-11-28", "2026-11-29"]);
  });

  it("include the current day once it has begun", async () => {
    const from = { of: Daily, start: date("2026-11-30") };
    expect(await requiredBy(new RangeDailyBase({ ...from, now }))).toEqual(["2026-11-30", "2026-12-01"]);
    const atMidnight = new RangeDailyBase({ ...from, now: at("2026-12-01T00:00:00") });
    expect(await requiredBy(atMidnight)).toEqual(["2026-11-30"]);
  });

  it("begin daysBack before now at the earliest", async () => {
    const from = { of: Daily, start: date("2026-01-01"), stop: date("2026-12-01"), daysBack: 2 };
    expect(await requiredBy(new RangeDailyBase({ ...from, now }))).toEqual(["2026-11-30"]);
    const atMidnight = new RangeDailyBase({ ...from, now: at("2026-12-01T00:00:00") });
    expect(await requiredBy(atMidnight)).toEqual(["2026-11-29", "2026-11-30"]);
  });

  it("end daysForward after now at the latest", async () => {
    const range = new RangeDailyBase({
      of: Daily,
      start: date("2026-12-01"),
      stop: date("2027-01-01"),
      daysForward: 2,
      now,
    });
    expect(await requiredBy(range)).toEqual(["2026-12-01", "2026-12-02", "2026-12-03"]);
  });

  it("are none, and the range complete, when start is stop, all is to come, or all is long gone", async () => {
    const ranges = [
      { start: date("2026-11-30"), stop: date("2026-11-30") },
      { start: date("2027-01-01") },
      { stop: date("2026-01-01"), reverse: true },
    ].map((ends) => new RangeDailyBase({ of: Daily, now, ...ends }));
    for (const range of ranges) {
      expect(await range.complete()).toBe(true);
      expect(range.requires()).toEqual([]);
    }
  });
});

describe("the hours of RangeHourlyBase", () => {
  const now = at("2026-11-30T05:17:00");

  it("begin hoursBack before now, and end hoursForward after it", async () => {
    const range = new RangeHourlyBase({
      of: Hourly,
      start: time("2026-01-01T00:00"),
      hoursBack: 2,
      hoursForward: 1,
      now,
    });
    expect(await requiredBy(range)).toEqual([
      "2026-11-30T04:00:00",
      "2026-11-30T05:00:00",
      "2026-11-30T06:00:00",
    ]);
  });

  it("begin at a start that is later", async () => {
    const range = new RangeHourlyBase({ of: Hourly, start: time("2026-11-30T05:00"), now });
    expect(await requiredBy(range)).toEqual(["2026-11-30T05:00:00"]);
  });
});

describe("the minutes of RangeByMinutesBase", () => {
  const now = at("2026-11-30T02:00:00");

  it("are every minutesInterval minutes of the hour", async () => {
    const ends = {
      start: time("2026-11-30T00:00"),
      stop: time("2026-11-30T01:00"),
      minutesInterval: 3,
    } as const;
    const moments = await requiredBy(new RangeByMinutesBase({ of: Minutely, ...ends, now }));
    expect(moments).toHaveLength(20);
    expect([moments[0], moments[1], moments.at(-1)]).toEqual([
      "2026-11-30T00:00:00",
      "2026-11-30T00:03:00",
      "2026-11-30T00:57:00",
    ]);
  });

  it("begin with the next one when start lies between two", async () => {
    const ends = {
      start: time("2026-11-30T01:01"),
      stop: time("2026-11-30T01:06"),
      minutesInterval: 3,
    } as const;
    const range = new RangeByMinutesBase({ of: Minutely, ...ends, now });
    expect(await requiredBy(range)).toEqual(["2026-11-30T01:03:00"]);
  });

  it("begin minutesBack before now at the earliest", async () => {
    const ends = {
      start: time("2026-01-01T00:00"),
      minutesBack: 5,
      minutesInterval: 5,
      now: at("2026-11-30T00:03:00"),
    } as const;
    expect(await requiredBy(new RangeByMinutesBase({ of: Minutely, ...ends }))).toEqual([
      "2026-11-30T00:00:00",
    ]);
  });
});

describe("the months of RangeMonthly", () => {
  const ends = { of: Monthly, start: month("2020-01") };

  it("leave out the current one", async () => {
    const range = new RangeMonthly({ ...ends, monthsBack: 4, now: at("2026-11-20T10:00:00") });
    expect(await requiredBy(range)).toEqual(["2026-07", "2026-08", "2026-09", "2026-10"]);
  });

  it("go on monthsForward from the current one", async () => {
    const range = new RangeMonthly({
      ...ends,
      monthsBack: 0,
      monthsForward: 2,
      now: at("2026-12-01T00:00:00"),
    });
    expect(await requiredBy(range)).toEqual(["2026-12", "2027-01"]);
  });

  it("are given as first days to tasks that have a date", async () => {
    const range = new RangeMonthly({
      of: Daily,
      start: month("2026-09"),
      stop: month("2026-11"),
      now: at("2026-11-20T00:00:00"),
    });
    expect(await requiredBy(range)).toEqual(["2026-09-01", "2026-10-01"]);
  });
});
