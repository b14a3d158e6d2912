import { type Param, p, Temporal } from "@leat/core";
import { describe, expect, it } from "vitest";
import { canonical, leatError } from "./support.ts";

const invalid = leatError("PARAMETER_INVALID");
const date = (text: string) => Temporal.PlainDate.from(text);
const time = (text: string) => Temporal.PlainDateTime.from(text);

interface Texts {
  readonly param: Param<any>;
  readonly accepted: Readonly<Record<string, string>>;
  readonly refused: readonly string[];
}

const TEXTS: Readonly<Record<string, Texts>> = {
  "p.date": {
    param: p.date(),
    accepted: { "2013-07-10": "2013-07-10", "2013-7-1": "2013-07-01", "0099-01-01": "0099-01-01" },
    refused: [
      "20130710",
      "13-07-10",
      "2013-02-30",
      "2013-07-10T01",
      " 2013-07-10",
      "2013-07-10\n",
      "2013-07-010",
      "0000-01-01",
      "",
    ],
  },
  "p.month": {
    param: p.month(),
    accepted: { "2013-07": "2013-07", "2013-7": "2013-07" },
    refused: ["2013", "2013-13", "2013-0", "2013-07-01", "0000-01"],
  },
  "p.year": {
    param: p.year(),
    accepted: { "2013": "2013", "0001": "0001" },
    refused: ["13", "20134", "0000", "-2013", "2013-01"],
  },
  "p.dateHour": {
    param: p.dateHour(),
    accepted: {
      "2013-07-10T19": "2013-07-10T19",
      "2013-07-10T9": "2013-07-10T09",
      "2013-7-1t19": "2013-07-01T19",
    },
    refused: ["2013-07-10", "2013-07-10 19", "2013-07-10T24", "2013-07-10T1930", "2013-02-30T01"],
  },
  "p.dateMinute": {
    param: p.dateMinute(),
    accepted: { "2013-07-10T1907": "2013-07-10T1907", "2013-7-1t0000": "2013-07-01T0000" },
    refused: ["2013-07-10T9", "2013-07-10T19", "2013-07-10T197", "2013-07-10T1960", "2013-07-10T190738"],
  },
  "p.dateSecond": {
    param: p.dateSecond(),
    accepted: { "2013-07-10T190738": "2013-07-10T190738", "2013-7-1t000000": "2013-07-01T000000" },
    refused: ["2013-07-10T1907", "2013-07-10T19073", "2013-07-10T190760", "2013-07-10T246000"],
  },
};

describe.each(Object.entries(TEXTS))("%s", (_name, { param, accepted, refused }) => {
  it.each(Object.entries(accepted))("reads %j as %s", (text, expected) => {
    expect(canonical(param, text)).toBe(expected);
  });

  it.each(refused)("refuses the text %j", (text) => {
    expect(() => param.parse(text, "T.x")).toThrow(invalid);
  });

  it.each([["2013-07-10"], [new Date(0)], [null], [2013.5], [{}]])("refuses the value %s", (value) => {
    expect(() => param.check(value, "T.x")).toThrow(invalid);
  });
});

describe("values of dates and times", () => {
  it("are of Temporal", () => {
    expect(p.date().parse("2013-7-1", "T.x").equals(date("2013-07-01"))).toBe(true);
    expect(p.month().parse("2013-7", "T.x").equals("2013-07")).toBe(true);
    expect(p.year().parse("2013", "T.x")).toBe(2013);
    expect(p.dateMinute().parse("2013-07-10T1907", "T.x").equals(time("2013-07-10T19:07"))).toBe(true);
  });

  it("lose what their parameter does not hold", () => {
    const value = time("2013-07-10T19:07:38.123456789");
    const texts = [p.date(), p.month(), p.dateHour(), p.dateMinute(), p.dateSecond()].map(
      (param: Param<any>) => param.type.normalize(value).toString(),
    );
    expect(texts).toEqual([
      "2013-07-10",
      "2013-07",
      "2013-07-10T19:00:00",
      "2013-07-10T19:07:00",
      "2013-07-10T19:07:38",
    ]);
  });

  it("begin at midnight when a date is given for a time", () => {
    expect(p.dateHour().type.normalize(date("2013-07-10")).toString()).toBe("2013-07-10T00:00:00");
  });

  it("become those of the ISO calendar", () => {
    const gregorian = date("2013-07-10").withCalendar("gregory");
    expect(p.date().type.normalize(gregorian).toString()).toBe("2013-07-10");
    expect(p.dateHour().type.normalize(gregorian.toPlainDateTime()).toString()).toBe("2013-07-10T00:00:00");
    expect(() => p.month().check(gregorian.toPlainYearMonth(), "T.x")).toThrow(invalid);
  });

  it("are accepted from another implementation of Temporal", () => {
    const foreign = {
      calendarId: "iso8601",
      [Symbol.toStringTag]: "Temporal.PlainDate",
      toString: () => "2013-07-10",
    };
    expect(p.date().check(foreign, "T.x")).toBeInstanceOf(Temporal.PlainDate);
  });

  it("stay within the years that a text can hold", () => {
    expect(() => p.date().check(date("+010000-01-01"), "T.x")).toThrow(invalid);
    expect(() => p.year().check(10_000, "T.x")).toThrow(invalid);
    expect(() => p.date({ intervalDays: 7 }).check(date("0001-01-01"), "T.x")).toThrow(invalid);
  });
});

describe("a grid moves values back", () => {
  const moved = (param: Param<any>, text: string) => canonical(param, text);

  it.each<[string, Param<any>, string, string]>([
    [
      "3 days from a start",
      p.date({ intervalDays: 3, start: date("2001-02-01") }),
      "2001-02-03",
      "2001-02-01",
    ],
    ["7 days, before the start", p.date({ intervalDays: 7 }), "1969-12-30", "1969-12-25"],
    ["7 days, on the grid", p.date({ intervalDays: 7 }), "1970-01-08", "1970-01-08"],
    [
      "13 months from a start",
      p.month({ intervalMonths: 13, start: Temporal.PlainYearMonth.from("2014-01") }),
      "2015-07",
      "2015-02",
    ],
    ["5 years from a start", p.year({ intervalYears: 5, start: 2011 }), "2015", "2011"],
    ["2 hours", p.dateHour({ intervalHours: 2 }), "2013-02-03T05", "2013-02-03T04"],
    ["5 hours from the epoch", p.dateHour({ intervalHours: 5 }), "2020-01-02T03", "2020-01-02T03"],
    [
      "5 hours from a start",
      p.dateHour({ intervalHours: 5, start: time("2020-01-02T01:00") }),
      "2020-01-02T08",
      "2020-01-02T06",
    ],
    ["2 minutes", p.dateMinute({ intervalMinutes: 2 }), "2013-02-03T0431", "2013-02-03T0430"],
    ["15 minutes", p.dateMinute({ intervalMinutes: 15 }), "2013-02-03T0344", "2013-02-03T0330"],
    ["2 seconds", p.dateSecond({ intervalSeconds: 2 }), "2013-02-03T000007", "2013-02-03T000006"],
    [
      "2 seconds, before the epoch",
      p.dateSecond({ intervalSeconds: 2 }),
      "1969-12-31T235959",
      "1969-12-31T235958",
    ],
  ])("of %s", (_what, param, text, expected) => {
    expect(moved(param, text)).toBe(expected);
  });

  it.each([0, -1, 1.5, Number.NaN])("and refuses an interval of %s", (interval) => {
    const declarations = [
      () => p.date({ intervalDays: interval }),
      () => p.month({ intervalMonths: interval }),
      () => p.year({ intervalYears: interval }),
      () => p.dateHour({ intervalHours: interval }),
      () => p.dateMinute({ intervalMinutes: interval }),
      () => p.dateSecond({ intervalSeconds: interval }),
    ];
    for (const declare of declarations) {
      expect(declare).toThrow(leatError("PARAMETER_DECLARATION_INVALID", "interval", String(interval)));
    }
  });

  it("begins at a time that the parameter can hold", () => {
    const start = time("2013-02-03T04:05:06");
    for (const declare of [() => p.dateHour({ start }), () => p.dateMinute({ start })]) {
      expect(declare).toThrow(leatError("PARAMETER_DECLARATION_INVALID", "2013-02-03T04:05"));
    }
    expect(() => p.dateSecond({ start })).not.toThrow();
  });

  it("moves its default, too", () => {
    const param = p.date({ intervalDays: 7, default: date("1970-01-10") });
    expect(String(param.default)).toBe("1970-01-08");
  });
});

describe("the successor", () => {
  it.each<[Param<any>, string]>([
    [p.date(), "9999-12-31"],
    [p.month({ intervalMonths: 2 }), "9999-12"],
    [p.year(), "9999"],
    [p.dateMinute(), "9999-12-31T2359"],
  ])("is none at the end (%#)", (param, text) => {
    expect(param.type.successor?.(param.parse(text, "T.x"))).toBeUndefined();
  });

  it.each<[Param<any>, string, string]>([
    [p.date({ intervalDays: 3 }), "1970-01-31", "1970-02-03"],
    [p.month({ intervalMonths: 2 }), "2013-11", "2014-01"],
    [p.year({ intervalYears: 2 }), "2012", "2014"],
    [p.dateHour(), "2013-12-31T23", "2014-01-01T00"],
    [p.dateMinute({ intervalMinutes: 15 }), "2013-12-31T2345", "2014-01-01T0000"],
    [p.dateSecond(), "2013-12-31T235959", "2014-01-01T000000"],
  ])("is the next value of the grid (%#)", (param, text, expected) => {
    const next: unknown = param.type.successor?.(param.parse(text, "T.x"));
    expect(param.type.serialize(next)).toBe(expected);
  });
});
