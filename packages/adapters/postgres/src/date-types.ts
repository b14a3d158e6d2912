import type { ByteWriter } from "@leat/copy-to-table";
import { DateTimeReader, isTemporal, ValueError } from "@leat/copy-to-table";
import type { ValueType } from "./value-type.ts";

const TWO_TO_32 = 0x1_0000_0000;
const SECONDS_PER_DAY = 86_400;
const MICROS_PER_SECOND = 1_000_000;
/** Days from 1970-01-01 to 2000-01-01, where PostgreSQL begins to count. */
const EPOCH_DAYS = 10_957;

const DATE = "a day from 0001-01-01 to 9999-12-31, as text or Temporal.PlainDate, or infinity";
const TIME = "a time such as 23:59:59.999999, as text or Temporal.PlainTime";
const TIMESTAMP =
  "a date and time without zone such as 2026-11-20 23:59:59.999999, as text or Temporal.PlainDateTime, a Date (in UTC), or infinity";
const TIMESTAMPTZ =
  "a moment such as 2026-11-20T23:59:59.999999Z, as text with Z or an offset, Temporal.Instant or ZonedDateTime, a Date, or infinity";

const reader = new DateTimeReader();

/** `date`. Not from a Date, which is a moment: the day depends on the zone. */
export const date: ValueType = {
  write(out, value) {
    const text = textOf(value, "PlainDate", DATE);
    const infinite = infinity(text);
    if (infinite === undefined && (!reader.read(text) || reader.hasTime)) throw new ValueError(value, DATE);
    out.int32(4);
    if (infinite === undefined) out.int32(reader.days);
    else out.int32(infinite < 0 ? -(2 ** 31) : 2 ** 31 - 1);
  },
};

/** `time`. */
export const time: ValueType = {
  write(out, value) {
    if (!reader.readTime(textOf(value, "PlainTime", TIME))) throw new ValueError(value, TIME);
    out.int32(8);
    writeMoment(out, 0, reader.seconds, reader.micros);
  },
};

/** `timestamp`: text without a zone; a Date is stored as its UTC reading, whatever the zone of the process. */
export const timestamp: ValueType = {
  write(out, value) {
    out.int32(8);
    if (value instanceof Date) return writeDate(out, value, TIMESTAMP);
    const text = textOf(value, "PlainDateTime", TIMESTAMP);
    const infinite = infinity(text);
    if (infinite !== undefined) return writeInfinity(out, infinite);
    if (!reader.read(text) || reader.hasOffset) throw new ValueError(value, TIMESTAMP);
    writeMoment(out, reader.days, reader.seconds, reader.micros);
  },
};

/** `timestamptz`: text must say its offset, so that the zone of neither process nor session matters. */
export const timestamptz: ValueType = {
  write(out, value) {
    out.int32(8);
    if (value instanceof Date) return writeDate(out, value, TIMESTAMPTZ);
    const text = momentText(value);
    const infinite = infinity(text);
    if (infinite !== undefined) return writeInfinity(out, infinite);
    if (!reader.read(text) || !reader.hasOffset) throw new ValueError(value, TIMESTAMPTZ);
    writeMoment(out, reader.days, reader.seconds - reader.offsetSeconds, reader.micros);
  },
  text: (value) => (value instanceof Date ? value.toISOString() : momentText(value)),
};

/** The text of a value that is text or of one class of Temporal, of any implementation of it. */
function textOf(value: unknown, temporalClass: string, expects: string): string {
  if (typeof value === "string") return value;
  if (isTemporal(value, temporalClass)) return String(value);
  throw new ValueError(value, expects);
}

function momentText(value: unknown): string {
  // `2026-11-20T12:00:00+01:00[Europe/Stockholm]`: the offset says all, the name is not kept by the type.
  if (isTemporal(value, "ZonedDateTime")) return String(value).replace(/\[.*/, "");
  return textOf(value, "Instant", TIMESTAMPTZ);
}

function infinity(text: string): number | undefined {
  if (text === "infinity") return Infinity;
  return text === "-infinity" ? -Infinity : undefined;
}

function writeInfinity(out: ByteWriter, sign: number): void {
  if (sign < 0) out.int64(-(2 ** 31), 0);
  else out.int64(2 ** 31 - 1, 2 ** 32 - 1);
}

function writeDate(out: ByteWriter, value: Date, expects: string): void {
  const millis = value.getTime();
  if (Number.isNaN(millis)) throw new ValueError(value, expects);
  const seconds = Math.floor(millis / 1000);
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  writeMoment(out, days - EPOCH_DAYS, seconds - days * SECONDS_PER_DAY, (millis - seconds * 1000) * 1000);
}

/** Microseconds as one number of 64 bits, put together from parts: their sum would be beyond what a double holds exactly. */
function writeMoment(out: ByteWriter, days: number, seconds: number, micros: number): void {
  // Exact: a million is a multiple of 2^6, and a double holds every such multiple up to 2^59, which is the year 20267.
  const start = (days * SECONDS_PER_DAY + seconds) * MICROS_PER_SECOND;
  const high = Math.floor(start / TWO_TO_32);
  const low = start - high * TWO_TO_32 + micros;
  const carry = Math.floor(low / TWO_TO_32);
  out.int64(high + carry, low - carry * TWO_TO_32);
}
