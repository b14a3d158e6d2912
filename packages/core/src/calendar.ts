import { Temporal } from "temporal-polyfill";

/** Reads whole numbers out of a text. `form` shows how it has to look, as in `YYYY-MM-DD`. */
export function readFields(text: string, pattern: RegExp, form: string): number[] {
  const fields = pattern.exec(text);
  if (fields === null) throw new SyntaxError(`it is not of the form ${form}`);
  return fields.slice(1).map(Number);
}

/** A date that exists. */
export function dateOf(year: number, month: number, day: number): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from({ year, month, day }, { overflow: "reject" });
  } catch {
    throw new RangeError("there is no such day");
  }
}

/** `2026-11-20` */
export function formatDate({ year, month, day }: Temporal.PlainDate | Temporal.PlainDateTime): string {
  return `${digits(year, 4)}-${digits(month)}-${digits(day)}`;
}

export function digits(value: number, count = 2): string {
  return String(value).padStart(count, "0");
}

/** Days since 1970-01-01, by the Gregorian calendar as if it had always been in use. */
export function epochDay({ year, month, day }: Temporal.PlainDate | Temporal.PlainDateTime): number {
  // `Date.UTC` takes years below 100 for those of the twentieth century.
  return new Date(0).setUTCFullYear(year, month - 1, day) / 86_400_000;
}

/** The name of the Temporal class of a value, of whatever implementation: the polyfill may stand in a user's tree twice. */
export function temporalKind(value: unknown): string | undefined {
  return /^\[object Temporal\.(\w+)\]$/.exec(Object.prototype.toString.call(value))?.[1];
}

/** The value as one of our implementation of Temporal and of the ISO calendar. */
export function toPlainDate(value: unknown): Temporal.PlainDate {
  const kind = temporalKind(value);
  if (kind === "PlainDateTime") return toPlainDate((value as Temporal.PlainDateTime).toPlainDate());
  if (kind !== "PlainDate") throw new TypeError("it is not a Temporal.PlainDate");
  const date = value as Temporal.PlainDate;
  const isoDate = date.calendarId === "iso8601" ? date : date.withCalendar("iso8601");
  return isoDate instanceof Temporal.PlainDate ? isoDate : Temporal.PlainDate.from(String(isoDate));
}

/** Throws for years outside of 1 to 9999: they are Luigi's limits, and beyond them texts have another shape. */
export function inYears<T extends { readonly year: number }>(value: T): T {
  if (value.year < 1 || value.year > 9999) throw new RangeError("its year is not within 0001 to 9999");
  return value;
}

/** A successor, unless it is beyond the last year. */
export function beforeTheEnd<T extends { readonly year: number }>(value: T): T | undefined {
  return value.year > 9999 ? undefined : value;
}

/** A predecessor, unless it is before the first year. */
export function afterTheBegin<T extends { readonly year: number }>(value: T): T | undefined {
  return value.year < 1 ? undefined : value;
}

/** The remainder that is never negative: how far `value` is past the last multiple of `divisor`. */
export function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
