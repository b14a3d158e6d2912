import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compare, exponentOf, program, type Result, secondsOf, type Side } from "./lib/measure.ts";
import { table } from "./lib/report.ts";
import { type Job, leatRun, luigiRun, twice } from "./lib/sides.ts";

// Whole processes, from start to exit: Leat beside Luigi, and beside GNU make where it can do the same. Prints Markdown.
// Run it with: node --import tsx bench/local-runs.ts [rounds], after a build.

const rounds = Number(process.argv[2] ?? 3);

const SHAPES: Readonly<Record<string, (size: number) => Job>> = {
  "independent tasks": (n) => ({ task: "FanIn", flags: { n } }),
  "a chain": (n) => ({ task: "Chain", flags: { n: n - 1 } }),
  "layers of 50": (n) => ({ task: "LayeredTop", flags: { n } }),
  "a tree": (n) => ({ task: "Tree", flags: { n: 0, size: n } }),
};

/** A file for each of n tasks, made by GNU make with a shell for each, as make does it. */
function makeRun(n: number): Side {
  return {
    name: "make",
    async run(folder) {
      const targets = Array.from({ length: n }, (_, index) => `${folder}/out/leaf-${index}`);
      mkdirSync(join(folder, "out"));
      const rules = targets.map((target) => `${target}:\n\t@touch ${target}\n`);
      writeFileSync(join(folder, "Makefile"), `all: ${targets.join(" ")}\n${rules.join("")}`);
      await program(["make", "-s", "-f", join(folder, "Makefile")]);
    },
  };
}

async function both(title: string, job: Job, wrap = (side: Side) => side): Promise<Result> {
  return compare({ title, ours: wrap(leatRun(job)), reference: wrap(luigiRun(job)) }, rounds);
}

const results: Result[] = [await both("start and one task", { task: "Hello", flags: { n: 1 } })];
for (const [shape, jobOf] of Object.entries(SHAPES)) {
  for (const size of [300, 1000]) results.push(await both(`${shape}, ${size}`, jobOf(size)));
}
for (const workers of [2, 4]) {
  const job = { task: "FanIn", flags: { n: 1000 }, workers };
  results.push(await both(`independent tasks, 1000, ${workers} workers`, job));
}
results.push(
  await both("1000 tasks, then again when all is complete", SHAPES["a tree"]?.(1000) as Job, twice),
);
results.push(await both("500 programs", { task: "Programs", flags: { n: 500 } }));
results.push(
  await compare(
    {
      title: "500 programs",
      ours: leatRun({ task: "Programs", flags: { n: 500 } }),
      reference: makeRun(500),
    },
    rounds,
  ),
);

console.log(`${table(results)}\n`);

// How the time of a whole run grows with the number of tasks, after what start-up takes.
const startUp = await secondsOf(leatRun({ task: "Hello", flags: { n: 1 } }));
const growth: string[] = [];
for (const [shape, jobOf] of Object.entries(SHAPES)) {
  const points: [number, number][] = [];
  for (const size of [1000, 10_000, 100_000]) {
    points.push([size, (await secondsOf(leatRun(jobOf(size)))) - startUp]);
  }
  const seconds = points.map(([, cost]) => cost.toFixed(2)).join(" | ");
  growth.push(`| ${shape} | ${seconds} | ${exponentOf(points).toFixed(2)} |`);
}
console.log(
  "Seconds of Leat beyond start-up for tasks that each leave a file, and the exponent of the growth:\n",
);
console.log("| Graph | 1,000 | 10,000 | 100,000 | Exponent |\n| --- | --- | --- | --- | --- |");
console.log(growth.join("\n"));
