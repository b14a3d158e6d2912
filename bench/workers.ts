import { compare } from "./lib/measure.ts";
import { benchOptions } from "./lib/options.ts";
import { comparisons, count } from "./lib/report.ts";
import { leatRun, luigiRun } from "./lib/sides.ts";

// The same independent tasks with 1, 2 and 4 workers: Leat's in one process and in child processes, beside Luigi's, which
// forks a process for each task as soon as there are two. Prints Markdown.

const { bothSizes, rounds } = benchOptions({ bothSizes: [500] });
const results = [];
for (const n of bothSizes) {
  for (const runner of ["inline", "process"] as const) {
    for (const workers of [1, 2, 4]) {
      const job = { task: "Independent", flags: { n }, workers };
      const title = `${count(n)} tasks, ${workers} ${workers === 1 ? "worker" : "workers"}, ${runner}`;
      results.push(
        await compare({ title, ours: leatRun({ ...job, runner }), reference: luigiRun(job) }, rounds),
      );
    }
  }
}
console.log(comparisons(results));
