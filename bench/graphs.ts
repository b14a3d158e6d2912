import { planTasks, run } from "@leat/worker";
import { forgetAll, SHAPES } from "./lib/graphs.ts";
import { exponentOf, type Spread, spreadOf } from "./lib/measure.ts";
import { benchOptions } from "./lib/options.ts";
import { count, shown, table } from "./lib/report.ts";

// What planning and running cost for tasks that do nothing and remember it in memory: time of the processor, so that neighbours
// on the machine count less. Prints Markdown. Run it with: node --import tsx bench/graphs.ts, after a build.

const { sizes, rounds } = benchOptions();

/** Microseconds of the processor for each task; one round of large graphs, of which the smaller ones have compiled the code. */
async function microsecondsEach(size: number, work: () => Promise<unknown>): Promise<Spread> {
  const costs: number[] = [];
  const first = size >= 100_000 ? rounds : 0;
  for (let round = first; round <= rounds; round++) {
    forgetAll();
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    // The first round of a small graph compiles the code.
    if (round > 0) costs.push((user + system) / size);
  }
  return spreadOf(costs);
}

/** Exponent of the cost of all tasks against their number. */
const exponent = (each: readonly Spread[]): string =>
  exponentOf(
    each.map(({ median }, index) => [sizes[index] as number, median * (sizes[index] as number)]),
  ).toFixed(2);

const rows: string[][] = [];
for (const [shape, tasksOf] of Object.entries(SHAPES)) {
  const plans: Spread[] = [];
  const runs: Spread[] = [];
  for (const size of sizes) {
    const [plan, whole] = [
      await microsecondsEach(size, () => planTasks(tasksOf(size))),
      await microsecondsEach(size, () => run(tasksOf(size))),
    ];
    rows.push([shape, count(size), shown(plan), shown(whole)]);
    plans.push(plan);
    runs.push(whole);
  }
  rows.push([shape, "exponent", exponent(plans), exponent(runs)]);
}
console.log(table(["Graph", "Tasks", "Plan, µs a task", "Run, µs a task"], rows));
