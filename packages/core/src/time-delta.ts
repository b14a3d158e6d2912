import { Temporal } from "temporal-polyfill";
import { digits, temporalKind } from "./calendar.ts";
import { parseFloatText } from "./number-text.ts";

const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;
const WEEK = 7n * DAY;

/** Longest time that Python's `timedelta` can hold, in days. */
const MAX_DAYS = 999_999_999n;

/** `1 w 2 d 3 h 4 m 5 s`, each part optional but in this order, with the word of its unit written out or not. */
const WORDS = new RegExp(
  `^${[
    part("week", String.raw`-?\d+`),
    part("day", String.raw`\d+`),
    part("hour", String.raw`\d+`),
    part("minute", String.raw`\d+`),
    part("second", String.raw`\d+(?:\.\d{1,9})?`),
  ].join("")}$`,
);

function part(word: string, number: string): string {
  return `(?:(${number}) ?${word.slice(0, 1)}(?:${word.slice(1)})?s? ?)?`;
}

/**
 * Reads a length of time: a number of seconds, an ISO 8601 duration without years and months, or words as in
 * `1 week 2 days` and `1w2d`. The result has days and what is shorter, each unit below the next longer one.
 */
export function parseTimeDelta(text: string): Temporal.Duration {
  if (text.startsWith("P")) return toTimeDelta(Temporal.Duration.from(text));
  return fromNanoseconds(parseSeconds(text) ?? parseWords(text));
}

/** `1 w 2 d 3 h 4 m 5 s`; of a negative time the weeks are negative and the rest is not, as Python counts. */
export function formatTimeDelta(value: Temporal.Duration): string {
  const total = toNanoseconds(value);
  const weeks = (total - floorRest(total, WEEK)) / WEEK;
  const rest = floorRest(total, WEEK);
  const fraction = rest % SECOND === 0n ? "" : `.${digits(Number(rest % SECOND), 9).replace(/0+$/, "")}`;
  const seconds = `${(rest % MINUTE) / SECOND}${fraction}`;
  return `${weeks} w ${rest / DAY} d ${(rest % DAY) / HOUR} h ${(rest % HOUR) / MINUTE} m ${seconds} s`;
}

/** Checks a duration and balances it, so that equal times are equal values. */
export function toTimeDelta(value: unknown): Temporal.Duration {
  if (temporalKind(value) !== "Duration") throw new TypeError("it is not a Temporal.Duration");
  return fromNanoseconds(toNanoseconds(value as Temporal.Duration));
}

function parseSeconds(text: string): bigint | undefined {
  let seconds: number;
  try {
    seconds = parseFloatText(text);
  } catch {
    return undefined;
  }
  if (!Number.isFinite(seconds)) throw new RangeError("it is not a length of time");
  const whole = Math.trunc(seconds);
  // To the microsecond, as Python: a double has noise beyond that.
  return BigInt(whole) * SECOND + BigInt(Math.round((seconds - whole) * 1e6)) * 1000n;
}

function parseWords(text: string): bigint {
  const parts = text === "" ? null : WORDS.exec(text);
  if (parts === null) throw new SyntaxError("it is not of the form of a length of time");
  const [weeks = "0", days = "0", hours = "0", minutes = "0", seconds = "0"] = parts.slice(1);
  const [wholeSeconds = "0", fraction = ""] = seconds.split(".");
  return (
    BigInt(weeks) * WEEK +
    BigInt(days) * DAY +
    BigInt(hours) * HOUR +
    BigInt(minutes) * MINUTE +
    BigInt(wholeSeconds) * SECOND +
    BigInt(fraction.padEnd(9, "0"))
  );
}

function toNanoseconds(value: Temporal.Duration): bigint {
  if (value.years !== 0 || value.months !== 0) throw new RangeError("years and months are not of one length");
  return (
    BigInt(value.weeks) * WEEK +
    BigInt(value.days) * DAY +
    BigInt(value.hours) * HOUR +
    BigInt(value.minutes) * MINUTE +
    BigInt(value.seconds) * SECOND +
    BigInt(value.milliseconds) * 1_000_000n +
    BigInt(value.microseconds) * 1000n +
    BigInt(value.nanoseconds)
  );
}

function fromNanoseconds(total: bigint): Temporal.Duration {
  if (total > (MAX_DAYS + 1n) * DAY - 1n || total < -MAX_DAYS * DAY) {
    throw new RangeError(`it is longer than ${MAX_DAYS} days`);
  }
  // BigInt division rounds towards zero, so all parts have the sign of the whole, as a Duration must.
  return Temporal.Duration.from({
    days: Number(total / DAY),
    hours: Number((total % DAY) / HOUR),
    minutes: Number((total % HOUR) / MINUTE),
    seconds: Number((total % MINUTE) / SECOND),
    milliseconds: Number((total % SECOND) / 1_000_000n),
    microseconds: Number((total % 1_000_000n) / 1000n),
    nanoseconds: Number(total % 1000n),
  });
}

function floorRest(total: bigint, unit: bigint): bigint {
  return ((total % unit) + unit) % unit;
}
