import type { Temporal } from "@leat/core";
import { plainText } from "./plain-text.ts";

/** A value to compare a column with. */
export type PartValue =
  | null
  | string
  | number
  | bigint
  | boolean
  | Date
  | Temporal.PlainDate
  | Temporal.PlainDateTime
  | Temporal.PlainYearMonth
  | Temporal.Instant;

/** The values from `from` on and before `until`: of a day of timestamps, the day and the next one. */
export interface PartRange {
  readonly from: PartValue;
  readonly until: PartValue;
}

/** A part of a table: the rows in which each of these columns has the value, or one in the range. */
export type TablePart = Readonly<Record<string, PartValue | PartRange>>;

/** A condition of SQL with the values of its placeholders. */
export interface PartCondition {
  readonly text: string;
  readonly values: readonly PartValue[];
}

/**
 * The rows of a part as a condition. For adapters.
 *
 * @param placeholder gives the n-th placeholder, from 1
 */
export function partCondition(
  part: TablePart,
  identifier: (name: string) => string,
  placeholder: (n: number) => string,
): PartCondition {
  const values: PartValue[] = [];
  const bind = (value: PartValue): string => placeholder(values.push(value));
  const terms = Object.entries(part).map(([name, wanted]) => {
    const column = identifier(name);
    if (wanted === null) return `${column} is null`;
    if (!isRange(wanted)) return `${column} = ${bind(wanted)}`;
    return `${column} >= ${bind(wanted.from)} and ${column} < ${bind(wanted.until)}`;
  });
  return { text: terms.join(" and "), values };
}

/** The part as a text, the same for the same part: for messages, and for the name of a lock. */
export function partText(part: TablePart): string {
  const show = (value: PartValue): string => (value === null ? "null" : plainText(value));
  const terms = Object.entries(part).map(([name, wanted]) =>
    isRange(wanted)
      ? `${name} from ${show(wanted.from)} until ${show(wanted.until)}`
      : `${name} = ${show(wanted)}`,
  );
  return terms.sort().join(", ");
}

function isRange(wanted: PartValue | PartRange): wanted is PartRange {
  return typeof wanted === "object" && wanted !== null && "from" in wanted && "until" in wanted;
}
