import type { Task } from "@leat/core";
import { planTasks, run } from "@leat/worker";
import { forgetAll, SHAPES } from "./lib/graphs.ts";

// What planning and running cost for tasks that do nothing: time of the processor, so that neighbours on the machine count
// less, and memory that a plan holds. Run it with: node --expose-gc --import tsx bench/graphs.ts, after a build.

const ROUNDS = 5;
/** Microseconds of the processor for each task, at best of some rounds: the first ones also compile the code. */
async function microsecondsEach(size: number, work: () => Promise<unknown>): Promise<string> {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    forgetAll();
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / size);
  }
  return best.toFixed(1);
}

/** Bytes that a plan holds for each task, without the tasks that were there before. */
async function bytesEach(size: number, tasks: Task[]): Promise<string> {
  const { gc } = globalThis;
  if (gc === undefined) return "not measured";
  for (const task of tasks) void task.id;
  gc();
  const before = process.memoryUsage().heapUsed;
  const plan = await planTasks(tasks);
  gc();
  return ((process.memoryUsage().heapUsed - before) / plan.tasks.size).toFixed(0);
}

const rows = [];
for (const size of [1000, 10_000, 100_000]) {
  for (const [shape, tasksOf] of Object.entries(SHAPES)) {
    rows.push({
      shape,
      size,
      "plan µs": await microsecondsEach(size, () => planTasks(tasksOf(size))),
      "plan bytes": await bytesEach(size, tasksOf(size)),
      "run µs": await microsecondsEach(size, () => run(tasksOf(size))),
    });
  }
}
console.table(rows);
