import { p, Temporal } from "@leat/core";
import { describe, expect, it } from "vitest";
import { canonical, leatError } from "./support.ts";

const param = p.timeDelta();

describe("p.timeDelta", () => {
  it.each([
    ["5", "0 w 0 d 0 h 0 m 5 s"],
    ["0", "0 w 0 d 0 h 0 m 0 s"],
    ["56789", "0 w 0 d 15 h 46 m 29 s"],
    ["1e3", "0 w 0 d 0 h 16 m 40 s"],
    ["P5D", "0 w 5 d 0 h 0 m 0 s"],
    ["P5W", "5 w 0 d 0 h 0 m 0 s"],
    ["PT6M", "0 w 0 d 0 h 6 m 0 s"],
    ["P4DT12H30M5S", "0 w 4 d 12 h 30 m 5 s"],
    ["P0D", "0 w 0 d 0 h 0 m 0 s"],
    ["PT0S", "0 w 0 d 0 h 0 m 0 s"],
    ["P1W2D", "1 w 2 d 0 h 0 m 0 s"],
    ["1 week", "1 w 0 d 0 h 0 m 0 s"],
    ["1 w", "1 w 0 d 0 h 0 m 0 s"],
    ["2weeks", "2 w 0 d 0 h 0 m 0 s"],
    ["1w2d", "1 w 2 d 0 h 0 m 0 s"],
    ["1 week 2 days", "1 w 2 d 0 h 0 m 0 s"],
    ["3w 4h 5m", "3 w 0 d 4 h 5 m 0 s"],
    ["1 hour 30 minutes", "0 w 0 d 1 h 30 m 0 s"],
    ["0 seconds", "0 w 0 d 0 h 0 m 0 s"],
    ["36 hours", "0 w 1 d 12 h 0 m 0 s"],
    ["5 w 4 d 3 h 2 m 1 s", "5 w 4 d 3 h 2 m 1 s"],
    // Luigi drops fractions and cannot read its own negative texts.
    ["12.34", "0 w 0 d 0 h 0 m 12.34 s"],
    ["PT1.5S", "0 w 0 d 0 h 0 m 1.5 s"],
    ["1.000000001 s", "0 w 0 d 0 h 0 m 1.000000001 s"],
    ["-5", "-1 w 6 d 23 h 59 m 55 s"],
    ["-1 w 6 d 0 h 0 m 0 s", "-1 w 6 d 0 h 0 m 0 s"],
  ])("reads %j as %s", (text, expected) => {
    expect(canonical(param, text)).toBe(expected);
    expect(canonical(param, expected)).toBe(expected);
  });

  it.each([
    "",
    "abc",
    "5 x",
    "1  d",
    " 1 d",
    "1 D",
    "1.5 h",
    "-1 d",
    "nan",
    "inf",
    "1 d 1 w",
    "1h 1h",
    "1 month",
    "1 min 30 s",
    "1 day foo",
    "P",
    "PT",
    "P1Y",
    "P6M",
    "P3Y6M4DT12H30M5S",
    "p1d",
    "PT5M junk",
    "P1D1H",
    "1000000000 d",
  ])("refuses the text %j", (text) => {
    expect(() => param.parse(text, "T.x")).toThrow(
      leatError("PARAMETER_INVALID", "a length of time such as"),
    );
  });

  it("holds equal times as equal values", () => {
    const ofMinutes = param.check(Temporal.Duration.from({ minutes: 90 }), "T.x");
    const ofWeeks = param.check(Temporal.Duration.from({ weeks: 1, hours: 25 }), "T.x");
    expect([String(ofMinutes), String(ofWeeks)]).toEqual(["PT1H30M", "P8DT1H"]);
  });

  it("refuses values that are no durations of one length", () => {
    for (const wrong of [
      60,
      "PT1M",
      null,
      Temporal.Duration.from({ months: 1 }),
      Temporal.Duration.from("P1Y"),
    ]) {
      expect(() => param.check(wrong, "T.x")).toThrow(leatError("PARAMETER_INVALID"));
    }
  });
});
