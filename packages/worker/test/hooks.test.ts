import { p, type RunContext, Task, TaskError } from "@leat/core";
import { beforeEach, describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { leatError, recordLog } from "./support.ts";

let told: string[];
let done: Set<string>;

beforeEach(() => {
  told = [];
  done = new Set();
});

/** Writes down what it is told of its own outcome. */
class Told extends Task.with({ name: p.string() }) {
  override output(): undefined {
    return undefined;
  }
  override async complete(): Promise<boolean> {
    return done.has(this.name);
  }
  override async run(context: RunContext): Promise<void> {
    if (this.name === "fails") throw new RangeError("no luck");
    if (this.name === "needs") await context.need(new Told({ name: "fails" }));
    if (this.name !== "forgets") done.add(this.name);
  }
  override onSuccess({ token, log }: RunContext): void {
    told.push(`success ${this.name} ${done.has(this.name)} ${token !== ""}`);
    log.info("heard of it");
  }
  override onFailure(error: Error): Promise<void> | void {
    told.push(`failure ${this.name} ${error.message}`);
  }
}

const runTold = (name: string, log = recordLog()) => run([new Told({ name })], { log });

describe("onSuccess()", () => {
  it("is called after the outputs were found, with the context of the attempt", async () => {
    const log = recordLog();
    await runTold("works", log);
    expect(told).toEqual(["success works true true"]);
    expect(log.lines).toContain("info Told(name=works): heard of it");
  });

  it("that throws is logged, and the task has succeeded all the same", async () => {
    class Bad extends Told {
      override onSuccess(): void {
        throw new Error("mail server is away");
      }
    }
    const log = recordLog();
    const { status } = await run([new Bad({ name: "works" })], { log });
    expect(status).toBe("SUCCESS");
    expect(log.lines.join("\n")).toMatch(/onSuccess\(\) failed, which changes nothing.*mail server is away/s);
    expect(told).toEqual([]);
  });
});

describe("onFailure()", () => {
  it("is called with what the task threw", async () => {
    const { status } = await runTold("fails");
    expect(status).toBe("FAILED");
    expect(told).toEqual(["failure fails no luck"]);
  });

  it("is called when the outputs are not there, with that as the error", async () => {
    await runTold("forgets");
    expect(told).toEqual([expect.stringMatching(/^failure forgets .*complete\(\) still says false/)]);
  });

  it("is called for each attempt", async () => {
    await run([new Told({ name: "fails" })], { log: recordLog(), retry: { count: 2 } });
    expect(told).toEqual(Array.from({ length: 3 }, () => "failure fails no luck"));
  });

  it("is not called for a task that is left pending by what it needs", async () => {
    await runTold("needs");
    expect(told).toEqual(["failure fails no luck"]);
  });

  it("that rejects is logged, and the task has failed with its own error", async () => {
    class Bad extends Told {
      override async onFailure(): Promise<void> {
        throw new TaskError("TASK_ABORTED", this.id, "mail server is away");
      }
    }
    const log = recordLog();
    const task = new Bad({ name: "fails" });
    const { outcomes } = await run([task], { log });
    expect(outcomes.get(task.id).error).toEqual(expect.objectContaining({ message: "no luck" }));
    expect(log.lines.join("\n")).toContain("mail server is away");
  });
});

it("a task whose complete() says something else than true or false fails, and hears of it", async () => {
  class Odd extends Told {
    override async complete(): Promise<boolean> {
      return this.#asked++ === 0 ? false : ("yes" as never);
    }
    #asked = 0;
  }
  const task = new Odd({ name: "works" });
  const { outcomes } = await run([task], { log: recordLog() });
  expect(outcomes.get(task.id).error).toEqual(leatError("COMPLETE_INVALID", "yes"));
  expect(told).toEqual([expect.stringContaining("failure works")]);
});
