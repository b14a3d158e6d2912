import type { ColumnType } from "./column-type.ts";
import { date, datetime, time, timestamp } from "./date-types.ts";
import { decimal, double, float } from "./decimal-types.ts";
import { integer } from "./integer-types.ts";
import { bit, json, serverChecked, year } from "./other-types.ts";
import { bytes, characters, longText } from "./text-types.ts";
import type { ValueType } from "./value-type.ts";

/** Types by name. https://dev.mysql.com/doc/refman/8.4/en/data-types.html */
const TYPES: ReadonlyMap<string, (type: ColumnType) => ValueType> = new Map([
  ["tinyint", integer],
  ["smallint", integer],
  ["mediumint", integer],
  ["int", integer],
  ["bigint", integer],
  ["decimal", decimal],
  ["float", () => float],
  ["double", () => double],
  ["bit", bit],
  ["char", characters],
  ["varchar", characters],
  ["tinytext", longText],
  ["text", longText],
  ["mediumtext", longText],
  ["longtext", longText],
  ["binary", bytes],
  ["varbinary", bytes],
  ["tinyblob", bytes],
  ["blob", bytes],
  ["mediumblob", bytes],
  ["longblob", bytes],
  ["date", () => date],
  ["datetime", datetime],
  ["timestamp", timestamp],
  ["time", time],
  ["year", () => year],
  ["json", () => json],
]);

/** How values of a type are written. */
export function valueType(type: ColumnType): ValueType {
  return TYPES.get(type.name)?.(type) ?? serverChecked;
}
