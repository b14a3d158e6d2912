import { compare, exponentOf, measure, type Result, type Spread } from "./lib/measure.ts";
import { benchOptions } from "./lib/options.ts";
import { comparisons, count, shown, table } from "./lib/report.ts";
import { JOBS, leatRun, luigiRun } from "./lib/sides.ts";

// Whole processes that run n tasks, each of which leaves an empty file, for graphs of several shapes: beside Luigi where that
// takes no hours, and Leat alone for large ones, with the exponent of the growth. Prints Markdown.

const { sizes, bothSizes, rounds } = benchOptions();
const jobs = Object.entries(JOBS);

const results: Result[] = [];
for (const [shape, jobOf] of jobs) {
  for (const size of bothSizes) {
    const sides = { ours: leatRun(jobOf(size)), reference: luigiRun(jobOf(size)) };
    results.push(await compare({ title: `${shape}, ${count(size)}`, ...sides }, rounds));
  }
}
console.log(`${comparisons(results)}\n`);

const startUp = await measure(leatRun({ task: "Hello", flags: { n: 1 } }), rounds);
const rows: string[][] = [];
for (const [shape, jobOf] of jobs) {
  const seconds: Spread[] = [];
  // One round of the largest: the others show the spread.
  for (const size of sizes) seconds.push(await measure(leatRun(jobOf(size)), size >= 100_000 ? 1 : rounds));
  const points = sizes.map((size, index) => [size, (seconds[index]?.median ?? 0) - startUp.median] as const);
  rows.push([shape, ...seconds.map(shown), exponentOf(points).toFixed(2)]);
}
console.log("Leat alone, seconds, and the exponent of what it takes beyond start-up against n:\n");
console.log(table(["Graph", ...sizes.map(count), "Exponent"], rows));
