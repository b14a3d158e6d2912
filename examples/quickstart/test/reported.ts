/** The rows of the Markdown table whose first column has this title: cells in their order. */
export function reportedTable(report: string, title: string): readonly (readonly string[])[] {
  const lines = report.split("\n");
  const header = lines.findIndex((line) => line.startsWith(`| ${title} `));
  if (header === -1) throw new Error(`The report has no table with ${title} first.`);
  const end = lines.findIndex((line, index) => index > header && !line.startsWith("|"));
  return lines.slice(header + 2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The report without the line that says of which making of the data it is. */
export function withoutVersion(report: string): string {
  return report.replace(/^Made of .*$/m, "");
}
