import { Temporal } from "@leat/core";
import * as fc from "fast-check";

/** What luigi_ranges.py reads. */
export interface RandomRange {
  readonly kind: "daily" | "hourly" | "minutes" | "monthly";
  /** Whether completeness is found out for all at once. */
  readonly isBulk: boolean;
  readonly start: string | null;
  readonly stop: string | null;
  /** Seconds since 1970. */
  readonly now: number;
  readonly back: number;
  readonly forward: number;
  readonly interval: number;
  readonly reverse: boolean;
  readonly taskLimit: number;
  readonly tag: number;
  /** Every n-th moment is complete; none for 0. */
  readonly every: number;
}

const UNITS = { daily: "days", hourly: "hours", minutes: "minutes", monthly: "months" } as const;
/** Length of `2026-11-20T17` and the like. */
const TEXT_LENGTHS = { daily: 10, hourly: 13, minutes: 16, monthly: 7 } as const;

// Leap days, ends of years, and times on and off every grid.
const nows = fc
  .record({
    day: fc.integer({ min: -40, max: 40 }),
    minute: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1439 })),
    second: fc.constantFrom(0, 0, 29),
    around: fc.constantFrom("2024-02-29", "2025-12-31", "2000-03-01", "2026-11-20"),
  })
  .map(({ day, minute, second, around }) =>
    Temporal.PlainDateTime.from(around).add({ days: day }).add({ minutes: minute, seconds: second }),
  );

export const randomRanges: fc.Arbitrary<RandomRange> = fc
  .record({
    kind: fc.constantFrom(...(Object.keys(UNITS) as RandomRange["kind"][])),
    isBulk: fc.boolean(),
    now: nows,
    start: fc.option(fc.integer({ min: -45, max: 15 }), { freq: 5 }),
    stop: fc.option(fc.integer({ min: -25, max: 40 }), { freq: 3 }),
    back: fc.integer({ min: 0, max: 40 }),
    forward: fc.constantFrom(0, 0, 1, 7, 20),
    interval: fc.constantFrom(1, 2, 5, 15, 30),
    reverse: fc.boolean(),
    // Of 0 and reverse Luigi makes all of them.
    taskLimit: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constant(50)),
    tag: fc.integer({ min: 0, max: 3 }),
    every: fc.integer({ min: 0, max: 4 }),
  })
  .map(({ now, start, stop, ...range }) => ({
    ...range,
    now: now.toZonedDateTime("UTC").epochMilliseconds / 1000,
    start: textOf(range.kind, now, start),
    stop: textOf(range.kind, now, stop),
  }));

function textOf(
  kind: RandomRange["kind"],
  now: Temporal.PlainDateTime,
  offset: number | null,
): string | null {
  if (offset === null) return null;
  const text = now.add({ [UNITS[kind]]: offset }).toString({ smallestUnit: "minute" });
  // As Luigi reads minutes: `2026-11-20T1745`.
  return text.slice(0, TEXT_LENGTHS[kind]).replace(":", "");
}
