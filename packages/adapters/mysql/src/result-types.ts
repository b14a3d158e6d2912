import type { TypeCastField, TypeCastNext } from "mysql2";

/** Types whose own way in the driver would change values, by the zone of this process or by the settings of a pool. */
const AS_TEXT: ReadonlySet<string> = new Set([
  "DATE",
  "DATETIME",
  "DECIMAL",
  "JSON",
  "NEWDATE",
  "NEWDECIMAL",
  "TIME",
  "TIMESTAMP",
]);

/**
 * How values of results are read: `bigint` as bigint; decimals, dates and times as the text that the server writes, because a
 * Date would put them in the zone of this process and cut their microseconds.
 */
export function typeCast(field: TypeCastField, next: TypeCastNext): unknown {
  if (AS_TEXT.has(field.type)) return field.string();
  if (field.type !== "LONGLONG") return next();
  const text = field.string();
  return text === null ? null : BigInt(text);
}
