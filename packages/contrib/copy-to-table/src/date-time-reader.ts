const ZERO = 48;
const HYPHEN = 45;
const POINT = 46;
const COLON = 58;
/** Larger than any part of a date, so that no check of a range lets it pass. */
const NOT_DIGITS = 1_000_000;
const DATE_LENGTH = 10;

/**
 * Reads dates and times in ISO 8601. For adapters. One reader is used for many texts, and what it has read is in its fields: with
 * regular expressions, `Date` or an object for each text, most of the time of a load would go there.
 */
export class DateTimeReader {
  /** Days since 2000-01-01. */
  days = 0;
  /** Seconds since midnight. */
  seconds = 0;
  /** Microseconds after the second. */
  micros = 0;
  /** Digits after the point, as they are written. */
  decimals = 0;
  hasTime = false;
  /** Seconds east of UTC. */
  offsetSeconds = 0;
  hasOffset = false;
  /** The date that was read last, as one number, and its days: neighbouring rows often have the same. */
  #date = 2000_01_01;
  #dateDays = 0;

  /**
   * Reads `YYYY-MM-DD` in years 0001 to 9999; then perhaps `T` or a blank and a time (see `readTime`); then perhaps `Z` or
   * `±HH[[:]MM]`. `false` for anything else, also for days that no month has.
   */
  read(text: string): boolean {
    this.hasTime = this.hasOffset = false;
    this.seconds = this.micros = this.decimals = this.offsetSeconds = 0;
    if (text.length < DATE_LENGTH || !this.#readDate(text)) return false;
    if (text.length === DATE_LENGTH) return true;
    const separator = text.charCodeAt(DATE_LENGTH);
    if (separator !== 32 && separator !== 84 && separator !== 116) return false;
    const end = this.#readTime(text, DATE_LENGTH + 1);
    return end === text.length || (end > 0 && this.#readOffset(text, end));
  }

  /** Reads `HH:MM`, with optional `:SS` and decimals, of which only zeros may stand beyond the sixth. */
  readTime(text: string): boolean {
    return this.#readTime(text, 0) === text.length;
  }

  #readDate(text: string): boolean {
    if (text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return false;
    const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
    const month = twoDigits(text, 5);
    const day = twoDigits(text, 8);
    const date = (year * 100 + month) * 100 + day;
    if (date !== this.#date) {
      if (year < 1 || year > 9999 || month < 1 || month > 12) return false;
      if (day < 1 || day > lengthOfMonth(year, month)) return false;
      this.#date = date;
      this.#dateDays = daysFromCivil(year, month, day);
    }
    this.days = this.#dateDays;
    return true;
  }

  /** Gives where the time ends that begins at a place, or -1. */
  #readTime(text: string, at: number): number {
    if (text.length < at + 5 || text.charCodeAt(at + 2) !== COLON) return -1;
    const hour = twoDigits(text, at);
    const minute = twoDigits(text, at + 3);
    const hasSeconds = text.length >= at + 8 && text.charCodeAt(at + 5) === COLON;
    const second = hasSeconds ? twoDigits(text, at + 6) : 0;
    if (hour > 23 || minute > 59 || second > 59) return -1;
    this.hasTime = true;
    this.seconds = (hour * 60 + minute) * 60 + second;
    this.micros = this.decimals = 0;
    if (!hasSeconds) return at + 5;
    const end = at + 8;
    return end < text.length && text.charCodeAt(end) === POINT ? this.#readFraction(text, end + 1) : end;
  }

  #readFraction(text: string, start: number): number {
    let micros = 0;
    let unit = 100_000;
    let at = start;
    // Reading beyond the end would be right and slow.
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) break;
      if (unit === 0 && digit !== 0) return -1;
      micros += digit * unit;
      unit = Math.trunc(unit / 10);
    }
    this.micros = micros;
    this.decimals = at - start;
    return at > start ? at : -1;
  }

  #readOffset(text: string, at: number): boolean {
    const sign = text.charCodeAt(at);
    const rest = text.slice(at + 1);
    this.hasOffset = true;
    if (sign === 90 || sign === 122) return rest === "";
    const minutesAt = rest.charCodeAt(2) === COLON ? 3 : 2;
    const hours = twoDigits(rest, 0);
    const minutes = rest.length === 2 ? 0 : twoDigits(rest, minutesAt);
    if (hours > 15 || minutes > 59 || (rest.length !== 2 && rest.length !== minutesAt + 2)) return false;
    this.offsetSeconds = (sign === HYPHEN ? -1 : 1) * (hours * 60 + minutes) * 60;
    return sign === 43 || sign === HYPHEN;
  }
}

/** Days from 2000-01-01 to a day of the Gregorian calendar. http://howardhinnant.github.io/date_algorithms.html */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  // 730,425 days lie between 0000-03-01, where eras begin, and 2000-01-01.
  return era * 146_097 + dayOfEra - 730_425;
}

function lengthOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The number that two digits say, or `NOT_DIGITS`. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  // Comparisons with NaN, which a place beyond the end gives, are false.
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NOT_DIGITS;
}
