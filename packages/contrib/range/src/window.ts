import type { Temporal } from "@leat/core";
import type { Grid } from "./grids.ts";

/** What limits a range: what was asked for, and what is looked at from now on back and forward. */
export interface Limits {
  /** First moment asked for; `undefined` means all that went before. */
  readonly start: Temporal.PlainDateTime | undefined;
  /** The moment after the last one asked for; `undefined` means all that is to come. */
  readonly stop: Temporal.PlainDateTime | undefined;
  /** No moment before this is looked at. */
  readonly earliest: Temporal.PlainDateTime;
  /** No moment from this on is looked at. */
  readonly latest: Temporal.PlainDateTime;
}

/** Moments by their numbers in a grid; ends are not part of it. */
export interface Window {
  /** The moments to look at. */
  readonly first: number;
  readonly end: number;
  /** The moments by which progress is measured: also those that are asked for and not looked at. */
  readonly measuredFirst: number;
  readonly measuredEnd: number;
}

export function windowOf({ start, stop, earliest, latest }: Limits, grid: Grid): Window {
  const lowest = grid.indexFrom(earliest);
  const highest = grid.indexFrom(latest);
  const askedFirst = start === undefined ? lowest : grid.indexFrom(start);
  const askedEnd = stop === undefined ? highest : grid.indexFrom(stop);
  const first = Math.max(askedFirst, lowest);
  const end = Math.min(askedEnd, highest);
  return {
    first,
    end,
    measuredFirst: start === undefined ? first : Math.min(first, askedFirst),
    measuredEnd: stop === undefined ? end : Math.max(end, askedEnd),
  };
}

/** The numbers of the moments to look at, in order. */
export function indexesOf({ first, end }: Window): number[] {
  return Array.from({ length: Math.max(end - first, 0) }, (_, offset) => first + offset);
}

/** Luigi's three numbers about a range. */
export interface Progress {
  readonly delay: number;
  readonly completeCount: number;
  readonly completeFraction: number;
}

/** @param missing numbers of the moments that are missing, in order */
export function progressOf({ measuredFirst, measuredEnd }: Window, missing: readonly number[]): Progress {
  const count = Math.max(measuredEnd - measuredFirst, 0);
  const [oldest] = missing;
  const completeCount = count - missing.length;
  return {
    delay: oldest === undefined ? 0 : measuredEnd - oldest,
    completeCount,
    completeFraction: count === 0 ? 1 : completeCount / count,
  };
}
