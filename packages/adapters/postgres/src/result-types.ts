import { types } from "pg";

const INT8 = 20;
const DATE = 1082;
const TIMESTAMP = 1114;
const TIMESTAMPTZ = 1184;
const INTERVAL = 1186;
const asText = (value: string): string => value;

/**
 * How values of results are read where the driver's own way would change them: `bigint` as bigint; dates and times as the text
 * that the server writes, because a Date would put them in the zone of this process and cut their microseconds.
 */
const PARSERS: ReadonlyMap<number, (value: string) => unknown> = new Map<number, (value: string) => unknown>([
  [INT8, BigInt],
  [DATE, asText],
  [TIMESTAMP, asText],
  [TIMESTAMPTZ, asText],
  [INTERVAL, asText],
]);

/** For the `types` of a query. */
export const parseResults = {
  getTypeParser(oid: number, format?: "text" | "binary"): (value: string) => unknown {
    return PARSERS.get(oid) ?? (types.getTypeParser(oid, format) as (value: string) => unknown);
  },
};
