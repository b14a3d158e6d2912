import { UsageError } from "@leat/core";
import { isTemporal, plainText } from "@leat/copy-to-table";

/**
 * Values for placeholders, as they are written into the statement. The driver would expand arrays and objects into SQL, take
 * `undefined` for null, and read a Date in the zone of this process.
 *
 * @throws UsageError `OPTION_INVALID` for a value that is not null, text, number, bigint, boolean, bytes, Date or Temporal
 */
export function boundValues(values: readonly unknown[]): unknown[] {
  return values.map((value, index) => {
    const bound = boundValue(value);
    if (bound !== undefined) return bound;
    throw new UsageError(
      "OPTION_INVALID",
      `Value ${index + 1} of the statement cannot be bound. Give null, text, a finite number, a bigint, a boolean, bytes, a Date or a Temporal value.`,
    );
  });
}

function boundValue(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "bigint" || typeof value === "boolean")
    return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : value.toISOString().slice(0, -1);
  return isAnyTemporal(value) ? plainText(value) : undefined;
}

function isAnyTemporal(value: unknown): boolean {
  return ["PlainDate", "PlainDateTime", "PlainTime", "PlainYearMonth", "Instant"].some((name) =>
    isTemporal(value, name),
  );
}
