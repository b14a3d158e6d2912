import { EventBus, p, type RunContext, Task } from "@leat/core";
import { LocalScheduler, Scheduler } from "@leat/scheduler";
import { describe, expect, it } from "vitest";
import { InlineRunner } from "../src/inline-runner.ts";
import { run } from "../src/run.ts";
import { RunGraph } from "../src/run-graph.ts";
import { Worker } from "../src/worker.ts";
import type { WorkerOptions } from "../src/worker-options.ts";
import { deferred, graphOf, nodeName, planOf, recordEvents, recordLog, until } from "./support.ts";

/** Tasks that run until a gate opens, and tell how many ran at a time. */
function gatedTasks() {
  const gate = deferred();
  const seen = { running: 0, most: 0, begun: [] as number[] };
  class Gated extends Task.with({ n: p.int() }) {
    #done = false;
    override output(): undefined {
      return undefined;
    }
    override async complete(): Promise<boolean> {
      return this.#done;
    }
    override async run(): Promise<void> {
      seen.begun.push(this.n);
      seen.most = Math.max(seen.most, ++seen.running);
      await gate.promise;
      seen.running--;
      this.#done = true;
    }
  }
  const tasks = (count: number) => Array.from({ length: count }, (_, n) => new Gated({ n }));
  return { Gated, tasks, gate, seen };
}

/** A worker for these tasks, with one slot unless the options say otherwise. */
async function workerFor(
  tasks: readonly Task[],
  options: Pick<WorkerOptions, "scheduler"> & Partial<WorkerOptions>,
): Promise<Worker> {
  const log = recordLog();
  return new Worker(new RunGraph(await planOf(tasks)), {
    id: "w",
    slots: 1,
    runner: new InlineRunner(),
    events: new EventBus(log),
    log,
    planning: { log, events: new EventBus(log), concurrency: 8 },
    ...options,
  });
}

describe("the worker", () => {
  it("runs tasks after what they require", async () => {
    const { node, ran } = graphOf({ all: ["a", "b"], a: ["c"], b: ["c"] });
    const { status } = await run([node("all")]);
    expect(ran).toEqual(["c", "a", "b", "all"]);
    expect(status).toBe("SUCCESS");
  });

  it("runs as many at a time as it has workers, and no more", async () => {
    const { tasks, gate, seen } = gatedTasks();
    const result = run(tasks(8), { workers: 3 });
    await until(() => seen.running === 3);
    gate.resolve();
    await result;
    expect(seen.most).toBe(3);
    expect(seen.begun).toHaveLength(8);
  });

  it("runs one at a time when nothing else is said", async () => {
    const { tasks, gate, seen } = gatedTasks();
    gate.resolve();
    await run(tasks(4));
    expect(seen.most).toBe(1);
  });

  it("takes the higher priority first, also of what a task requires", async () => {
    const { Node, ran } = graphOf({ urgent: ["source"] });
    class Ranked extends Node {
      override get priority(): number {
        return { urgent: 10, middle: 5 }[this.name] ?? 0;
      }
      override requires(): Ranked[] {
        return this.name === "urgent" ? [new Ranked({ name: "source" })] : [];
      }
    }
    await run(["plain", "middle", "urgent"].map((name) => new Ranked({ name })));
    expect(ran).toEqual(["source", "urgent", "middle", "plain"]);
  });

  it("does not run two tasks together that need the same resource", async () => {
    const { Gated, gate, seen } = gatedTasks();
    class Exclusive extends Gated {
      override get resources() {
        return { database: 1 };
      }
    }
    gate.resolve();
    await run(
      [1, 2, 3].map((n) => new Exclusive({ n })),
      { workers: 3 },
    );
    expect(seen.most).toBe(1);
  });

  it("runs as many together as a resource has units", async () => {
    const { Gated, gate, seen } = gatedTasks();
    class Sharing extends Gated {
      override get resources() {
        return { database: 2 };
      }
    }
    const result = run(
      [1, 2, 3, 4].map((n) => new Sharing({ n })),
      { workers: 4, resources: { database: 5 } },
    );
    await until(() => seen.running === 2);
    gate.resolve();
    await result;
    expect(seen.most).toBe(2);
  });

  it("goes on with all that does not depend on a failure", async () => {
    const { Node, ran } = graphOf({});
    class Fragile extends Node {
      override requires(): Fragile[] {
        return this.name === "after" ? [new Fragile({ name: "bad" })] : [];
      }
      override run(): void {
        if (this.name === "bad") throw new Error("broken");
        super.run();
      }
    }
    const tasks = ["after", "other", "last"].map((name) => new Fragile({ name }));
    const { outcomes, status } = await run(tasks, { log: recordLog() });
    expect(ran).toEqual(["other", "last"]);
    expect(tasks.map(({ id }) => outcomes.get(id).state)).toEqual(["pending", "succeeded", "succeeded"]);
    expect(outcomes.get(new Fragile({ name: "bad" }).id)).toMatchObject({
      state: "failed",
      everFailed: true,
      error: { message: "broken" },
    });
    expect(status).toBe("FAILED");
  });

  it("ends when nothing can run: a resource that there is never enough of", async () => {
    const { Node } = graphOf({});
    class Greedy extends Node {
      override get resources() {
        return { database: 2 };
      }
    }
    const { status, summary } = await run([new Greedy({ name: "a" })]);
    expect(status).toBe("NOT_RUN");
    expect(summary.notRun).toHaveLength(1);
  });

  it("tells of attempts by events, in order", async () => {
    const { Node, node } = graphOf({});
    class Bad extends Node {
      override run(): never {
        throw new Error("broken");
      }
    }
    let seen: string[] = [];
    await run([node("a"), new Bad({ name: "b" })], {
      log: recordLog(),
      listen: (events) => {
        const names = ["task:started", "task:succeeded", "task:failed"] as const;
        seen = recordEvents(events, names, (name, { task }) => `${name} ${nodeName(task)}`);
      },
    });
    expect(seen).toEqual(["task:started a", "task:succeeded a", "task:started b", "task:failed b"]);
  });

  it("passes progress on, kept within 0 and 1", async () => {
    class Reporting extends Task {
      override output(): undefined {
        return undefined;
      }
      override run(context: RunContext): void {
        for (const fraction of [0.5, -1, 70, Number.NaN]) context.progress(fraction, `at ${fraction}`);
      }
    }
    let seen: string[] = [];
    await run([new Reporting()], {
      log: recordLog(),
      listen: (events) => {
        seen = recordEvents(events, ["task:progress"] as const, (_, e) => `${e.fraction} ${e.message}`);
      },
    });
    expect(seen).toEqual(["0.5 at 0.5", "0 at -1", "1 at 70", "0 at NaN"]);
  });

  it("writes a line when an attempt begins and ends, and the stack and causes of what a task threw", async () => {
    class Bad extends Task {
      override output(): undefined {
        return undefined;
      }
      override run({ log }: RunContext): void {
        log.info("on it");
        throw new TypeError("broken", { cause: new Error("no disk") });
      }
    }
    const log = recordLog();
    await run([new Bad()], { log });
    const [begin, own, failure] = log.lines;
    expect([begin, own]).toEqual(["info Bad() begins.", "info Bad(): on it"]);
    expect(failure).toMatch(
      /^error Bad\(\) failed\. TypeError: broken\n {4}at .*worker\.test\.ts.*Caused by: Error: no disk\n {4}at/s,
    );
  });

  it("does not make lines that nobody sees", async () => {
    const { node } = graphOf({});
    const log = recordLog();
    await run([node("a")], { log: { ...log, isEnabled: (level) => level !== "info" } });
    expect(log.lines).toEqual([]);
  });
});

describe("a runner that cannot begin an attempt", () => {
  it("has failed that attempt, and the run goes on", async () => {
    const { node } = graphOf({});
    class Unwilling extends InlineRunner {
      override start(...args: Parameters<InlineRunner["start"]>) {
        if (nodeName(args[0].task) === "a") throw new Error("no room for it");
        return super.start(...args);
      }
    }
    const scheduler = new LocalScheduler(new Scheduler({ retryDelaySeconds: -1 }), Date.now);
    const worker = await workerFor([node("a"), node("b")], { scheduler, runner: new Unwilling() });
    const outcomes = await worker.run();
    expect(outcomes.get(node("a").id)).toMatchObject({
      state: "failed",
      error: { message: "no room for it" },
    });
    expect(outcomes.get(node("b").id).state).toBe("succeeded");
  });
});

describe("a worker that is told to drain", () => {
  it("does not wait for a shared scheduler that is away before it has begun", async () => {
    class Away extends LocalScheduler {
      readonly isShared = true;
      override registerWorker(): Promise<never> {
        drain.abort();
        return new Promise(() => undefined);
      }
    }
    const drain = new AbortController();
    const { node } = graphOf({});
    const scheduler = new Away(new Scheduler(), Date.now);
    const worker = await workerFor([node("a")], { scheduler, drain: drain.signal });
    expect((await worker.run()).get(node("a").id).state).not.toBe("succeeded");
  });

  it("begins nothing more and waits for what runs", async () => {
    const { tasks, gate, seen } = gatedTasks();
    const drain = new AbortController();
    const result = run(tasks(5), { workers: 2, drain: drain.signal });
    await until(() => seen.running === 2);
    drain.abort();
    gate.resolve();
    const { summary, succeeded } = await result;
    expect([summary.succeeded.length, summary.notRun.length]).toEqual([2, 3]);
    expect(succeeded).toBe(false);
  });

  it("lets the event loop turn, so that it hears of it among tasks that never wait", async () => {
    const { Node } = graphOf({});
    const drain = new AbortController();
    class Busy extends Node {
      override run(): void {
        setImmediate(() => drain.abort());
        const until = performance.now() + 5;
        while (performance.now() < until);
        super.run();
      }
    }
    const tasks = Array.from({ length: 500 }, (_, n) => new Busy({ name: String(n) }));
    const { summary } = await run(tasks, { drain: drain.signal });
    expect(summary.notRun.length).toBeGreaterThan(0);
  });
});

describe("a worker that is told to end", () => {
  it("ends what runs, with the reason, and begins nothing more", async () => {
    const { tasks, seen } = gatedTasks();
    const end = new AbortController();
    const log = recordLog();
    const result = run(tasks(3), { workers: 2, signal: end.signal, log });
    await until(() => seen.running === 2);
    end.abort();
    const { summary, outcomes } = await result;
    expect([summary.failed.length, summary.notRun.length]).toEqual([2, 1]);
    expect(summary.failed.map(({ id }) => outcomes.get(id).error)).toEqual([
      expect.objectContaining({ code: "TASK_ABORTED" }),
      expect.objectContaining({ code: "TASK_ABORTED" }),
    ]);
    expect(log.lines).toContain(
      "error Gated(n=0) failed. Gated(n=0) was ended because the run was cancelled.",
    );
  });

  it("ends what runs also when the scheduler fails", async () => {
    const reasons: unknown[] = [];
    class Endless extends Task {
      override output(): undefined {
        return undefined;
      }
      override async run({ signal }: RunContext): Promise<void> {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        reasons.push((signal.reason as { code: string }).code);
      }
    }
    class Failing extends LocalScheduler {
      #calls = 0;
      override async getWork(command: Parameters<LocalScheduler["getWork"]>[0]) {
        if (this.#calls++ > 0) throw new Error("no answer");
        return super.getWork(command);
      }
    }
    const { node } = graphOf({});
    const scheduler = new Failing(new Scheduler(), Date.now);
    const worker = await workerFor([new Endless(), node("quick")], { scheduler, slots: 2 });
    await expect(worker.run()).rejects.toThrow("no answer");
    await until(() => reasons.length > 0);
    expect(reasons).toEqual(["TASK_ABORTED"]);
  });
});
