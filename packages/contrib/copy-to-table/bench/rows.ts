/** The rows of the benchmarks: a whole number, a larger one, a double, text of about 20 characters, a time, text or null. */
export const COLUMN_NAMES = ["id", "plays", "score", "title", "played_at", "note"] as const;

export const ROWS = Number(process.env["LEAT_BENCH_ROWS"] ?? 1_000_000);

export type BenchRow = (string | number | null)[];

export function makeRow(n: number): BenchRow {
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

export function* makeRows(): Generator<BenchRow> {
  for (let n = 0; n < ROWS; n++) yield makeRow(n);
}

export function* makeBatches(): Generator<BenchRow[]> {
  for (let start = 0; start < ROWS; start += 1000)
    yield Array.from({ length: Math.min(1000, ROWS - start) }, (_, index) => makeRow(start + index));
}

/** The row as a line of tab-separated text, as databases write it. Its values need no escapes. */
export function makeLine(n: number): string {
  const texts = makeRow(n).map((value) => (value === null ? "\\N" : String(value)));
  return `${texts.join("\t")}\n`;
}
