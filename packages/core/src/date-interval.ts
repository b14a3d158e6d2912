import { Temporal } from "temporal-polyfill";
import { dateOf, digits, formatDate, inYears, toPlainDate } from "./calendar.ts";

/** What an interval is: one of the calendar, or two dates of one's own. */
export type DateIntervalKind = "year" | "month" | "week" | "day" | "custom";

const KIND = "Leat.DateInterval";

/**
 * Some days in a row: a year `2026`, a month `2026-11`, an ISO week `2026-W47`, a day `2026-11-20`, or from one date up to
 * another that is not part of it, `2026-11-20-2026-12-24`. A custom interval that ends before it starts has no days.
 */
export class DateInterval {
  readonly kind: DateIntervalKind;
  /** The first day. */
  readonly start: Temporal.PlainDate;
  /** The day after the last one. */
  readonly end: Temporal.PlainDate;

  private constructor(kind: DateIntervalKind, start: Temporal.PlainDate, end: Temporal.PlainDate) {
    this.kind = kind;
    this.start = inYears(start);
    this.end = inYears(end);
    Object.freeze(this);
  }

  /** True for an interval of any copy of this package. */
  static isDateInterval(value: unknown): value is DateInterval {
    return Object.prototype.toString.call(value) === `[object ${KIND}]`;
  }

  /** Reads the text of any kind. Throws for any other text. */
  static parse(text: string): DateInterval {
    for (const { pattern, make } of FORMS) {
      const fields = pattern.exec(text);
      if (fields !== null) return make(...fields.slice(1).map(Number));
    }
    throw new SyntaxError("it is not of the form of a date interval");
  }

  /** The year, month, week or day that a date is in. */
  static containing(date: Temporal.PlainDate, kind: Exclude<DateIntervalKind, "custom">): DateInterval {
    const start = firstDayOf(kind, toPlainDate(date));
    return new DateInterval(kind, start, start.add({ [`${kind}s`]: 1 }));
  }

  /** An ISO week of an ISO year, which begins on a Monday. Throws for a week that the year does not have. */
  static ofWeek(isoYear: number, week: number): DateInterval {
    // The first week is the one with 4 January in it.
    const found = DateInterval.containing(dateOf(isoYear, 1, 4).add({ weeks: week - 1 }), "week");
    if (found.start.yearOfWeek !== isoYear || found.start.weekOfYear !== week)
      throw new RangeError("there is no such week");
    return found;
  }

  /** The days from `start` up to `end`, which is not one of them. */
  static between(start: Temporal.PlainDate, end: Temporal.PlainDate): DateInterval {
    return new DateInterval("custom", toPlainDate(start), toPlainDate(end));
  }

  /** Orders by start, then by end, for `sort`. */
  static compare(one: DateInterval, two: DateInterval): number {
    return Temporal.PlainDate.compare(one.start, two.start) || Temporal.PlainDate.compare(one.end, two.end);
  }

  get [Symbol.toStringTag](): string {
    return KIND;
  }

  /** Whether both are of one kind and have the same days. */
  equals(other: DateInterval): boolean {
    return this.kind === other.kind && DateInterval.compare(this, other) === 0;
  }

  includes(date: Temporal.PlainDate): boolean {
    return (
      Temporal.PlainDate.compare(this.start, date) <= 0 && Temporal.PlainDate.compare(date, this.end) < 0
    );
  }

  /** The interval of the same kind that begins where this one ends. Throws for custom ones. */
  next(): DateInterval {
    return DateInterval.containing(this.end, calendarKindOf(this));
  }

  /** The interval of the same kind that ends where this one begins. Throws for custom ones. */
  previous(): DateInterval {
    return DateInterval.containing(this.start.subtract({ days: 1 }), calendarKindOf(this));
  }

  /** Each day. */
  dates(): Temporal.PlainDate[] {
    const count = Math.max(0, this.start.until(this.end).days);
    return Array.from({ length: count }, (_, days) => this.start.add({ days }));
  }

  /** Each hour of each day. */
  hours(): Temporal.PlainDateTime[] {
    return this.dates().flatMap((date) =>
      Array.from({ length: 24 }, (_, hour) => date.toPlainDateTime({ hour })),
    );
  }

  toString(): string {
    const { kind, start, end } = this;
    if (kind === "year") return digits(start.year, 4);
    if (kind === "month") return `${digits(start.year, 4)}-${digits(start.month)}`;
    if (kind === "week")
      return `${digits(start.yearOfWeek as number, 4)}-W${digits(start.weekOfYear as number)}`;
    return kind === "day" ? formatDate(start) : `${formatDate(start)}-${formatDate(end)}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

function calendarKindOf(interval: DateInterval): Exclude<DateIntervalKind, "custom"> {
  if (interval.kind === "custom") {
    throw new RangeError(`${interval} is a custom interval, which has no neighbours.`);
  }
  return interval.kind;
}

/** How the text of each kind looks, and what its numbers make. */
const FORMS: readonly { pattern: RegExp; make: (...fields: number[]) => DateInterval }[] = [
  { pattern: /^(\d{4})$/, make: (year: number) => DateInterval.containing(dateOf(year, 1, 1), "year") },
  {
    pattern: /^(\d{4})-(\d\d)$/,
    make: (year: number, month: number) => DateInterval.containing(dateOf(year, month, 1), "month"),
  },
  { pattern: /^(\d{4})-W(\d\d)$/, make: (year: number, week: number) => DateInterval.ofWeek(year, week) },
  {
    pattern: /^(\d{4})-(\d\d)-(\d\d)$/,
    make: (...day: number[]) => DateInterval.containing(dateOfFields(day), "day"),
  },
  {
    pattern: /^(\d{4})-(\d\d)-(\d\d)-(\d{4})-(\d\d)-(\d\d)$/,
    make: (...days: number[]) =>
      DateInterval.between(dateOfFields(days.slice(0, 3)), dateOfFields(days.slice(3))),
  },
];

function dateOfFields(fields: readonly number[]): Temporal.PlainDate {
  return dateOf(...(fields as [number, number, number]));
}

function firstDayOf(kind: DateIntervalKind, date: Temporal.PlainDate): Temporal.PlainDate {
  if (kind === "year") return date.with({ month: 1, day: 1 });
  if (kind === "month") return date.with({ day: 1 });
  return kind === "week" ? date.subtract({ days: date.dayOfWeek - 1 }) : date;
}
