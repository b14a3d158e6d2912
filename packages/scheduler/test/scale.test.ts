import { describe, expect, it } from "vitest";
import { Scheduler, type TaskSpec } from "../src/index.ts";
import { countOperations } from "./operations.ts";

/** Takes and reports all that the worker gets. */
function drain(scheduler: Scheduler, worker: string, most = Infinity): number {
  for (let count = 0; count < most; count++) {
    const [next] = scheduler.getWork({ worker }, 0).assignments;
    if (next === undefined) return count;
    scheduler.report({ worker, taskId: next.taskId, token: next.token, outcome: "DONE" }, 0);
  }
  return most;
}

function many(
  count: number,
  prefix: string,
  more: (index: number) => Partial<TaskSpec> = () => ({}),
): TaskSpec[] {
  return Array.from({ length: count }, (_, index) => ({ taskId: `${prefix}${index}`, ...more(index) }));
}

function withTasks(...tasks: TaskSpec[]): Scheduler {
  const scheduler = new Scheduler();
  scheduler.addTasks({ worker: "W", tasks }, 0);
  return scheduler;
}

/** A situation of some size; gives what is to be counted, which itself gives the number of tasks that it did. */
type Situation = (size: number) => () => number;

const eachWithAWorker: Situation = (size) => {
  const scheduler = new Scheduler();
  const workers = Array.from({ length: size }, (_, index) => `w${index}`);
  for (const worker of workers) scheduler.addTasks({ worker, tasks: [{ taskId: `of ${worker}` }] }, 0);
  return () => workers.reduce((sum, worker) => sum + drain(scheduler, worker), 0);
};

const amongDoneAndBlocked: Situation = (size) => {
  const done = many(size, "done", () => ({ status: "DONE" }));
  const blocked = many(size, "blocked", () => ({ deps: ["missing"] }));
  const scheduler = withTasks(...done, ...blocked, ...many(500, "ready"));
  return () => drain(scheduler, "W");
};

const amongWaitingForAResource: Situation = (size) => {
  const waiting = many(size, "waiting", () => ({ resources: { r: 2 }, priority: 1 }));
  const scheduler = withTasks(...waiting, ...many(500, "free"));
  return () => drain(scheduler, "W");
};

const contested: Situation = (size) => {
  const scheduler = new Scheduler({ resources: { r: 4 } });
  for (const worker of ["X", "Y"]) {
    scheduler.registerWorker({ worker, processes: 4 }, 0);
    scheduler.getWork({ worker }, 0);
    const tasks = many(size, worker, (index) => ({ resources: { r: 1 }, priority: index % 10 }));
    scheduler.addTasks({ worker, tasks }, 0);
  }
  return () => drain(scheduler, "X", 200) + drain(scheduler, "Y", 200);
};

const eachWithAResource: Situation = (size) => {
  const scheduler = withTasks(...many(size, "t", (index) => ({ resources: { [`r${index}`]: 1 } })));
  return () => drain(scheduler, "W");
};

const inPairs: Situation = (size) => {
  const scheduler = new Scheduler();
  scheduler.registerBatcher({ worker: "W", family: "F", batchedParams: ["a"], maxBatchSize: 2 }, 0);
  const tasks = many(size, "t", (index) => ({ family: "F", params: { a: `${index}` }, batchable: true }));
  scheduler.addTasks({ worker: "W", tasks }, 0);
  return () => drain(scheduler, "W");
};

const behindOne: Situation = (size) => {
  const scheduler = withTasks({ taskId: "hub" }, ...many(size, "t", () => ({ deps: ["hub"] })));
  return () => {
    drain(scheduler, "W", 1);
    scheduler.tick(10_000_000);
    expect([...scheduler.tasks()]).toEqual([]);
    return size;
  };
};

describe("scale", () => {
  // From the smaller to the larger size a scan would cost ten times as much; the depth of a heap, a third more.
  it.each<[string, number, Situation]>([
    ["each has a worker of its own", 500, eachWithAWorker],
    ["among done and blocked ones", 5000, amongDoneAndBlocked],
    ["among others that wait for a resource", 2000, amongWaitingForAResource],
    ["two workers contest a resource", 500, contested],
    ["each needs a resource of its own", 500, eachWithAResource],
    ["they run in batches of two", 500, inPairs],
    ["all require one, and all are forgotten", 1000, behindOne],
  ])("what a task costs hardly grows with their number: %s", (_, size, situation) => {
    const [small, large] = [size, 10 * size].map((each) => {
      const work = situation(each);
      let tasks = 0;
      const operations = countOperations(() => (tasks = work()));
      expect(tasks).toBeGreaterThan(0);
      return operations / tasks;
    }) as [number, number];
    expect(small).toBeGreaterThan(1);
    expect(large / small).toBeLessThan(1.5);
  });
});

it("a chain of 100,000 tasks registered in either direction runs to its end", () => {
  const chain = many(100_000, "t", (index) => (index > 0 ? { deps: [`t${index - 1}`] } : {}));
  for (const tasks of [chain, chain.toReversed()]) {
    expect(drain(withTasks(...tasks), "W")).toBe(100_000);
  }
});
