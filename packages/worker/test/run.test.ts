import { EventBus, p, type RunContext, Task } from "@leat/core";
import { describe, expect, it } from "vitest";
import { createLogger, LOG_LEVELS, type LogLevel } from "../src/logger.ts";
import { planTasks, run, type RunOptions } from "../src/run.ts";
import { graphOf, leatError, recordLog } from "./support.ts";

describe("run()", () => {
  it("gives what became of each task, and the summary", async () => {
    const { node } = graphOf({ a: ["b"] }, ["b"]);
    const result = await run([node("a")]);
    expect(result).toMatchObject({ status: "SUCCESS", succeeded: true, exitCode: 0 });
    expect(result.outcomes.get(node("b").id).state).toBe("complete");
    expect(result.outcomes.get(node("a").id)).toMatchObject({ state: "succeeded", error: undefined });
    expect(result.outcomes.get(node("a").id).seconds).toBeGreaterThanOrEqual(0);
    expect(result.summaryText).toContain(result.oneLineSummary);
  });

  it("can run again, and then finds all complete", async () => {
    const { node, ran } = graphOf({ a: ["b"] });
    await run([node("a")]);
    const { summary } = await run([node("a")]);
    expect(ran).toEqual(["b", "a"]);
    expect(summary.alreadyDone).toHaveLength(1);
  });

  it("lets what is forced forget that it was done, before anything runs", async () => {
    const { Node, ran } = graphOf({ a: ["b"] }, ["a", "b"]);
    class Forgetful extends Node {
      override forget(): void {
        ran.push(`${this.name} forgotten`);
        if (this.name === "stubborn") throw new Error("it cannot");
      }
    }
    const isForced = () => true;
    await run([new Forgetful({ name: "c" }), new Forgetful({ name: "d" })], { isForced });
    expect(ran).toEqual(["c forgotten", "d forgotten", "c", "d"]);
    await run([new Forgetful({ name: "c" })], {});
    ran.length = 0;
    await expect(run([new Forgetful({ name: "stubborn" })], { isForced })).rejects.toThrow("it cannot");
    expect(ran).toEqual(["stubborn forgotten"]);
  });

  it("succeeds with nothing to do", async () => {
    expect(await run([])).toMatchObject({ status: "SUCCESS", succeeded: true, exitCode: 0 });
  });

  const wrong: [options: object, message: string][] = [
    [{ workers: 0 }, "The option workers is 0. Give a whole number of at least 1."],
    [{ workers: 1.5 }, "The option workers is 1.5."],
    [{ checks: Number.NaN }, "The option checks is NaN. Give a whole number of at least 1."],
    [{ runner: "threads" }, "The option runner is threads. Give one of inline, process."],
    [{ runner: "process" }, "The option module is undefined. Give the module that exports the tasks"],
    [{ resources: { db: -1 } }, "The option resources.db is -1. Give a number of at least 0."],
    [{ resources: { db: "2" } }, "The option resources.db is 2."],
  ];

  it.each(wrong)("refuses %o before anything is looked at", async (options, message) => {
    const { node, checked } = graphOf({});
    await expect(run([node("a")], options)).rejects.toEqual(leatError("OPTION_INVALID", message));
    expect(checked).toEqual([]);
  });

  it("refuses a module that is not there", async () => {
    const { node } = graphOf({});
    const options: RunOptions = { runner: "process", module: "nowhere.ts" };
    await expect(run([node("a")], options)).rejects.toEqual(leatError("MODULE_NOT_FOUND", "nowhere.ts"));
  });

  it.each(["drain", "signal"] as const)(
    "rejects when its %s was aborted before anything began",
    async (name) => {
      const { node, ran } = graphOf({});
      const abort = AbortSignal.abort(new Error("too late"));
      await expect(run([node("a")], { [name]: abort })).rejects.toThrow("too late");
      expect(ran).toEqual([]);
    },
  );

  it("leaves no listener on the signals that it was given", async () => {
    const { node } = graphOf({ a: ["b"] });
    const controller = new AbortController();
    const counts = { added: 0, removed: 0 };
    const { signal } = controller;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = ((...args: Parameters<typeof add>) => {
      counts.added++;
      add(...args);
    }) as typeof add;
    signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
      counts.removed++;
      remove(...args);
    }) as typeof remove;
    await run([node("a")], { signal, drain: signal });
    expect(counts.added).toBeGreaterThan(0);
    expect(counts.removed).toBe(counts.added);
  });
});

describe("planTasks()", () => {
  it("plans and runs nothing", async () => {
    const { node, ran } = graphOf({ a: ["b"] });
    const events: EventBus[] = [];
    const plan = await planTasks([node("a")], { listen: (bus) => void events.push(bus) });
    expect([...plan.tasks.values()].map(({ state }) => state)).toEqual(["incomplete", "incomplete"]);
    expect(ran).toEqual([]);
    expect(events).toHaveLength(1);
  });

  it("refuses options that make no sense", async () => {
    await expect(planTasks([], { checks: -1 })).rejects.toEqual(leatError("OPTION_INVALID", "checks is -1"));
  });
});

describe("createLogger()", () => {
  it.each(LOG_LEVELS)("writes lines of the level %s and above, in Luigi's words", (level) => {
    const labels = ["DEBUG", "INFO", "WARNING", "ERROR"];
    const lines: string[] = [];
    const log = createLogger(level, (line) => lines.push(line));
    for (const own of ["debug", "info", "warn", "error"] as const) log[own]("a line");
    const shown = labels.slice(LOG_LEVELS.indexOf(level));
    expect(lines).toEqual(shown.map((label) => `${label}: a line\n`));
  });

  it("knows which lines it writes", () => {
    const log = createLogger("warn", () => undefined);
    const levels: Exclude<LogLevel, "silent">[] = ["debug", "info", "warn", "error"];
    expect(levels.map((level) => log.isEnabled?.(level))).toEqual([false, false, true, true]);
  });
});

describe("names of tasks in logs", () => {
  class Named extends Task.with({ text: p.string() }) {
    override output(): undefined {
      return undefined;
    }
    override run({ log }: RunContext): void {
      log.info("on it");
    }
  }

  it("are cut where they are long, and cannot make up lines", async () => {
    const log = recordLog();
    await run([new Named({ text: `x\nERROR: \u001B[2J${"y".repeat(1000)}` })], { log });
    const [begin = "", own = ""] = log.lines;
    expect(begin).toMatch(/^info Named\(text=x\\nERROR: \\u001b\[2Jy+… begins\.$/);
    expect(begin.length).toBeLessThan(220);
    expect(own).toMatch(/^info Named\(.*…: on it$/);
  });
});
