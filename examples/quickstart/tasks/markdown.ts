export type Alignment = "left" | "right";

/** A Markdown table that reads well as text too. Columns without an alignment stand right, as numbers do. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[] = ["left"],
): string {
  const columns = header.map((name, index) => ({
    width: Math.max(3, ...[name, ...rows.map((row) => row[index] ?? "")].map((cell) => cell.length)),
    isLeft: alignments[index] === "left",
  }));
  const line = (cells: readonly string[]): string => {
    const padded = columns.map(({ width, isLeft }, index) => {
      const cell = cells[index] ?? "";
      return isLeft ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(" | ")} |`;
  };
  const rule = columns.map(({ width, isLeft }) => (isLeft ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(header), line(rule), ...rows.map(line)].join("\n");
}

export function count(value: number): string {
  return value.toLocaleString("en-US");
}

export function dollars(value: number): string {
  return `$${count(value)}`;
}

export function millions(value: number): string {
  return `$${(value / 1e6).toFixed(1)} million`;
}

/** A share of a whole in percent, with one digit where that says more than none. */
export function share(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  return `${percent.toFixed(percent < 10 ? 1 : 0)}%`;
}

/** As many blocks as a value has of the highest, of 20. */
export function bar(value: number, highest: number): string {
  return "█".repeat(Math.round((20 * value) / highest));
}
