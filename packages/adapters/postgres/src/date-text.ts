/** Reading of ISO 8601 text without regular expressions and without `Date`: most of the time of a load would go there. */

/** A date, a time of day and an offset read from text; what the text does not have is `undefined`. */
export interface DateTimeText {
  /** Days since 2000-01-01. */
  readonly days: number | undefined;
  /** Microseconds since midnight. */
  readonly micros: number | undefined;
  /** Microseconds east of UTC. */
  readonly offsetMicros: number | undefined;
}

const ZERO = 48;
/** Larger than any part of a date, so that no check of a range lets it pass. */
const NOT_DIGITS = 1_000_000;
const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_MINUTE = 60 * MICROS_PER_SECOND;

/** Reads `YYYY-MM-DD`, in years 0001 to 9999. `undefined` for anything else, also for days that no month has. */
export function parseDate(text: string): number | undefined {
  return text.length === 10 ? daysAt(text) : undefined;
}

/** Reads `HH:MM`, with optional `:SS` and up to six decimals. `undefined` for anything else. */
export function parseTime(text: string): number | undefined {
  const time = timeAt(text, 0);
  return time?.end === text.length ? time.micros : undefined;
}

/** Reads a date, `T` or a blank, a time, and optionally `Z` or `±HH[[:]MM]`. `undefined` for anything else. */
export function parseDateTime(text: string): DateTimeText | undefined {
  const separator = text.charCodeAt(10);
  const days = daysAt(text);
  if (days === undefined || (separator !== 32 && separator !== 84 && separator !== 116)) return undefined;
  const time = timeAt(text, 11);
  if (time === undefined) return undefined;
  const { micros, end } = time;
  if (end === text.length) return { days, micros, offsetMicros: undefined };
  const offsetMicros = offsetAt(text, end);
  return offsetMicros === undefined ? undefined : { days, micros, offsetMicros };
}

/** Days from 2000-01-01 to a day of the Gregorian calendar. http://howardhinnant.github.io/date_algorithms.html */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  // 730,425 days lie between 0000-03-01, where eras begin, and 2000-01-01.
  return era * 146_097 + dayOfEra - 730_425;
}

function daysAt(text: string): number | undefined {
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (year < 1 || year > 9999 || month < 1 || month > 12) return undefined;
  const isDay = day >= 1 && day <= lengthOfMonth(year, month);
  return isDay ? daysFromCivil(year, month, day) : undefined;
}

function lengthOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function timeAt(text: string, at: number): { readonly micros: number; readonly end: number } | undefined {
  const hour = twoDigits(text, at);
  const minute = twoDigits(text, at + 3);
  if (hour > 23 || minute > 59 || text.charCodeAt(at + 2) !== 58) return undefined;
  const micros = (hour * 60 + minute) * MICROS_PER_MINUTE;
  if (text.charCodeAt(at + 5) !== 58) return { micros, end: at + 5 };
  const second = twoDigits(text, at + 6);
  if (second > 59) return undefined;
  const fraction = fractionAt(text, at + 8);
  return fraction && { micros: micros + second * MICROS_PER_SECOND + fraction.micros, end: fraction.end };
}

function fractionAt(text: string, at: number): { readonly micros: number; readonly end: number } | undefined {
  if (text.charCodeAt(at) !== 46) return { micros: 0, end: at };
  let micros = 0;
  let unit = 100_000;
  let end = at + 1;
  for (let digit = digitAt(text, end); digit >= 0; digit = digitAt(text, ++end)) {
    // Beyond microseconds only zeros are exact.
    if (unit < 1 && digit !== 0) return undefined;
    micros += digit * Math.floor(unit);
    unit /= 10;
  }
  return end === at + 1 ? undefined : { micros, end };
}

function offsetAt(text: string, at: number): number | undefined {
  const sign = text.charCodeAt(at);
  if ((sign === 90 || sign === 122) && text.length === at + 1) return 0;
  if (sign !== 43 && sign !== 45) return undefined;
  const hours = twoDigits(text, at + 1);
  const rest = text.slice(at + 3).replace(":", "");
  const minutes = rest === "" ? 0 : twoDigits(rest, 0);
  if (hours > 15 || minutes > 59 || (rest.length !== 0 && rest.length !== 2)) return undefined;
  return (sign === 45 ? -1 : 1) * (hours * 60 + minutes) * MICROS_PER_MINUTE;
}

/** The number that two digits say, or `NOT_DIGITS`. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  // Comparisons with NaN, which a place beyond the end gives, are false.
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NOT_DIGITS;
}

/** The digit at a place, -1 when there is none. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
}
