import type { FileTarget } from "leat";
import { type CsvRow, writeCsv } from "./csv.ts";

/** What is wrong with a row for which `applies` gives true. */
export interface Rule<Row> {
  readonly reason: string;
  readonly applies: (row: Row) => boolean;
}

/** Where good rows go, and where the others go with the line that they come from and the reason. */
export interface Sifted {
  readonly kept: FileTarget;
  readonly rejected: FileTarget;
}

/** Parts rows that are good from those against which a rule speaks, and writes all of them. The first rule counts. */
export async function sift<Column extends string>(
  rows: readonly CsvRow<Column>[],
  rules: readonly Rule<CsvRow<Column>>[],
  columns: readonly Column[],
  output: Sifted,
): Promise<void> {
  const judged = rows.map((row) => ({
    ...row,
    reason: rules.find((rule) => rule.applies(row))?.reason ?? "",
  }));
  const [kept, rejected] = [
    judged.filter(({ reason }) => reason === ""),
    judged.filter(({ reason }) => reason !== ""),
  ];
  await writeCsv<Column | "line" | "reason">(output.rejected, ["line", "reason", ...columns], rejected);
  await writeCsv(output.kept, columns, kept);
}
