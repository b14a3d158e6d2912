import { parseArgs } from "node:util";
import type { Task } from "@leat/core";
import { planTasks } from "@leat/worker";
import { forgetAll, LAYERED_EDGES, SHAPES } from "./lib/graphs.ts";

// What planning costs beyond a walk of the same graph that does nothing but make the tasks, compare their ids, and call their
// requires() and complete(). Fails above a limit. Run it with: node --expose-gc --import tsx bench/planning.ts, after a build.

const ROUNDS = 5;
/** A task with three requirements counts four times: once for itself and once for each edge. */
const MAX_MICROSECONDS = 6;
const MAX_BYTES = 1500;

const { values } = parseArgs({ options: { tasks: { type: "string", default: "100000" } } });
const size = Number(values.tasks);

const layered = (): Task[] => SHAPES["layered"]?.(size) as Task[];

/** The empty walk: each task once, as far as it is not complete. */
async function walk(tasks: readonly Task[]): Promise<void> {
  const seen = new Set<string>();
  const open = [...tasks];
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    if (seen.has(task.id)) continue;
    seen.add(task.id);
    if (!(await task.complete())) open.push(...(task.requires() as Task[]));
  }
}

/** Microseconds of the processor for each task: a neighbour on the machine changes it less than the time that passes. */
async function microseconds(work: () => Promise<unknown>): Promise<number> {
  forgetAll();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / size;
}

/** Bytes that a plan holds for each task, the tasks of the lower layers included. */
async function bytesPerTask(): Promise<number> {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("Memory cannot be measured. Give node --expose-gc.");
  const tasks = layered();
  gc();
  const before = process.memoryUsage().heapUsed;
  const plan = await planTasks(tasks);
  gc();
  return (process.memoryUsage().heapUsed - before) / plan.tasks.size;
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((left, right) => left - right)[Math.floor(numbers.length / 2)] as number;

const walks: number[] = [];
const plans: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  walks.push(await microseconds(() => walk(layered())));
  plans.push(await microseconds(() => planTasks(layered())));
}
const own = median(plans.map((plan, round) => plan - (walks[round] as number))) / (1 + LAYERED_EDGES);
const bytes = await bytesPerTask();

console.log(`Planning ${size} tasks in layers, each with ${LAYERED_EDGES} requirements:`);
console.log(`  empty walk   ${median(walks).toFixed(1)} µs a task`);
console.log(`  planning     ${median(plans).toFixed(1)} µs a task`);
console.log(`  beyond walk  ${own.toFixed(2)} µs a task and edge (limit ${MAX_MICROSECONDS})`);
console.log(`  plan holds   ${bytes.toFixed(0)} bytes a task (limit ${MAX_BYTES})`);
if (own > MAX_MICROSECONDS || bytes > MAX_BYTES) process.exitCode = 1;
