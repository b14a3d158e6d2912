import { p, Task, WrapperTask } from "@leat/core";
import { describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { planOf, recordLog } from "./support.ts";

const SIZE = 100_000;

/** Calls of the methods that a user writes: what planning costs grows with them. */
const calls = { complete: 0, requires: 0 };

abstract class Counted extends Task.with({ n: p.int() }) {
  override output(): undefined {
    return undefined;
  }
  override async complete(): Promise<boolean> {
    calls.complete++;
    return false;
  }
  override run(): void {}
}

class Link extends Counted {
  override requires(): Link | undefined {
    calls.requires++;
    return this.n === 1 ? undefined : new Link({ n: this.n - 1 });
  }
}

const WIDTH = 1000;
const FAN_OUT = 5;

class Layered extends Counted {
  override requires(): Layered[] {
    calls.requires++;
    const [layer, column] = [Math.floor(this.n / WIDTH), this.n % WIDTH];
    if (layer === 0) return [];
    const below = (layer - 1) * WIDTH;
    return Array.from({ length: FAN_OUT }, (_, i) => new Layered({ n: below + ((column + i) % WIDTH) }));
  }
}

class Nested extends WrapperTask.with({ n: p.int() }) {
  override requires(): Task {
    return this.n === 0 ? new Link({ n: 1 }) : new Nested({ n: this.n - 1 });
  }
}

describe("large graphs", () => {
  it(`plan a chain of ${SIZE} tasks, each asked once, and say how far it is`, async () => {
    Object.assign(calls, { complete: 0, requires: 0 });
    const log = recordLog();
    const plan = await planOf([new Link({ n: SIZE })], { log });
    expect(plan.tasks.size).toBe(SIZE);
    expect(log.lines).toEqual([`info Planning: ${SIZE} tasks so far, the last is Link(n=1).`]);
    expect(calls).toEqual({ complete: SIZE, requires: SIZE });
    expect([...plan.tasks.keys()][0]).toBe(new Link({ n: 1 }).id);
  });

  it(`plan layers of ${SIZE} tasks with ${FAN_OUT} requirements each, each asked once`, async () => {
    Object.assign(calls, { complete: 0, requires: 0 });
    const top = Array.from({ length: WIDTH }, (_, column) => new Layered({ n: SIZE - WIDTH + column }));
    const plan = await planOf(top);
    expect(plan.tasks.size).toBe(SIZE);
    expect(calls).toEqual({ complete: SIZE, requires: SIZE });
  });

  it("plan a chain of wrappers as deep", async () => {
    const plan = await planOf([new Nested({ n: SIZE })]);
    expect(plan.tasks.size).toBe(SIZE + 2);
  });

  it("run a chain of 10000 tasks to its end", async () => {
    const done = new Set<string>();
    class Step extends Counted {
      override requires(): Step | undefined {
        return this.n === 1 ? undefined : new Step({ n: this.n - 1 });
      }
      override async complete(): Promise<boolean> {
        return done.has(this.id);
      }
      override run(): void {
        done.add(this.id);
      }
    }
    const { status, summary } = await run([new Step({ n: 10_000 })], { log: recordLog() });
    expect(status).toBe("SUCCESS");
    expect(summary.succeeded).toHaveLength(10_000);
  });
});
