import { p, type RunContext, Task } from "@leat/core";
import { describe, expect, it } from "vitest";
import { InlineRunner } from "../src/inline-runner.ts";
import { deferred, leatError, observerWith } from "./support.ts";

/** Begins an attempt at a task whose `run` is given. */
function start(body: (context: RunContext) => Promise<void> | void, timeoutSeconds?: number) {
  let isComplete = false;
  class Job extends Task.with({ n: p.int({ default: 1 }) }) {
    override output(): undefined {
      return undefined;
    }
    override async complete(): Promise<boolean> {
      return isComplete;
    }
    override async run(context: RunContext): Promise<void> {
      await body(context);
      isComplete = true;
    }
  }
  return new InlineRunner().start(
    { token: "t", task: new Job(), recipe: undefined, timeoutSeconds },
    observerWith({}),
  );
}

describe("the inline runner", () => {
  it("resolves when the task is complete", async () => {
    await expect(start(() => undefined).result).resolves.toBeUndefined();
  });

  it("rejects with what the task throws, whatever that is", async () => {
    const thrown = [new TypeError("broken"), "a text", undefined];
    const results = await Promise.allSettled(
      thrown.map(
        (value) =>
          start(() => {
            throw value;
          }).result,
      ),
    );
    expect(results.map((result) => (result as PromiseRejectedResult).reason as unknown)).toEqual(thrown);
  });

  it("gives an attempt up when its time is over, and aborts its signal", async () => {
    const aborted = deferred<unknown>();
    const attempt = start(async ({ signal }) => {
      signal.addEventListener("abort", () => aborted.resolve(signal.reason));
      await deferred().promise;
    }, 0.01);
    const timedOut = leatError(
      "TASK_TIMED_OUT",
      "Job(n=1) took longer than its 0.01 seconds",
      "Raise timeoutSeconds",
    );
    await expect(attempt.result).rejects.toEqual(timedOut);
    expect(await aborted.promise).toEqual(timedOut);
  });

  it("leaves an attempt alone that ends in time, and one that may take weeks", async () => {
    await expect(start(() => undefined, 60).result).resolves.toBeUndefined();
    await expect(
      start(async () => new Promise((resolve) => setImmediate(resolve)), 4e9).result,
    ).resolves.toBeUndefined();
  });

  it("gives an attempt up that is stopped, with the reason", async () => {
    const attempt = start(() => deferred().promise);
    attempt.stop(new Error("enough"));
    await expect(attempt.result).rejects.toThrow("enough");
  });

  it("shows a signal that was aborted before the task looked at it", async () => {
    const gate = deferred();
    const seen = deferred<AbortSignal>();
    const attempt = start(async (context) => {
      await gate.promise;
      seen.resolve(context.signal);
    });
    attempt.stop(new Error("enough"));
    gate.resolve();
    await expect(attempt.result).rejects.toThrow("enough");
    expect((await seen.promise).reason).toEqual(new Error("enough"));
  });

  it("gives a task the same signal each time", async () => {
    await start((context) => expect(context.signal).toBe(context.signal)).result;
  });
});
