import type { ConcreteTaskClass } from "@leat/core";
import { RangeByMinutes, RangeByMinutesBase } from "./range-by-minutes.ts";
import { RangeDaily, RangeDailyBase } from "./range-daily.ts";
import { RangeHourly, RangeHourlyBase } from "./range-hourly.ts";
import { RangeMonthly } from "./range-monthly.ts";

export type { Grid } from "./grids.ts";
export { RangeBase } from "./range-base.ts";
export {
  RangeByMinutes,
  RangeByMinutesBase,
  RangeDaily,
  RangeDailyBase,
  RangeHourly,
  RangeHourlyBase,
  RangeMonthly,
};
export type { Limits } from "./window.ts";

/** The range tasks, which a command line offers beside the tasks of a module. */
export const RANGE_TASKS: readonly ConcreteTaskClass[] = [
  RangeDaily,
  RangeHourly,
  RangeByMinutes,
  RangeMonthly,
  RangeDailyBase,
  RangeHourlyBase,
  RangeByMinutesBase,
];
