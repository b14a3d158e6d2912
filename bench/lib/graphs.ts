import { p, Task } from "@leat/core";

// Graphs of tasks that do nothing and remember in memory that they did it.

let done = new Set<string>();

/** From now on no task is complete. */
export function forgetAll(): void {
  done = new Set();
}

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

/** Requires n tasks that require nothing. */
class FanIn extends Noop {
  override requires(): Independent[] {
    return numbers(0, this.n).map((n) => new Independent({ n }));
  }
}

/** Tasks of one layer of the shape `layered`. */
export const LAYER = 1000;
const STEPS = [0, 1, 7];

/** Requirements of each task of the shape `layered`. */
export const LAYERED_EDGES = STEPS.length;

/** Layers of a thousand tasks, each of which requires some of the layer below. */
class Layered extends Noop {
  override requires(): Layered[] {
    const below = this.n - LAYER;
    if (below < 0) return [];
    const start = below - (below % LAYER);
    return STEPS.map((step) => new Layered({ n: start + ((below + step) % LAYER) }));
  }
}

class Tree extends Noop.with({ size: p.int() }) {
  override requires(): Tree[] {
    const children = [2 * this.n + 1, 2 * this.n + 2].filter((n) => n < this.size);
    return children.map((n) => new Tree({ n, size: this.size }));
  }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

/** The tasks to ask for, by the shape of their graph, for a graph of so many tasks. */
export const SHAPES: Readonly<Record<string, (size: number) => Task[]>> = {
  independent: (size) => numbers(0, size).map((n) => new Independent({ n })),
  chain: (size) => [new Chain({ n: size - 1 })],
  "fan-in": (size) => [new FanIn({ n: size - 1 })],
  layered: (size) => numbers(Math.max(size - LAYER, 0), size).map((n) => new Layered({ n })),
  tree: (size) => [new Tree({ n: 0, size })],
};
