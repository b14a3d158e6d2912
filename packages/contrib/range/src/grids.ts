import { Temporal } from "@leat/core";

/** The moments of a kind of range, numbered. Moments are date-times without a zone. */
export interface Grid {
  /** Number of the first moment that is not before a time. */
  indexFrom(time: Temporal.PlainDateTime): number;
  /** The moment of a number. */
  at(index: number): Temporal.PlainDateTime;
}

const MINUTE_SECONDS = 60;
const EPOCH = Temporal.PlainDateTime.from("1970-01-01");

/** Midnights. */
export const DAYS: Grid = secondsGrid(24 * 60 * MINUTE_SECONDS);

/** Whole hours. */
export const HOURS: Grid = secondsGrid(60 * MINUTE_SECONDS);

/** Every so many minutes, from the whole hour on. */
export function minutes(interval: number): Grid {
  return secondsGrid(interval * MINUTE_SECONDS);
}

/** The first of each month. */
export const MONTHS: Grid = {
  indexFrom(time) {
    const { years, months } = EPOCH.until(firstOfMonth(time), { largestUnit: "years" });
    const index = 12 * years + months;
    return firstOfMonth(time).equals(time) ? index : index + 1;
  },
  at: (index) => EPOCH.add({ months: index }),
};

/** Midnight of the first day of the month of a time. */
export function firstOfMonth(time: Temporal.PlainDateTime): Temporal.PlainDateTime {
  return time.toPlainDate().with({ day: 1 }).toPlainDateTime();
}

function secondsGrid(step: number): Grid {
  return {
    indexFrom: (time) => Math.ceil(EPOCH.until(time).total("seconds") / step),
    at: (index) => EPOCH.add({ seconds: index * step }),
  };
}
