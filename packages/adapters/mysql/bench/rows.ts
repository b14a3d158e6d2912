/** The rows of the benchmark: six columns, made from their number. */

export const ROWS = Number(process.env["LEAT_BENCH_ROWS"] ?? 500_000);

export const COLUMNS = [
  ["id", "int"],
  ["big", "bigint"],
  ["amount", "double"],
  ["name", "varchar(40)"],
  ["at", "datetime(6)"],
  ["note", "varchar(40)"],
] as const;

export function makeRow(n: number): (string | number | null)[] {
  const second = String(n % 60).padStart(2, "0");
  return [
    n,
    n * 1_000_003,
    n * 1.1,
    `name of the row ${n}`,
    `2026-11-20 12:34:${second}.123456`,
    n % 3 === 0 ? null : `note ${n}`,
  ];
}

/** The row as a line of tab-separated text. Its values need no escapes. */
export function makeLine(n: number): string {
  return `${makeRow(n)
    .map((value) => value ?? "\\N")
    .join("\t")}\n`;
}
