import { compare } from "./lib/measure.ts";
import { benchOptions } from "./lib/options.ts";
import { comparisons, count } from "./lib/report.ts";
import { leatRun, luigiRun, makeRun } from "./lib/sides.ts";

// Tasks that each start a program, beside Luigi and beside GNU make, which starts it by a shell. Prints Markdown.

const { bothSizes, rounds } = benchOptions({ bothSizes: [500] });
const results = [];
for (const n of bothSizes) {
  const job = { task: "Programs", flags: { n } };
  for (const reference of [luigiRun(job), makeRun(n)])
    results.push(await compare({ title: `${count(n)} programs`, ours: leatRun(job), reference }, rounds));
}
console.log(comparisons(results));
