import * as api from "@leat/range";
import { expect, it } from "vitest";

it("exports these names at run time", () => {
  expect(Object.keys(api).toSorted()).toEqual([
    "RANGE_TASKS",
    "RangeBase",
    "RangeByMinutes",
    "RangeByMinutesBase",
    "RangeDaily",
    "RangeDailyBase",
    "RangeHourly",
    "RangeHourlyBase",
    "RangeMonthly",
  ]);
});

it("has every range task in the list for command lines", () => {
  const classes = Object.values(api).filter(
    (value) => typeof value === "function" && value !== api.RangeBase,
  );
  expect(new Set(api.RANGE_TASKS)).toEqual(new Set(classes));
});
