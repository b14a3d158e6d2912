import {
  p,
  type RetryPolicy,
  type RunContext,
  type RunEventName,
  type RunEvents,
  Task,
  TaskError,
} from "@leat/core";
import { beforeEach, describe, expect, it } from "vitest";
import { run, type RunOptions } from "../src/run.ts";
import { schedulerPolicy } from "../src/task-spec.ts";
import { JumpingClock } from "./manual-clock.ts";
import { leatError, nodeName, recordLog } from "./support.ts";

let attempts: Record<string, number>;
let done: Set<string>;
let clock: JumpingClock;

beforeEach(() => {
  attempts = {};
  done = new Set();
  clock = new JumpingClock();
});

/** Fails as often as its name says: `x2` two times. */
class Flaky extends Task.with({ name: p.string() }) {
  override output(): undefined {
    return undefined;
  }
  override async complete(): Promise<boolean> {
    return done.has(this.name);
  }
  override run(_context: RunContext): Promise<void> | void {
    const attempt = (attempts[this.name] ?? 0) + 1;
    attempts[this.name] = attempt;
    if (attempt <= Number(this.name.slice(1))) throw new Error(`failure ${attempt}`);
    done.add(this.name);
  }
}

/** A Flaky with a policy of its own. */
function retrying(policy: RetryPolicy) {
  return class Retrying extends Flaky {
    override get retry(): RetryPolicy {
      return policy;
    }
  };
}

function runFlaky(tasks: readonly Task[], options: RunOptions = {}) {
  return run(tasks, { log: recordLog(), clock, ...options });
}

describe("a task that fails", () => {
  it("is not tried again without a policy: the summary is what the user sees first, as with Luigi's local run", async () => {
    const { status } = await runFlaky([new Flaky({ name: "a1" })]);
    expect(status).toBe("FAILED");
    expect(attempts).toEqual({ a1: 1 });
    expect(clock.waits).toEqual([]);
  });

  it("is tried again by its policy, waiting longer each time up to the limit", async () => {
    const Class = retrying({ count: 5, delaySeconds: 10, backoff: 3, maxDelaySeconds: 100 });
    const { status } = await runFlaky([new Class({ name: "a4" })]);
    expect(status).toBe("SUCCESS_WITH_RETRY");
    expect(attempts).toEqual({ a4: 5 });
    expect(clock.waits).toEqual([10_000, 30_000, 90_000, 100_000]);
  });

  it("has failed when its attempts are used up", async () => {
    const Class = retrying({ count: 2, delaySeconds: 1 });
    const task = new Class({ name: "a9" });
    const { status, outcomes, exitCode } = await runFlaky([task]);
    expect(status).toBe("FAILED");
    expect(attempts).toEqual({ a9: 3 });
    expect(outcomes.get(task.id)).toMatchObject({ state: "failed", willRetry: false });
    expect(exitCode).toBe(30);
  });

  it("is tried again by the policy of the run when it has none", async () => {
    const { status } = await runFlaky([new Flaky({ name: "a1" })], { retry: { count: 1 } });
    expect(status).toBe("SUCCESS_WITH_RETRY");
  });

  it("lets its dependants wait for the retry", async () => {
    const Class = retrying({ count: 1 });
    class Above extends Flaky {
      override requires() {
        return new Class({ name: "a1" });
      }
    }
    const { summary } = await runFlaky([new Above({ name: "b0" })]);
    expect(summary.succeeded.map(nodeName)).toEqual(["a1", "b0"]);
  });

  it("is not tried again after an error that its policy does not want", async () => {
    const seen: string[] = [];
    const Class = retrying({
      count: 5,
      when: (error) => {
        seen.push(error.message);
        return error.message !== "failure 2";
      },
    });
    const { status } = await runFlaky([new Class({ name: "a9" })]);
    expect(status).toBe("FAILED");
    expect(attempts).toEqual({ a9: 2 });
    expect(seen).toEqual(["failure 1", "failure 2"]);
  });

  it("is not tried again when its policy itself throws, and the log says so", async () => {
    const Class = retrying({
      count: 5,
      when: () => {
        throw new Error("no idea");
      },
    });
    const log = recordLog();
    await runFlaky([new Class({ name: "a9" })], { log });
    expect(attempts).toEqual({ a9: 1 });
    expect(log.lines.join("\n")).toContain("error retry.when of Retrying(name=a9) failed");
  });

  it("tells of the retry in events and log, in order", async () => {
    const Class = retrying({ count: 2, delaySeconds: 2 });
    const log = recordLog();
    const seen: string[] = [];
    await runFlaky([new Class({ name: "a1" })], {
      log,
      listen: (bus) => {
        const names: RunEventName[] = ["task:started", "task:failed", "task:retrying", "task:succeeded"];
        for (const name of names) bus.on(name, () => void seen.push(name));
        bus.on("task:retrying", ({ attempt, delaySeconds, error }: RunEvents["task:retrying"]) => {
          seen.push(`attempt ${attempt}, ${delaySeconds} s, ${error.message}`);
        });
      },
    });
    expect(seen).toEqual([
      "task:started",
      "task:failed",
      "task:retrying",
      "attempt 1, 2 s, failure 1",
      "task:started",
      "task:succeeded",
    ]);
    expect(log.lines).toContain("warn Retrying(name=a1) will be tried again in 2.0 s, after attempt 1.");
  });

  it("does not keep others waiting", async () => {
    const Class = retrying({ count: 1, delaySeconds: 1000 });
    const order: string[] = [];
    await runFlaky([new Class({ name: "a1" }), new Flaky({ name: "b0" }), new Flaky({ name: "c0" })], {
      listen: (bus) => bus.on("task:succeeded", ({ task }) => void order.push(nodeName(task))),
    });
    expect(order).toEqual(["b0", "c0", "a1"]);
  });

  it("is not tried again when the run is drained while it waits", async () => {
    const drain = new AbortController();
    const Class = retrying({ count: 1, delaySeconds: 1000 });
    const { summary } = await runFlaky([new Class({ name: "a1" })], {
      drain: drain.signal,
      listen: (bus) => bus.on("task:retrying", () => drain.abort(new Error("enough"))),
    });
    expect(attempts).toEqual({ a1: 1 });
    expect(summary.failed).toHaveLength(1);
  });
});

describe("the chance in a wait", () => {
  it("takes away at most the part that jitter says, for all waits of a task alike", () => {
    const policy = { count: 3, delaySeconds: 100, jitter: 0.5, maxDelaySeconds: 400 };
    expect(schedulerPolicy(policy, 0)).toMatchObject({ retryDelaySeconds: 100, maxRetryDelaySeconds: 400 });
    expect(schedulerPolicy(policy, 1)).toMatchObject({ retryDelaySeconds: 50, maxRetryDelaySeconds: 200 });
    expect(schedulerPolicy(policy, 0.5)).toMatchObject({ retryDelaySeconds: 75, retryCount: 4 });
  });

  it("spreads tasks that failed together", async () => {
    const Class = retrying({ count: 1, delaySeconds: 100, jitter: 1 });
    const delays: number[] = [];
    await runFlaky(
      Array.from({ length: 20 }, (_, index) => new Class({ name: `${"abcdefghijklmnopqrst"[index]}1` })),
      { listen: (bus) => bus.on("task:retrying", ({ delaySeconds }) => void delays.push(delaySeconds)) },
    );
    expect(new Set(delays).size).toBeGreaterThan(10);
    expect(Math.max(...delays)).toBeLessThanOrEqual(100);
  });
});

describe("a policy that makes no sense", () => {
  const wrong: [Partial<RetryPolicy>, string][] = [
    [{ count: -1 }, "retry.count"],
    [{ count: 1.5 }, "retry.count"],
    [{ delaySeconds: -1 }, "retry.delaySeconds"],
    [{ backoff: 0.5 }, "retry.backoff"],
    [{ maxDelaySeconds: Number.NaN }, "retry.maxDelaySeconds"],
    [{ jitter: 2 }, "retry.jitter"],
  ];

  it.each(wrong)("breaks the task that has %o, and is refused as an option", async (part, name) => {
    const policy = { count: 1, ...part };
    const Class = retrying(policy);
    const task = new Class({ name: "a0" });
    const { outcomes } = await runFlaky([task]);
    expect(outcomes.get(task.id).error).toEqual(leatError("OPTION_INVALID", name, "Retrying(name=a0)"));
    await expect(runFlaky([], { retry: policy })).rejects.toEqual(leatError("OPTION_INVALID", name));
  });
});

describe("an attempt after one that had need() answered", () => {
  class Needy extends Flaky {
    override get retry(): RetryPolicy {
      return { count: 3 };
    }
    override async run({ need }: RunContext): Promise<void> {
      const attempt = (attempts[this.name] ?? 0) + 1;
      attempts[this.name] = attempt;
      for (const name of asked(attempt)) await need(new Flaky({ name }));
      if (attempt === 1) throw new Error("after its needs");
      done.add(this.name);
    }
  }
  let asked: (attempt: number) => readonly string[];

  it("has the same answers at once, without suspension", async () => {
    asked = () => ["b0", "c0"];
    const suspended: number[] = [];
    const { status } = await runFlaky([new Needy({ name: "needy" })], {
      listen: (bus) => bus.on("task:suspended", () => void suspended.push(attempts["needy"] as number)),
    });
    expect(status).toBe("SUCCESS_WITH_RETRY");
    expect(suspended).toEqual([1, 1]);
    expect(attempts).toEqual({ needy: 2, b0: 1, c0: 1 });
  });

  it("fails with a clear error when it asks in another order", async () => {
    asked = (attempt) => (attempt === 1 ? ["b0", "c0"] : ["c0", "b0"]);
    const task = new Needy({ name: "needy" });
    const { outcomes } = await runFlaky([task]);
    expect(outcomes.get(task.id).error).toEqual(
      leatError(
        "NEED_CHANGED",
        "Needy(name=needy) asked in call 1",
        "Flaky_c0",
        "an earlier attempt for Flaky_b0",
      ),
    );
  });

  it("asks anew for what was not answered", async () => {
    const Unlucky = retrying({ count: 0 });
    class Catching extends Needy {
      override async run({ need }: RunContext): Promise<void> {
        attempts[this.name] = (attempts[this.name] ?? 0) + 1;
        await need(new Unlucky({ name: "u9" })).catch((error: TaskError) => {
          throw new Error(`caught ${error.code}`);
        });
      }
    }
    const { outcomes } = await runFlaky([new Catching({ name: "catching" })]);
    expect(outcomes.get(new Catching({ name: "catching" }).id).error?.message).toBe("caught TASK_NEED_UNMET");
    expect(attempts).toEqual({ catching: 4, u9: 1 });
  });
});
