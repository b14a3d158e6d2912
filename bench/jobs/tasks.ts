import { LocalTarget, p, Task, WrapperTask } from "leat";
import { ExternalProgramTask } from "@leat/external-program";

// The same graphs as in tasks.py.

const where = { n: p.int(), folder: p.string() };

/** A task that does nothing but leave an empty file. */
abstract class Noop extends Task.with(where) {
  override output() {
    return new LocalTarget(`${this.folder}/${this.constructor.name}-${this.n}`);
  }
  override async run() {
    await this.output().writeText("");
  }
}

export class Hello extends Noop {}

export class Leaf extends Noop {}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Tasks that have nothing to do with one another. */
export class Independent extends WrapperTask.with(where) {
  override requires() {
    return numbers(this.n).map((n) => new Leaf({ n, folder: this.folder }));
  }
}

/** Requires n tasks that require nothing. */
export class FanIn extends Noop {
  override requires() {
    return numbers(this.n).map((n) => new Leaf({ n, folder: this.folder }));
  }
}

/** A row of n tasks, each of which requires the one before. */
export class Chain extends Noop {
  override requires() {
    return this.n === 0 ? undefined : new Chain({ n: this.n - 1, folder: this.folder });
  }
}

const WIDTH = 50;

/** Layers of 50 tasks, each of which requires three of the layer below. */
export class Layered extends Noop {
  override requires() {
    const below = this.n - WIDTH;
    const start = below - (below % WIDTH);
    return below < 0
      ? []
      : [0, 1, 7].map((step) => new Layered({ n: start + ((below + step) % WIDTH), folder: this.folder }));
  }
}

/** Requires the last layer of n tasks. */
export class LayeredTop extends Noop {
  override requires() {
    return numbers(WIDTH).map((step) => new Layered({ n: this.n - WIDTH + step, folder: this.folder }));
  }
}

/** A tree: task n requires 2n + 1 and 2n + 2, as long as these are below the size. */
export class Tree extends Noop.with({ size: p.int() }) {
  override requires() {
    return [2 * this.n + 1, 2 * this.n + 2]
      .filter((n) => n < this.size)
      .map((n) => new Tree({ n, size: this.size, folder: this.folder }));
  }
}

export class Program extends ExternalProgramTask.with(where) {
  override output() {
    return new LocalTarget(`${this.folder}/program-${this.n}`);
  }
  override programArgs() {
    return ["touch", this.output().path];
  }
}

/** Requires n tasks that each start a program. */
export class Programs extends Noop {
  override requires() {
    return numbers(this.n).map((n) => new Program({ n, folder: this.folder }));
  }
}
