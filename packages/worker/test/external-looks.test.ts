import { randomUUID } from "node:crypto";
import { ExternalTask, MemoryTarget, p, type RetryPolicy, type RunContext, Task } from "@leat/core";
import { describe, expect, it } from "vitest";
import { run, type RunOptions } from "../src/run.ts";
import { JumpingClock } from "./manual-clock.ts";
import { leatError, recordLog } from "./support.ts";

/** Data that appears when it is looked at for so many times, and a task that requires it. */
function appearingAfter(looks: number, policy?: RetryPolicy) {
  const place = randomUUID();
  let seen = 0;
  class Source extends ExternalTask {
    override get retry(): RetryPolicy | undefined {
      return policy;
    }
    override output() {
      return new MemoryTarget(`${place}/source`);
    }
    override async complete(): Promise<boolean> {
      return ++seen > looks;
    }
  }
  class After extends Task.with({ asks: p.bool({ default: false }) }) {
    override requires(): readonly Source[] {
      return this.asks ? [] : [new Source()];
    }
    override output() {
      return new MemoryTarget(`${place}/after`);
    }
    override async run({ need }: RunContext): Promise<void> {
      if (this.asks) await need(new Source());
      await this.output().writeText("done");
    }
  }
  return { Source, After, looks: () => seen };
}

async function runWith(task: Task, options: RunOptions = {}) {
  const clock = new JumpingClock();
  const log = recordLog();
  const result = await run([task], { clock, log, retryExternalSeconds: 60, ...options });
  return { ...result, clock, log };
}

describe("an external task that is not there", () => {
  it("is looked at again until it appears, and what requires it runs then", async () => {
    const { After, Source, looks } = appearingAfter(4);
    const { exitCode, clock, outcomes, log } = await runWith(new After());
    expect([exitCode, looks()]).toEqual([0, 5]);
    expect(clock.waits).toEqual([60_000, 60_000, 60_000, 60_000]);
    expect(outcomes.get(new Source().id).state).toBe("complete");
    expect(log.lines).toContain("info Source() is there now.");
  });

  it("is looked at once without the option, and the run ends with what is missing", async () => {
    const { After, looks } = appearingAfter(4);
    const { exitCode } = await runWith(new After(), { retryExternalSeconds: undefined as never });
    expect([exitCode, looks()]).toEqual([20, 1]);
  });

  it("is looked at as often as its own policy says, and with its pauses", async () => {
    const { After, looks } = appearingAfter(99, { count: 3, delaySeconds: 10, backoff: 2 });
    const { exitCode, clock, log } = await runWith(new After());
    expect(clock.waits).toEqual([10_000, 20_000, 40_000]);
    // Once in the plan.
    expect([exitCode, looks()]).toEqual([20, 4]);
    expect(log.lines).toContain("warn Source() is still not there, after 4 looks.");
  });

  it("is waited for by a running task that asked for it", async () => {
    const { After } = appearingAfter(2);
    expect((await runWith(new After({ asks: true }))).exitCode).toBe(0);
  });

  it("is not waited for by a running task any longer than it is looked at", async () => {
    const { After } = appearingAfter(9, { count: 1, delaySeconds: 10 });
    const task = new After({ asks: true });
    const { outcomes } = await runWith(task);
    expect(outcomes.get(task.id).error).toEqual(leatError("TASK_NEED_UNMET", "external and not there"));
  });

  it("does not keep a run from ending that is drained", async () => {
    const { After, looks } = appearingAfter(Infinity);
    const drain = new AbortController();
    const clock = new JumpingClock();
    const task = new After();
    const schedule = clock.schedule.bind(clock);
    clock.schedule = (atMs, callback) => {
      if (looks() < 3) return schedule(atMs, callback);
      // The time of the next look never comes.
      drain.abort(new Error("enough"));
      return () => undefined;
    };
    expect((await runWith(task, { clock, drain: drain.signal })).exitCode).toBe(20);
    expect(looks()).toBe(3);
  });

  it("may be one of which nothing can be told for a while", async () => {
    const { Source, After, looks } = appearingAfter(3);
    const { complete } = Source.prototype;
    Source.prototype.complete = async function () {
      const isThere = await complete.call(this);
      if (looks() === 2) throw new Error("the store is away");
      return isThere;
    };
    const { exitCode, log } = await runWith(new After());
    expect(exitCode).toBe(0);
    expect(log.lines).toContain("warn Cannot tell whether Source() is there: the store is away");
  });

  it.each([0, -1, Number.NaN])("is not looked at every %d seconds", async (retryExternalSeconds) => {
    await expect(run([], { retryExternalSeconds })).rejects.toEqual(
      leatError("OPTION_INVALID", "retryExternalSeconds"),
    );
  });
});
