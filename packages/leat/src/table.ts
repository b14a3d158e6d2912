import { wrap } from "./text-width.ts";

export type Row = readonly [left: string, right: string];

/** Two columns; on a terminal the right one is folded to its width. */
export function table(rows: readonly Row[], columns = process.stdout.columns): string[] {
  const left = Math.max(0, ...rows.map(([text]) => text.length)) + 4;
  return rows.flatMap(([name, text]) => {
    const lines = columns > left + 20 ? wrap(text, columns - left) : [text];
    return lines
      .map((line, index) => `  ${index === 0 ? name : ""}`.padEnd(left) + line)
      .map((line) => line.trimEnd());
  });
}
