import { p, Task } from "@leat/core";
import { planTasks, run } from "@leat/worker";

// What planning and running cost for tasks that do nothing: time of the processor, so that neighbours on the machine count
// less, and memory that a plan holds. Run it with: node --expose-gc --import tsx bench/graphs.ts, after a build.

const ROUNDS = 5;
const LAYER = 1000;

let done = new Set<string>();

abstract class Noop extends Task.with({ n: p.int() }) {
  override output(): undefined {
    return undefined;
  }
  override async complete(): Promise<boolean> {
    return done.has(this.id);
  }
  override run(): void {
    done.add(this.id);
  }
}

class Independent extends Noop {}

class Chain extends Noop {
  override requires(): Chain | undefined {
    return this.n === 0 ? undefined : new Chain({ n: this.n - 1 });
  }
}

/** Layers of a thousand tasks, each of which requires three of the layer below. */
class Layered extends Noop {
  override requires(): Layered[] {
    const below = this.n - LAYER;
    if (below < 0) return [];
    const start = below - (below % LAYER);
    return [0, 1, 7].map((step) => new Layered({ n: start + ((below + step) % LAYER) }));
  }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

const shapes: Readonly<Record<string, (size: number) => Task[]>> = {
  independent: (size) => numbers(0, size).map((n) => new Independent({ n })),
  chain: (size) => [new Chain({ n: size - 1 })],
  layered: (size) => numbers(size - LAYER, size).map((n) => new Layered({ n })),
};

/** Microseconds of the processor for each task, at best of some rounds: the first ones also compile the code. */
async function microsecondsEach(size: number, work: () => Promise<unknown>): Promise<string> {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    done = new Set();
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
  for (const [shape, tasksOf] of Object.entries(shapes)) {
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
