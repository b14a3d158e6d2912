import { csvFormat, csvParse } from "d3-dsv";
import type { FileTarget } from "leat";

/** One row of a CSV file: values by column, and the number of its line in the file. All of it is text. */
export type CsvRow<Column extends string> = Readonly<Record<Column | "line", string>>;

/** The rows of a CSV file that has these columns, and possibly more. */
export async function readCsv<const Column extends string>(
  file: FileTarget,
  columns: readonly Column[],
): Promise<readonly CsvRow<Column>[]> {
  const rows = csvParse(await file.readText());
  const missing = columns.find((column) => !rows.columns.includes(column));
  if (missing !== undefined) throw new Error(`${file} has no column "${missing}".`);
  return rows.map((row, index) => ({ ...row, line: String(index + 2) }) as CsvRow<Column>);
}

/** Writes these columns of the rows. */
export async function writeCsv<Column extends string>(
  file: FileTarget,
  columns: readonly Column[],
  rows: readonly Readonly<Record<Column, string>>[],
): Promise<void> {
  await file.writeText(`${csvFormat([...rows], [...columns])}\n`);
}
