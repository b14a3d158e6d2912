import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import type { Result, Spread } from "./measure.ts";

/** What the figures were measured on: processor, memory, system, Node. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpu?.model ?? "unknown processor"} × ${cpus().length}, ${memory} GiB, ${system()}, Node ${process.versions.node}`;
}

/** `Debian GNU/Linux 12 (bookworm)` */
function system(): string {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1] ?? process.platform;
  } catch {
    return process.platform;
  }
}

/** Rows that compare; a line says where ours is slower. */
export function comparisons(results: readonly Result[]): string {
  const rows = results.map(({ title, ours, reference, ratio }) => [
    title,
    shown(ours),
    reference.name,
    shown(reference),
    `${ratio.toFixed(ratio < 10 ? 2 : 0)}${ratio < 1 ? ": **slower**" : ""}`,
  ]);
  return table(["What", "Leat (s)", "Reference", "(s)", "Times as fast"], rows);
}

/** A table of Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** `1.23 (1.20 to 1.31)`; of a single round only the figure. */
export function shown({ median, lowest, highest }: Spread): string {
  if (lowest === highest) return digits(median);
  return `${digits(median)} (${digits(lowest)} to ${digits(highest)})`;
}

function digits(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}

/** `10,000` */
export function count(n: number): string {
  return n.toLocaleString("en");
}
