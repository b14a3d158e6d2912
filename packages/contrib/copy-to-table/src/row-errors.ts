import { TargetError } from "@leat/core";

/** Where a value stands that could not be loaded. Rows and lines count from 1. */
export interface ValuePlace {
  /** The table as the task names it. */
  readonly table: string;
  readonly row?: number | undefined;
  /** In the place of `row` for a file that the database reads: a row may have several lines there. */
  readonly line?: number | undefined;
  readonly column?: string | undefined;
}

/** The error for a row that does not fit the table. Adapters use it for what the server refuses as well. */
export function invalidRow(place: ValuePlace, reason: string, cause: unknown): TargetError {
  const { table, ...rest } = place;
  const known = Object.entries(rest).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  );
  const where = known
    .map(([kind, value]) => `${kind} ${typeof value === "string" ? `"${value}"` : value}`)
    .join(", ");
  const message = `Cannot load ${where === "" ? "the rows" : where} into ${table}: ${reason}`;
  return new TargetError("TARGET_INVALID_DATA", message, {
    cause,
    details: { table, ...Object.fromEntries(known) },
  });
}
