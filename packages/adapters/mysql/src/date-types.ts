import { DateTimeReader, isTemporal, ValueError } from "@leat/copy-to-table";
import type { ColumnType } from "./column-type.ts";
import type { ValueType } from "./value-type.ts";

const TIME = /^(-?)(\d{2,3}):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?$/;
/** https://dev.mysql.com/doc/refman/8.4/en/time.html */
const MAX_HOURS = 838;

const MS_PER_DAY = 86_400_000;
const MS_2000 = Date.UTC(2000, 0, 1);

const DATE = "a day from 0001-01-01 to 9999-12-31, as text or Temporal.PlainDate";

const reader = new DateTimeReader();

/** `date`. Not from a Date, which is a moment: the day depends on the zone. */
export const date: ValueType = {
  text(value) {
    const text = typeof value === "string" || isTemporal(value, "PlainDate") ? String(value) : "";
    if (!reader.read(text) || reader.hasTime) throw new ValueError(value, DATE);
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
      if (!reader.read(text) || reader.hasOffset || !fits(digits)) throw new ValueError(value, expects);
      return cutDecimals(text, digits);
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
      if (!reader.read(text) || !fits(digits)) throw new ValueError(value, expects);
      return reader.hasOffset ? utcReading(digits) : cutDecimals(text, digits);
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
      const [, , hours, , , decimals = ""] = TIME.exec(text) ?? [];
      const isOverlong = /[^0]/.test(decimals.slice(digits));
      if (hours === undefined || Number(hours) > MAX_HOURS || isOverlong)
        throw new ValueError(value, expects);
      return cutDecimals(text, digits, decimals.length);
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

/** Whether all decimals of the second that was read are kept: MySQL rounds without a word. */
function fits(digits: number): boolean {
  return reader.micros % 10 ** (6 - digits) === 0;
}

/** The text, which ends with so many decimals, without the zeros that are too many: MariaDB warns of them. */
function cutDecimals(text: string, digits: number, decimals = reader.decimals): string {
  if (decimals <= digits) return text;
  return text.slice(0, digits === 0 ? -decimals - 1 : digits - decimals);
}

/** What was read, as text in UTC. MariaDB reads no offsets. */
function utcReading(digits: number): string {
  const utcMs = MS_2000 + reader.days * MS_PER_DAY + (reader.seconds - reader.offsetSeconds) * 1000;
  const text = new Date(utcMs).toISOString().slice(0, 19);
  return digits === 0 ? text : `${text}.${String(reader.micros).padStart(6, "0").slice(0, digits)}`;
}
