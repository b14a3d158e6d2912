import { compare, type Side } from "./lib/measure.ts";
import { benchOptions } from "./lib/options.ts";
import { comparisons, count } from "./lib/report.ts";
import { JOBS, leatRun, luigiRun } from "./lib/sides.ts";

// A run that finds everything complete: the same command once more. Whole processes, beside Luigi. Prints Markdown.

const { bothSizes, rounds } = benchOptions();
/** The graphs in which the root is asked for its requirements although it is complete are those of wrappers. */
const SHAPES = ["independent", "tree"];

/** The second run of the same command; the first one is not measured. */
const again = (side: Side): Side => ({ name: side.name, prepare: side.run, run: side.run });

const results = [];
for (const shape of SHAPES) {
  for (const n of bothSizes) {
    const job = JOBS[shape]?.(n);
    if (job === undefined) throw new Error(`There is no graph ${shape}.`);
    const title = `${shape}, ${count(n)}, all complete`;
    results.push(
      await compare({ title, ours: again(leatRun(job)), reference: again(luigiRun(job)) }, rounds),
    );
  }
}
console.log(comparisons(results));
