const ZERO = 48;
/** Larger than any part of a date, so that no check of a range lets it pass. */
const NOT_DIGITS = 1_000_000;

/**
 * Reads dates and times in ISO 8601. One reader is used for many texts, and what it has read is in its fields: with regular
 * expressions, `Date` or an object for each text, most of the time of a load would go there.
 */
export class DateTimeReader {
  /** Days since 2000-01-01. */
  days = 0;
  /** Seconds since midnight. */
  seconds = 0;
  /** Microseconds after the second. */
  micros = 0;
  hasTime = false;
  /** Seconds east of UTC. */
  offsetSeconds = 0;
  hasOffset = false;
  #text = "";
  #at = 0;
  /** The date that was read last: neighbouring rows often have the same. */
  #dateText = "2000-01-01";
  #dateDays = 0;

  /**
   * Reads `YYYY-MM-DD` in years 0001 to 9999; then perhaps `T` or a blank and a time (see `readTime`); then perhaps `Z` or
   * `±HH[[:]MM]`. `false` for anything else, also for days that no month has.
   */
  read(text: string): boolean {
    this.#text = text;
    this.#at = 11;
    this.hasTime = this.hasOffset = false;
    this.seconds = this.micros = this.offsetSeconds = 0;
    if (!this.#readDate()) return false;
    if (text.length === 10) return true;
    const separator = text.charCodeAt(10);
    if (separator !== 32 && separator !== 84 && separator !== 116) return false;
    return this.#readTime() && (this.#at === text.length || this.#readOffset());
  }

  /** Reads `HH:MM`, with optional `:SS` and decimals, of which only zeros may stand beyond the sixth. */
  readTime(text: string): boolean {
    this.#text = text;
    this.#at = 0;
    return this.#readTime() && this.#at === text.length;
  }

  #readDate(): boolean {
    const text = this.#text;
    this.days = this.#dateDays;
    if (text.startsWith(this.#dateText)) return true;
    if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
    const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
    const month = twoDigits(text, 5);
    const day = twoDigits(text, 8);
    if (year < 1 || year > 9999 || month < 1 || month > 12) return false;
    if (day < 1 || day > lengthOfMonth(year, month)) return false;
    this.days = this.#dateDays = daysFromCivil(year, month, day);
    this.#dateText = text.slice(0, 10);
    return true;
  }

  #readTime(): boolean {
    const text = this.#text;
    const at = this.#at;
    const hour = twoDigits(text, at);
    const minute = twoDigits(text, at + 3);
    const hasSeconds = text.charCodeAt(at + 5) === 58;
    const second = hasSeconds ? twoDigits(text, at + 6) : 0;
    if (hour > 23 || minute > 59 || second > 59 || text.charCodeAt(at + 2) !== 58) return false;
    this.hasTime = true;
    this.seconds = (hour * 60 + minute) * 60 + second;
    this.micros = 0;
    this.#at = at + (hasSeconds ? 8 : 5);
    return !hasSeconds || text.charCodeAt(this.#at) !== 46 || this.#readFraction();
  }

  #readFraction(): boolean {
    const text = this.#text;
    const start = this.#at + 1;
    let at = start;
    let micros = 0;
    for (let digit = digitAt(text, at); digit >= 0; digit = digitAt(text, ++at)) {
      if (at - start < 6) micros = micros * 10 + digit;
      else if (digit !== 0) return false;
    }
    for (let missing = 6 - (at - start); missing > 0; missing--) micros *= 10;
    this.micros = micros;
    this.#at = at;
    return at > start;
  }

  #readOffset(): boolean {
    const sign = this.#text.charCodeAt(this.#at);
    const rest = this.#text.slice(this.#at + 1);
    this.hasOffset = true;
    if (sign === 90 || sign === 122) return rest === "";
    const minutesAt = rest.charCodeAt(2) === 58 ? 3 : 2;
    const hours = twoDigits(rest, 0);
    const minutes = rest.length === 2 ? 0 : twoDigits(rest, minutesAt);
    if (hours > 15 || minutes > 59 || (rest.length !== 2 && rest.length !== minutesAt + 2)) return false;
    this.offsetSeconds = (sign === 45 ? -1 : 1) * (hours * 60 + minutes) * 60;
    return sign === 43 || sign === 45;
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

/** The digit at a place, -1 when there is none. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
}
