import { date, time, timestamp, timestamptz } from "./date-types.ts";
import { float4, float8, numeric } from "./decimal-types.ts";
import { int2, int4, int8, oid } from "./integer-types.ts";
import { boolean, bytea, json, jsonb, text, uuid } from "./other-types.ts";
import type { ValueType } from "./value-type.ts";

/** Types by OID. https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const TYPES: ReadonlyMap<number, ValueType> = new Map([
  [16, boolean],
  [17, bytea],
  [19, text], // name
  [20, int8],
  [21, int2],
  [23, int4],
  [25, text],
  [26, oid],
  [114, json],
  [700, float4],
  [701, float8],
  [1042, text], // char(n)
  [1043, text], // varchar
  [1082, date],
  [1083, time],
  [1114, timestamp],
  [1184, timestamptz],
  [1700, numeric],
  [2950, uuid],
  [3802, jsonb],
]);

/** The type with this OID; `undefined` for those that only the server can read: arrays, ranges, enums, domains and others. */
export function valueType(oid: number): ValueType | undefined {
  return TYPES.get(oid);
}
