import { compare } from "./lib/measure.ts";
import { benchOptions } from "./lib/options.ts";
import { comparisons } from "./lib/report.ts";
import { leatRun, luigiRun } from "./lib/sides.ts";

// From the start of the process to its exit: one task that leaves a file. Prints Markdown.

const { rounds } = benchOptions({ rounds: 7 });
const hello = { task: "Hello", flags: { n: 1 } };
const comparison = { title: "start, one task, exit", ours: leatRun(hello), reference: luigiRun(hello) };
console.log(comparisons([await compare(comparison, rounds)]));
