import { describe, expect, it } from "vitest";
import { Lab } from "./support.ts";

it("counts each registered task", () => {
  const lab = new Lab();
  for (let count = 1; count < 20; count++) {
    lab.add("W", `t${count}`);
    expect(lab.counts("W")).toEqual([count, count, count]);
  }
});

it("counts failed tasks that were registered as pending", () => {
  const lab = new Lab();
  lab.add("W", "A");
  lab.add("W", { taskId: "A", status: "FAILED" });
  expect(lab.counts("W")).toEqual([1, 1, 1]);
});

it("counts neither done nor disabled tasks", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "A", status: "DONE" }, { taskId: "B", status: "DISABLED" }, "C");
  expect(lab.counts("W")).toEqual([1, 1, 1]);
});

it("counts what it hands out, and no longer counts it afterwards", () => {
  const lab = new Lab();
  lab.add("W", "A", "B");
  expect(lab.work("W").pending).toBe(2);
  expect(lab.work("W", { slots: 0 }).pending).toBe(1);
});

it("counts nothing for a disabled worker", () => {
  const lab = new Lab();
  lab.add("W", "A", "B");
  lab.scheduler.disableWorker({ worker: "W" }, lab.now);
  expect(lab.counts("W")).toEqual([0, 0, 0]);
  expect(lab.work("W")).toMatchObject({ workerState: "disabled", assignments: [] });
});

it("counts nothing for a worker that registered nothing", () => {
  const lab = new Lab();
  lab.add("X", "A");
  expect(lab.work("W")).toMatchObject({ workerState: "active", pending: 0, assignments: [] });
});

it("does not count external tasks", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "A", runnable: false });
  expect(lab.counts("W")).toEqual([0, 0, 0]);
});

describe("a task behind a disabled one", () => {
  it("is not counted, its sibling is", () => {
    const lab = new Lab();
    lab.add("W", { taskId: "A", status: "DISABLED" }, { taskId: "B", deps: ["A"] }, "C");
    expect(lab.counts("W")).toEqual([1, 1, 1]);
  });

  it("is not counted at the end of a long chain, and counted again when the disable ends", () => {
    const lab = new Lab();
    const length = 50_000;
    const specs = Array.from({ length }, (_, i) => ({ taskId: `t${i}`, deps: i > 0 ? [`t${i - 1}`] : [] }));
    lab.add("W", ...specs);
    lab.add("W", { taskId: "t0", status: "DISABLED" });
    expect(lab.counts("W")[0]).toBe(0);
    lab.add("W", "t0");
    expect(lab.counts("W")[0]).toBe(length);
  });

  it("is counted when it failed itself", () => {
    const lab = new Lab();
    lab.add("W", "B");
    lab.take("W");
    lab.fail("W", "B");
    lab.add("W", { taskId: "A", status: "DISABLED" });
    lab.add("W", { taskId: "B", deps: ["A"], status: "FAILED" });
    expect(lab.counts("W")[0]).toBe(1);
    lab.at(150, "W");
    expect(lab.counts("W")[0]).toBe(0);
  });
});

it("counts a task behind a failed one, and the failed one", () => {
  const lab = new Lab();
  lab.add("W", "A", { taskId: "B", deps: ["A"] });
  lab.take("W");
  lab.fail("W", "A");
  expect(lab.counts("W")).toEqual([2, 2, 2]);
});

it("counts as unique what nobody else registered, as last scheduled what nobody registered later", () => {
  const lab = new Lab();
  lab.add("X", "A", "B", "C");
  expect(lab.counts("X")).toEqual([3, 3, 3]);
  lab.add("Y", "A");
  expect(lab.counts("X")).toEqual([3, 2, 2]);
  expect(lab.counts("Y")).toEqual([1, 0, 1]);
  lab.add("Y", "B", "C");
  lab.add("X", "A");
  expect(lab.counts("X")).toEqual([3, 0, 0]);
  expect(lab.counts("Y")).toEqual([3, 0, 3]);
});

it("no longer counts a task that is gone", () => {
  const lab = new Lab({ removeDelaySeconds: 1 });
  lab.add("X", "A");
  lab.at(20);
  expect(lab.scheduler.task("A")).toBeUndefined();
  expect(lab.counts("X")).toEqual([0, 0, 0]);
});

describe("the time at which something becomes ready by itself", () => {
  it("is the earliest retry of an own task", () => {
    const lab = new Lab();
    lab.add("W", "A", "B");
    lab.work("W", { slots: 2 });
    expect(lab.work("W").nextReadyAt).toBeNull();
    lab.fail("W", "A");
    lab.at(5, "W");
    lab.fail("W", "B");
    expect(lab.work("W").nextReadyAt).toBe(100_000);
    lab.scheduler.forgive({ taskId: "A" }, lab.now);
    expect(lab.work("W", { slots: 0 }).nextReadyAt).toBe(105_000);
    lab.add("W", "B");
    expect(lab.work("W", { slots: 0 }).nextReadyAt).toBeNull();
  });

  it("is not that of another worker's task", () => {
    const lab = new Lab();
    lab.add("X", "A");
    lab.take("X");
    lab.fail("X", "A");
    expect(lab.work("Y").nextReadyAt).toBeNull();
  });

  it("is none when failures are never retried", () => {
    const lab = new Lab({ retryDelaySeconds: -1 });
    lab.add("W", "A");
    lab.take("W");
    expect(lab.fail("W", "A").retryAt).toBeNull();
    expect(lab.work("W")).toMatchObject({ nextReadyAt: null, pending: 1 });
  });
});
