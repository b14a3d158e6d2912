/** The rows of the benchmark: integer, bigint, double, text of about 20 characters, timestamp, text or null. */
export const COLUMNS = [
  ["id", "integer"],
  ["plays", "bigint"],
  ["score", "double precision"],
  ["title", "text"],
  ["played_at", "timestamp"],
  ["note", "text"],
] as const;

export const ROWS = Number(process.env["LEAT_BENCH_ROWS"] ?? 1_000_000);

export function makeRow(n: number): (string | number | null)[] {
  const second = String(n % 60).padStart(2, "0");
  return [
    n,
    n * 1_000_003,
    n * 1.1,
    `title of the song ${n}`,
    `2026-11-20 12:34:${second}.123456`,
    n % 3 === 0 ? null : `note ${n}`,
  ];
}

/** The row as a line of tab-separated text, as `COPY` reads it. */
export function makeLine(n: number): string {
  const texts = makeRow(n).map((value) => (value === null ? "\\N" : String(value)));
  return `${texts.join("\t")}\n`;
}
