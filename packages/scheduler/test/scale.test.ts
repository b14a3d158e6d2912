import { expect, it } from "vitest";
import { Scheduler, type TaskSpec } from "../src/index.ts";

// The limits are about ten times what an ordinary machine needs, and far below what a scan would take.

function seconds(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

function drain(scheduler: Scheduler, worker: string): number {
  for (let count = 0; ; count++) {
    const [next] = scheduler.getWork({ worker }, 0).assignments;
    if (next === undefined) return count;
    scheduler.report({ worker, taskId: next.taskId, token: next.token, outcome: "DONE" }, 0);
  }
}

function many(
  count: number,
  prefix: string,
  more: (index: number) => Partial<TaskSpec> = () => ({}),
): TaskSpec[] {
  return Array.from({ length: count }, (_, index) => ({ taskId: `${prefix}${index}`, ...more(index) }));
}

it("10,000 workers with one task each are served quickly", () => {
  const scheduler = new Scheduler();
  const time = seconds(() => {
    for (let index = 0; index < 10_000; index++) {
      scheduler.addTasks({ worker: `w${index}`, tasks: [{ taskId: `t${index}` }] }, 0);
    }
    for (let index = 0; index < 10_000; index++) expect(drain(scheduler, `w${index}`)).toBe(1);
  });
  expect(time).toBeLessThan(5);
});

it("1,000 ready tasks among 200,000 done and 100,000 blocked ones are handed out quickly", () => {
  const scheduler = new Scheduler();
  const done = many(200_000, "done", () => ({ status: "DONE" }));
  const blocked = many(100_000, "blocked", () => ({ deps: ["missing"] }));
  scheduler.addTasks({ worker: "W", tasks: [...done, ...blocked, ...many(1000, "ready")] }, 0);
  expect(seconds(() => expect(drain(scheduler, "W")).toBe(1000))).toBeLessThan(0.5);
});

it("50,000 tasks that wait for a resource do not slow down those that do not", () => {
  const scheduler = new Scheduler();
  const waiting = many(50_000, "waiting", () => ({ resources: { r: 2 }, priority: 1 }));
  scheduler.addTasks({ worker: "W", tasks: [...waiting, ...many(1000, "free")] }, 0);
  expect(seconds(() => expect(drain(scheduler, "W")).toBe(1000))).toBeLessThan(0.5);
});

it("20,000 tasks that each need a resource of their own are handed out quickly", () => {
  const scheduler = new Scheduler();
  scheduler.addTasks(
    { worker: "W", tasks: many(20_000, "t", (index) => ({ resources: { [`r${index}`]: 1 } })) },
    0,
  );
  expect(seconds(() => expect(drain(scheduler, "W")).toBe(20_000))).toBeLessThan(2);
});

it("a resource contested by two workers with 20,000 tasks each is dealt out quickly", () => {
  const scheduler = new Scheduler({ resources: { r: 4 } });
  for (const worker of ["X", "Y"]) {
    scheduler.registerWorker({ worker, processes: 4 }, 0);
    scheduler.getWork({ worker }, 0);
    const tasks = many(20_000, worker, (index) => ({ resources: { r: 1 }, priority: index % 100 }));
    scheduler.addTasks({ worker, tasks }, 0);
  }
  const time = seconds(() => {
    for (let turn = 0; turn < 1000; turn++) {
      for (const worker of ["X", "Y"]) {
        for (const { taskId, token } of scheduler.getWork({ worker, slots: 4 }, 0).assignments) {
          scheduler.report({ worker, taskId, token, outcome: "DONE" }, 0);
        }
      }
    }
  });
  expect(time).toBeLessThan(2);
});

it("20,000 tasks are batched in pairs quickly", () => {
  const scheduler = new Scheduler();
  scheduler.registerBatcher({ worker: "W", family: "F", batchedParams: ["a"], maxBatchSize: 2 }, 0);
  const tasks = many(20_000, "t", (index) => ({ family: "F", params: { a: `${index}` }, batchable: true }));
  scheduler.addTasks({ worker: "W", tasks }, 0);
  expect(seconds(() => expect(drain(scheduler, "W")).toBe(10_000))).toBeLessThan(2);
});

it("a task that 100,000 require is released, and all are forgotten, quickly", () => {
  const scheduler = new Scheduler();
  const time = seconds(() => {
    scheduler.addTasks(
      { worker: "W", tasks: [{ taskId: "hub" }, ...many(100_000, "t", () => ({ deps: ["hub"] }))] },
      0,
    );
    const [hub] = scheduler.getWork({ worker: "W" }, 0).assignments;
    scheduler.report({ worker: "W", taskId: "hub", token: hub?.token ?? "", outcome: "DONE" }, 0);
    scheduler.tick(10_000_000);
  });
  expect([...scheduler.tasks()]).toEqual([]);
  expect(time).toBeLessThan(5);
});

it("a chain of 100,000 tasks registered in either direction runs to its end", () => {
  const chain = many(100_000, "t", (index) => (index > 0 ? { deps: [`t${index - 1}`] } : {}));
  for (const tasks of [chain, chain.toReversed()]) {
    const scheduler = new Scheduler();
    scheduler.addTasks({ worker: "W", tasks }, 0);
    expect(drain(scheduler, "W")).toBe(100_000);
  }
});
