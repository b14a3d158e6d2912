import { isTemporal, ValueError } from "@leat/copy-to-table";
import type { ColumnType } from "./column-type.ts";
import type { ValueType } from "./value-type.ts";

/** A day, and optionally `T` or a blank with a time, and `Z` or an offset. */
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?(?:([Zz])|([+-])(\d\d):?([0-5]\d)?)?)?$/;
const TIME = /^(-?)(\d{2,3}):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?$/;
/** https://dev.mysql.com/doc/refman/8.4/en/time.html */
const MAX_HOURS = 838;

const DATE = "a day from 0001-01-01 to 9999-12-31, as text or Temporal.PlainDate";

/** `date`. Not from a Date, which is a moment: the day depends on the zone. */
export const date: ValueType = {
  text(value) {
    const text = typeof value === "string" || isTemporal(value, "PlainDate") ? String(value) : "";
    const match = text.length === 10 ? DATE_TIME.exec(text) : null;
    if (match === null || !isDay(match)) throw new ValueError(value, DATE);
    return text;
  },
};

/** `datetime`: text without a zone; a Date is stored as its UTC reading, whatever the zone of the process. */
export function datetime({ numbers }: ColumnType): ValueType {
  const digits = numbers[0] ?? 0;
  const expects = `a date and time without zone such as 2026-11-20 23:59:59, with at most ${digits} decimals, as text or Temporal.PlainDateTime, or a Date (in UTC)`;
  return {
    text(value) {
      const text = value instanceof Date ? utcText(value) : textOf(value, ["PlainDateTime"]);
      const match = DATE_TIME.exec(text);
      if (match === null || !isDay(match) || hasOffset(match)) throw new ValueError(value, expects);
      if (!fits(match[7], digits)) throw new ValueError(value, expects);
      return cutDecimals(text, match[7], digits);
    },
  };
}

/** `timestamp`: a moment, as text in UTC or with an offset, Temporal.Instant or ZonedDateTime, or a Date. */
export function timestamp({ numbers }: ColumnType): ValueType {
  const digits = numbers[0] ?? 0;
  const expects = `a moment such as 2026-11-20T23:59:59Z, with at most ${digits} decimals, as text (without an offset: in UTC), Temporal.Instant or ZonedDateTime, or a Date`;
  return {
    text(value) {
      const text = value instanceof Date ? utcText(value) : momentText(value);
      const match = DATE_TIME.exec(text);
      if (match === null || !isDay(match) || !fits(match[7], digits)) throw new ValueError(value, expects);
      return cutDecimals(hasOffset(match) ? toUtc(match) : text, match[7], digits);
    },
  };
}

/** `time`: from -838:59:59 to 838:59:59. */
export function time({ numbers }: ColumnType): ValueType {
  const digits = numbers[0] ?? 0;
  const expects = `a time such as 23:59:59, at most ${MAX_HOURS}:59:59 and with at most ${digits} decimals, as text or Temporal.PlainTime`;
  return {
    text(value) {
      const text = textOf(value, ["PlainTime"]);
      const match = TIME.exec(text);
      if (match === null || Number(match[2]) > MAX_HOURS || !fits(match[5], digits))
        throw new ValueError(value, expects);
      return cutDecimals(text, match[5], digits);
    },
  };
}

/** The text of a value that is text or of one of these classes of Temporal; else text that is no date. */
function textOf(value: unknown, temporalClasses: readonly string[]): string {
  if (typeof value === "string") return value;
  return temporalClasses.some((name) => isTemporal(value, name)) ? String(value) : "";
}

function momentText(value: unknown): string {
  // `2026-11-20T12:00:00+01:00[Europe/Stockholm]`: the offset says all.
  return textOf(value, ["Instant", "ZonedDateTime"]).replace(/\[.*/, "");
}

function utcText(value: Date): string {
  return Number.isNaN(value.getTime()) ? "" : value.toISOString().slice(0, -1);
}

function isDay(match: RegExpExecArray): boolean {
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= lengthOfMonth(year, month);
}

function lengthOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function hasOffset(match: RegExpExecArray): boolean {
  return match[8] !== undefined || match[9] !== undefined;
}

/** Whether decimals of a second are kept: MySQL rounds without a word. */
function fits(decimals: string | undefined, digits: number): boolean {
  return decimals === undefined || decimals.length <= digits || /^0*$/.test(decimals.slice(digits));
}

/** The text, which ends with decimals, without the zeros that are too many: MariaDB warns of them. */
function cutDecimals(text: string, decimals: string | undefined, digits: number): string {
  if (decimals === undefined || decimals.length <= digits) return text;
  return text.slice(0, digits === 0 ? -decimals.length - 1 : digits - decimals.length);
}

/** The text in UTC; the decimals are not touched. MariaDB reads no offsets. */
function toUtc([
  ,
  year,
  month,
  day,
  hour,
  minute,
  second = "0",
  decimals,
  ,
  sign,
  hours = "0",
  minutes = "0",
]: RegExpExecArray): string {
  const offsetMinutes = (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const utcMs = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute) - offsetMinutes,
    Number(second),
  );
  const text = new Date(utcMs).toISOString().slice(0, 19);
  return decimals === undefined ? text : `${text}.${decimals}`;
}
