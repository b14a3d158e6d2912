import { ValueError } from "./value-error.ts";

const TEMPORAL = [
  "Instant",
  "ZonedDateTime",
  "PlainDateTime",
  "PlainDate",
  "PlainTime",
  "PlainYearMonth",
  "PlainMonthDay",
  "Duration",
];

/**
 * The text of a value that has one obvious text: of text, numbers, bigints, booleans, dates (in UTC) and Temporal values.
 *
 * @throws ValueError for all others, `undefined` too
 */
export function plainText(value: unknown): string {
  if (typeof value === "string") return value;
  // String(-0) is "0".
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString();
  if (TEMPORAL.some((name) => isTemporal(value, name))) return String(value);
  throw new ValueError(value, "text, or a number, bigint, boolean, Date or Temporal value");
}

/** Whether a value is of a class of Temporal, such as `PlainDate`, of any implementation of it. */
export function isTemporal(value: unknown, className: string): boolean {
  return Object.prototype.toString.call(value) === `[object Temporal.${className}]`;
}
