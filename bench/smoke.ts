import { type Growth, growthOf } from "./lib/growth.ts";
import { OperationCounter } from "./lib/operations.ts";

// Fails when the cost of planning, running or asking the scheduler grows faster than it should. It counts operations, so it
// gives the same answer on every machine. Run it with: npm run bench:smoke.

const counter = new OperationCounter();
await counter.start();
// Imported only now, to be counted.
const { planTasks, run } = await import("@leat/worker");
const { Scheduler } = await import("@leat/scheduler");
const { forgetAll, LAYER, LAYERED_EDGES, SHAPES } = await import("./lib/graphs.ts");

const SIZES = [1000, 2000, 4000, 8000];

/** Tasks and requirements: the first layer of a layered graph has no requirements, which matters as long as it is small. */
const PARTS: Readonly<Record<string, (size: number) => number>> = {
  layered: (size) => size + LAYERED_EDGES * (size - LAYER),
};

const graphs: Growth[] = Object.entries(SHAPES).flatMap(([shape, tasksOf]) => {
  const common = { limit: 1.15, sizes: SIZES, ...(shape in PARTS && { measureOf: PARTS[shape] }) };
  return [
    {
      what: `plan, ${shape}`,
      ...common,
      async count(size) {
        forgetAll();
        return counter.count(() => planTasks(tasksOf(size)));
      },
    },
    {
      what: `run, ${shape}`,
      ...common,
      async count(size) {
        forgetAll();
        return counter.count(() => run(tasksOf(size)));
      },
    },
    {
      what: `run again when complete, ${shape}`,
      ...common,
      async count(size) {
        forgetAll();
        await run(tasksOf(size));
        return counter.count(() => run(tasksOf(size)));
      },
    },
  ];
});

/** One `getWork` and its report, in a scheduler that holds n done and n blocked tasks. */
const getWork: Growth = {
  what: "getWork and report, beside n done and n blocked tasks",
  limit: 0.1,
  sizes: SIZES,
  async count(size) {
    const scheduler = new Scheduler({});
    const now = 1;
    const numbers = Array.from({ length: size }, (_, index) => index);
    const done = numbers.map((n) => ({ taskId: `done-${n}`, status: "DONE" as const }));
    const blocked = numbers.map((n) => ({ taskId: `blocked-${n}`, deps: ["missing"] }));
    const missing = { taskId: "missing", runnable: false };
    scheduler.addTasks({ worker: "w", tasks: [missing, ...done, ...blocked, { taskId: "ready" }] }, now);
    return counter.count(async () => {
      const [next] = scheduler.getWork({ worker: "w" }, now).assignments;
      if (next === undefined) throw new Error("The ready task was not given.");
      scheduler.report({ worker: "w", taskId: next.taskId, token: next.token, outcome: "DONE" }, now);
    });
  },
};

let failures = 0;
for (const growth of [...graphs, getWork]) {
  const { exponent, isWithin, operations } = await growthOf(growth);
  if (!isWithin) failures++;
  const verdict = isWithin ? "ok" : "GROWS FASTER";
  const facts = `n^${exponent.toFixed(2)} (limit ${growth.limit}); operations ${operations.join(", ")}`;
  console.log(`${verdict}: ${growth.what}: ${facts}`);
}
counter.stop();
console.log(
  failures === 0 ? "Nothing grows faster than it should." : `${failures} grow faster than they should.`,
);
process.exitCode = failures === 0 ? 0 : 1;
