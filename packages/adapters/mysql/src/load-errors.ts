import type { FileFeed, RowFeed } from "@leat/copy-to-table";
import type { ResultSetHeader } from "mysql2";
import type { Client } from "./client.ts";
import { cureOf, isAboutData, reasonOf, withoutStatement } from "./mysql-errors.ts";

/** `Incorrect integer value: 'x' for column `db`.`t`.`n` at row 2`; values may have anything in them, so the last place counts. */
const COLUMN = /^.*column (?:`(?:[^`]|``)*`\.)*[`'](.+)[`'] at row \d+$/s;
const ROW = /(?:^Row (\d+) )|(?: at row (\d+)$)/;

/** Where the rows of a statement stand in the feed. */
export interface FeedPlace {
  readonly feed: RowFeed | FileFeed;
  /** How many rows or lines of the feed are before those of the statement; `undefined` when that is not known. */
  readonly rowsBefore: number | undefined;
}

interface Warning extends Readonly<Record<string, unknown>> {
  readonly Message: string;
  readonly Code: number;
}

/** An error of the server about the data of a load as ours, with row and column; other errors stay as they are. */
export function loadError(error: unknown, place: FeedPlace): unknown {
  if (!isAboutData(error)) return error;
  const failure = error as Error;
  return dataError(
    `${reasonOf(failure)}. ${cureOf(failure)}`,
    failure.message,
    place,
    withoutStatement(failure),
  );
}

/**
 * Fails when the statement before had warnings. `LOAD DATA LOCAL` goes on after every error of the data: it changes values, cuts
 * them, leaves rows out, and says so by a warning.
 */
export async function refuseWarnings(
  client: Client,
  result: ResultSetHeader,
  place: FeedPlace,
): Promise<void> {
  if (result.warningStatus === 0) return;
  const [warning] = (await client.select("show warnings limit 1")) as readonly Warning[];
  // A server may be told to keep none.
  const { Message: message, Code: code } = warning ?? {
    Message: "The server does not tell what it changed",
    Code: 0,
  };
  throw dataError(`${message} (${code}). Correct the value, or the table.`, message, place, undefined);
}

function dataError(
  reason: string,
  message: string,
  { feed, rowsBefore }: FeedPlace,
  cause: unknown,
): unknown {
  const [, first, last] = ROW.exec(message) ?? [];
  const column = COLUMN.exec(message)?.[1];
  // Number(undefined) is NaN.
  const row = Number(first ?? last) + Number(rowsBefore);
  return feed.serverError(Number.isNaN(row) ? undefined : row, column, reason, cause);
}
