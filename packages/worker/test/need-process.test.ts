import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunEventName, RunEvents, Task } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run, type RunOptions } from "../src/run.ts";
import { childrenOf } from "./children.ts";
import { Batched, CrashesInNeed, Patient, Talks, Tokens, Unlucky, Whole } from "./fixtures/needing-tasks.ts";
import { nodeName, recordLog } from "./support.ts";

const module = new URL("./fixtures/needing-tasks.ts", import.meta.url).href;
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "leat-need-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const { runInChildren, read } = childrenOf(module, () => directory);

/** Keeps the events of some names. */
function keep<N extends RunEventName>(
  names: readonly N[],
  kept: { name: N; event: RunEvents[N] }[],
): RunOptions {
  return {
    listen: (bus) => {
      for (const name of names) bus.on(name, (event) => void kept.push({ name, event }));
    },
  };
}

describe("need() in a child process", () => {
  it("goes on in the process where it waited, with tasks that have all their parameters", async () => {
    const { status } = await runInChildren([new Whole({ directory, name: "whole" })]);
    expect(status).toBe("SUCCESS");
    const pid = read("whole.notes").trim();
    expect(read("whole.done")).toBe(`one-hush two ${pid}`);
  });

  it("gives what goes on the token of the newer attempt", async () => {
    await runInChildren([new Tokens({ directory, name: "tokens" })]);
    const [before, after] = read("tokens.done")
      .split(" ")
      .map((token) => Number(/^1-(\d+)$/.exec(token)?.[1]));
    expect(after).toBeGreaterThan(before as number);
  });

  it("rejects there, also for a task that no other process can make", async () => {
    await runInChildren([new Unlucky({ directory, name: "unlucky" })]);
    expect(read("unlucky.done")).toBe("TASK_NEED_UNMET TASK_NOT_PORTABLE");
  });

  it("has its recorded answers after a crash during a need", async () => {
    const failures: string[] = [];
    const { status, summary } = await runInChildren([new CrashesInNeed({ directory, name: "crashes" })], {
      workers: 2,
      listen: (bus) =>
        bus.on("task:failed", ({ task, error }) => void failures.push(`${nodeName(task)} ${error.message}`)),
    });
    expect(failures).toEqual([expect.stringContaining("crashes The process of CrashesInNeed")]);
    expect(status).toBe("SUCCESS_WITH_RETRY");
    expect(read("crashes.notes").trim().split("\n")).toEqual([
      "begins",
      "has one",
      "begins",
      "has one",
      "has two",
    ]);
    expect(summary.succeeded.map(nodeName).toSorted()).toEqual(["crashes", "one", "two"]);
  });

  it("does not count the wait into the time that the attempt has", async () => {
    const { status } = await runInChildren([new Patient({ directory, name: "patient" })]);
    expect(status).toBe("SUCCESS");
  });

  it("does not count it inline either", async () => {
    const { status } = await run([new Patient({ directory, name: "patient" })], { log: recordLog() });
    expect(status).toBe("SUCCESS");
  });
});

describe.each(["inline", "process"] as const)("a task that talks, with the %s runner", (runner) => {
  it("is heard by those who listen, without its secrets", async () => {
    const kept: { name: string; event: unknown }[] = [];
    const task = new Talks({ directory, name: "talks", password: "hush-hush" });
    const names: RunEventName[] = ["task:status", "task:trackingUrl", "task:progress"];
    await runInChildren([task], { runner, ...keep(names, kept as never) });
    expect(kept).toEqual([
      { name: "task:status", event: { task, message: "signed in with ***" } },
      { name: "task:trackingUrl", event: { task, url: "http://cluster/jobs/1?key=***" } },
      { name: "task:progress", event: { task, fraction: 0.25, message: "by hand" } },
    ]);
    expect(read("talks.done")).toMatch(/^\d+-\d+$/);
  });

  it("runs as one with others where its class can combine them, and each is reported", async () => {
    const tasks = ["a", "b", "c", "d"].map((name) => new Batched({ directory, name }));
    const kept: { name: string; event: { task: Task } }[] = [];
    const { status, summary } = await runInChildren(tasks, {
      runner,
      ...keep(["task:succeeded"], kept as never),
    });
    expect(status).toBe("SUCCESS");
    const runs = ["a", "b", "c", "d"].map((name) => read(`${name}.done`).split(" ")[0]);
    expect(runs).toEqual(["a+b+c", "a+b+c", "a+b+c", "d"]);
    expect(kept.map(({ event }) => nodeName(event.task))).toEqual(["a", "b", "c", "d"]);
    expect(summary.succeeded).toHaveLength(4);
  });
});
