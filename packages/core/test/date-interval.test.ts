import { DateInterval, p, Temporal } from "@leat/core";
import { describe, expect, it } from "vitest";
import { canonical, leatError } from "./support.ts";

const date = (text: string) => Temporal.PlainDate.from(text);
const parse = (text: string) => DateInterval.parse(text);

describe("the text of a date interval", () => {
  it.each([
    ["2015", "year", "2015-01-01", "2016-01-01"],
    ["2015-11", "month", "2015-11-01", "2015-12-01"],
    ["2012-02", "month", "2012-02-01", "2012-03-01"],
    ["2015-W35", "week", "2015-08-24", "2015-08-31"],
    ["2011-W52", "week", "2011-12-26", "2012-01-02"],
    ["2013-W01", "week", "2012-12-31", "2013-01-07"],
    ["2015-W53", "week", "2015-12-28", "2016-01-04"],
    ["2015-11-04", "day", "2015-11-04", "2015-11-05"],
    ["2015-11-04-2015-12-04", "custom", "2015-11-04", "2015-12-04"],
    ["2015-12-04-2015-11-04", "custom", "2015-12-04", "2015-11-04"],
  ])("%s is a %s from %s up to %s", (text, kind, start, end) => {
    const interval = parse(text);
    expect([interval.kind, String(interval.start), String(interval.end)]).toEqual([kind, start, end]);
    expect(String(interval)).toBe(text);
    expect(canonical(p.dateInterval(), text)).toBe(text);
  });

  it.each([
    "xyz",
    "",
    "2015-1",
    "2015-W5",
    "2015-w35",
    "2015-11-4",
    "2015-11-04/2015-12-04",
    "2015-13",
    "2015-02-30",
    "2015-W00",
    "2015-W54",
    "2016-W53",
    "9999",
    "0000",
    "2015-11-04-2015-02-30",
    "2015\n",
  ])("is not %j", (text) => {
    expect(() => p.dateInterval().parse(text, "T.x")).toThrow(leatError("PARAMETER_INVALID", "T.x"));
  });
});

describe("DateInterval", () => {
  it("has dates and hours", () => {
    expect(parse("2011-W52").dates().map(String)).toEqual([
      "2011-12-26",
      "2011-12-27",
      "2011-12-28",
      "2011-12-29",
      "2011-12-30",
      "2011-12-31",
      "2012-01-01",
    ]);
    expect(parse("2012").dates()).toHaveLength(366);
    expect(parse("2013").hours()).toHaveLength(24 * 365);
    expect(String(parse("2012-02-29").hours()[23])).toBe("2012-02-29T23:00:00");
  });

  it("has none when it ends before it starts", () => {
    expect(parse("2015-12-04-2015-11-04").dates()).toEqual([]);
    expect(parse("2015-12-04-2015-11-04").includes(date("2015-11-20"))).toBe(false);
  });

  it("includes its first day and not its end", () => {
    const interval = parse("2012-02");
    const days = ["2012-01-31", "2012-02-01", "2012-02-29", "2012-03-01"];
    expect(days.map((day) => interval.includes(date(day)))).toEqual([false, true, true, false]);
  });

  it.each([
    ["2015", "2016"],
    ["2012-12", "2013-01"],
    ["2011-W52", "2012-W01"],
    ["2012-W52", "2013-W01"],
    ["2012-02-28", "2012-02-29"],
  ])("%s is followed by %s", (one, two) => {
    expect(String(parse(one).next())).toBe(two);
    expect(String(parse(two).previous())).toBe(one);
  });

  it("has no neighbours when it is custom", () => {
    const custom = parse("2015-11-04-2015-12-04");
    expect(() => custom.next()).toThrow(/2015-11-04-2015-12-04 is a custom interval/);
    expect(() => custom.previous()).toThrow(RangeError);
  });

  it("is found by a date in it; weeks are of their ISO year", () => {
    const day = date("2012-01-01");
    const kinds = ["year", "month", "week", "day"] as const;
    const found = kinds.map((kind) => String(DateInterval.containing(day, kind)));
    expect(found).toEqual(["2012", "2012-01", "2011-W52", "2012-01-01"]);
  });

  it("equals one of the same kind and days, and no other", () => {
    expect(parse("2015").equals(parse("2015"))).toBe(true);
    expect(parse("2015").equals(parse("2014"))).toBe(false);
    expect(parse("2015-11-04").equals(parse("2015-11-04-2015-11-05"))).toBe(false);
  });

  it("sorts by start, then by end", () => {
    const texts = ["2015-02-01-2015-03-01", "2015-01-02-2015-01-04", "2015-01-02-2015-01-03"];
    expect(
      texts
        .map(parse)
        .sort((one, two) => DateInterval.compare(one, two))
        .map(String),
    ).toEqual(texts.toReversed());
  });

  it("is written as its text into JSON and cannot be changed", () => {
    const interval = parse("2015-W35");
    expect(JSON.stringify({ interval })).toBe('{"interval":"2015-W35"}');
    expect(() => Object.assign(interval, { kind: "day" })).toThrow(TypeError);
  });
});

describe("p.dateInterval", () => {
  it("takes intervals, also of another copy of the package, and no texts", () => {
    const foreign = { [Symbol.toStringTag]: "Leat.DateInterval", toString: () => "2015-W35" };
    expect(String(p.dateInterval().check(parse("2015"), "T.x"))).toBe("2015");
    expect(p.dateInterval().check(foreign, "T.x")).toBeInstanceOf(DateInterval);
    for (const wrong of ["2015", date("2015-01-01"), null]) {
      expect(() => p.dateInterval().check(wrong, "T.x")).toThrow(leatError("PARAMETER_INVALID"));
    }
  });
});
