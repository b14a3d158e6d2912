import { cpus, loadavg, totalmem, type } from "node:os";
import type { Result, Spread } from "./measure.ts";

/** What the figures were measured on. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const load = loadavg().map((value) => value.toFixed(1));
  return `${cpu?.model ?? "unknown processor"} × ${cpus().length}, ${memory} GiB, ${type()}, Node ${process.versions.node}; load before: ${load.join(", ")}.`;
}

/** Rows of a table; a line says where ours is slower. */
export function table(results: readonly Result[]): string {
  const rows = results.map(
    ({ title, ours, reference, ratio }) =>
      `| ${title} | ${shown(ours)} | ${reference.name} | ${shown(reference)} | ${ratio.toFixed(ratio < 10 ? 2 : 0)}${ratio < 1 ? ": **slower**" : ""} |`,
  );
  return [
    "| What | Leat (s) | Reference | (s) | Times as fast |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** `1.23 (1.20 to 1.31)` */
function shown({ median, lowest, highest }: Spread): string {
  return `${seconds(median)} (${seconds(lowest)} to ${seconds(highest)})`;
}

function seconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}
