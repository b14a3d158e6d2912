import { describe, expect, it } from "vitest";
import type { TaskSpec } from "../src/index.ts";
import { Lab } from "./support.ts";

function load(value: string, more: Partial<TaskSpec> = {}): TaskSpec {
  return { taskId: `F${value}`, family: "F", module: "m", params: { a: value }, batchable: true, ...more };
}

function withBatcher(maxBatchSize?: number, batchedParams = ["a"]): Lab {
  const lab = new Lab();
  const size = maxBatchSize === undefined ? {} : { maxBatchSize };
  lab.scheduler.registerBatcher({ worker: "W", family: "F", batchedParams, ...size }, lab.now);
  return lab;
}

/** Members of the next batch, or the single task. */
function takeIds(lab: Lab, worker = "W"): readonly string[] {
  const assignment = lab.assign(worker);
  return assignment?.batch?.taskIds ?? (assignment === undefined ? [] : [assignment.taskId]);
}

describe("a batch", () => {
  it("is made of other tasks once the worker says that more may differ", () => {
    const lab = withBatcher();
    lab.add("W", load("1", { params: { a: "1", b: "x" } }), load("2", { params: { a: "2", b: "y" } }));
    lab.scheduler.registerBatcher({ worker: "W", family: "F", batchedParams: ["a", "b"] }, lab.now);
    expect(takeIds(lab)).toEqual(["F1", "F2"]);
  });

  it("leaves out a member that lacks a parameter in which they may differ", () => {
    const lab = withBatcher();
    lab.add("W", load("1"), load("none", { params: {} }), load("3"));
    expect(takeIds(lab)).toEqual(["F1", "F3"]);
    expect(takeIds(lab)).toEqual(["Fnone"]);
  });

  it("is not made of a single task", () => {
    const lab = withBatcher();
    lab.add("W", load("1"));
    const assignment = lab.assign("W");
    expect(assignment).toMatchObject({ taskId: "F1", params: { a: "1" } });
    expect(assignment?.batch).toBeUndefined();
  });

  it("has the values of all members in rank order", () => {
    const lab = withBatcher();
    lab.add("W", load("1"), load("2", { priority: 1 }), load("3"));
    expect(lab.assign("W")).toEqual({
      taskId: "F2",
      family: "F",
      module: "m",
      params: { a: "2" },
      token: "1-1",
      attempt: 1,
      batch: { taskIds: ["F2", "F1", "F3"], batchedParams: { a: ["2", "1", "3"] } },
    });
  });

  it("makes all members BATCH_RUNNING since the assignment", () => {
    const lab = withBatcher();
    lab.add("W", load("1"), load("2"), { taskId: "after", deps: ["F2"] });
    lab.at(5, "W");
    takeIds(lab);
    for (const taskId of ["F1", "F2"]) {
      expect(lab.scheduler.task(taskId)).toMatchObject({ status: "BATCH_RUNNING", lastStartedAt: 5000 });
    }
    expect(lab.scheduler.upstreamStatuses(["after"])).toEqual(["UPSTREAM_RUNNING"]);
  });

  it("leaves out members that wait for a requirement", () => {
    const lab = withBatcher();
    lab.add("W", { taskId: "done", status: "DONE" }, { taskId: "open", runnable: false });
    lab.add("W", load("1", { deps: ["open"] }), load("2", { deps: ["done"] }), load("3"));
    expect(takeIds(lab)).toEqual(["F2", "F3"]);
  });

  it("has at most maxBatchSize members, the best ones", () => {
    const lab = withBatcher(2);
    lab.add("W", load("1"), load("2", { priority: 2 }), load("3", { priority: 1 }));
    expect(takeIds(lab)).toEqual(["F2", "F3"]);
    expect(takeIds(lab)).toEqual(["F1"]);
  });

  it("leaves out tasks that are not batchable", () => {
    const lab = withBatcher();
    lab.add("W", load("1", { batchable: false }), load("2"), load("3"));
    expect(takeIds(lab)).toEqual(["F1"]);
    expect(takeIds(lab)).toEqual(["F2", "F3"]);
  });

  it("has only members with the same other parameters, groups by priority", () => {
    const lab = withBatcher();
    const member = (a: string, b: string, priority: number) =>
      load(a, { taskId: `F${a}${b}`, params: { a, b }, priority });
    lab.add("W", member("1", "x", 1), member("2", "y", 2), member("3", "x", 3), member("4", "y", 0));
    expect(takeIds(lab)).toEqual(["F3x", "F1x"]);
    expect(takeIds(lab)).toEqual(["F2y", "F4y"]);
  });

  it("of two batched parameters gives two lists in the same order", () => {
    const lab = withBatcher(undefined, ["a", "b"]);
    lab.add(
      "W",
      load("1", { params: { a: "1", b: "x", c: "0" } }),
      load("2", { params: { a: "2", b: "y", c: "0" } }),
    );
    expect(lab.assign("W")?.batch?.batchedParams).toEqual({ a: ["1", "2"], b: ["x", "y"] });
  });

  it("has only members with the same needs, and takes them once", () => {
    const lab = withBatcher();
    lab.add(
      "W",
      load("1", { resources: { r: 1 } }),
      load("2"),
      load("3", { resources: { r: 1 } }),
      load("4"),
    );
    expect(takeIds(lab)).toEqual(["F1", "F3"]);
    expect(lab.scheduler.resources()).toMatchObject([{ resource: "r", used: 1 }]);
    expect(takeIds(lab)).toEqual(["F2", "F4"]);
  });

  it("is made only for a worker with a batcher", () => {
    const lab = withBatcher();
    const specs = ["1", "2", "3"].map((value) => load(value));
    lab.add("X", ...specs);
    lab.add("W", ...specs);
    expect(takeIds(lab, "X")).toEqual(["F1"]);
    expect(takeIds(lab, "W")).toEqual(["F2", "F3"]);
  });

  it("has only members that the worker could have been given alone", () => {
    const lab = withBatcher();
    lab.add("W", load("1"), load("2"));
    lab.add("X", load("3"));
    expect(takeIds(lab)).toEqual(["F1", "F2"]);
    lab.scheduler.registerBatcher({ worker: "helper", family: "F", batchedParams: ["a"] }, lab.now);
    lab.register("helper", { assistant: true });
    lab.add("X", load("4"));
    expect(takeIds(lab, "helper")).toEqual(["F3", "F4"]);
  });

  it("is made of tasks that were ready before the batcher was known", () => {
    const lab = new Lab();
    lab.add("W", load("1"), load("2"));
    lab.scheduler.registerBatcher({ worker: "W", family: "F", batchedParams: ["a"] }, lab.now);
    expect(takeIds(lab)).toEqual(["F1", "F2"]);
  });

  it("is made of tasks whose parameters came late", () => {
    const lab = withBatcher();
    lab.add("W", load("1"), { taskId: "F2" });
    lab.add("W", load("2"));
    expect(takeIds(lab)).toEqual(["F1", "F2"]);
  });

  it("is sent again, as it was, when it got lost", () => {
    const lab = withBatcher();
    lab.add("W", load("1"), load("2"));
    const first = lab.assign("W", { running: [] });
    lab.add("W", load("3"));
    expect(lab.assign("W", { running: [] })).toEqual(first);
  });
});

describe("the end of a batch", () => {
  function running(): Lab {
    const lab = withBatcher();
    lab.add("W", load("1", { resources: { r: 1 } }), load("2", { resources: { r: 1 } }));
    takeIds(lab);
    return lab;
  }

  it.each(["DONE", "FAILED"] as const)("is the same for all members: %s", (outcome) => {
    const lab = running();
    expect(lab.report("W", "F1", outcome, { explanation: "why" }).accepted).toBe(true);
    for (const taskId of ["F1", "F2"]) {
      expect(lab.scheduler.task(taskId)).toMatchObject({ status: outcome, explanation: "why" });
    }
    expect(lab.scheduler.resources()).toEqual([]);
  });

  it("can be reported with the id of any member", () => {
    const lab = running();
    expect(lab.report("W", "F2", "DONE", { token: lab.tokenOf("W", "F1") }).accepted).toBe(true);
    expect(lab.ids("DONE")).toEqual(["F1", "F2"]);
  });

  it("counts a failure for each member", () => {
    const lab = running();
    lab.add("W", load("2", { retry: { retryCount: 1 } }));
    lab.fail("W", "F1");
    expect([lab.status("F1"), lab.status("F2")]).toEqual(["FAILED", "DISABLED"]);
  });

  it("comes when the worker falls silent", () => {
    const lab = running();
    lab.at(11);
    expect(lab.ids("FAILED")).toEqual(["F1", "F2"]);
  });

  it("for new requirements leaves a batch that is made again when they are done", () => {
    const lab = running();
    lab.report("W", "F1", "PENDING", { newDeps: ["D"] });
    lab.add("W", "D", load("3", { resources: { r: 1 }, deps: ["D"] }));
    expect(takeIds(lab)).toEqual(["D"]);
    lab.done("W", "D");
    expect(takeIds(lab)).toEqual(["F1", "F2", "F3"]);
  });

  it("leaves each member to be registered again alone", () => {
    const lab = running();
    lab.done("W", "F1");
    lab.add("W", load("2"));
    expect([lab.status("F1"), lab.status("F2")]).toEqual(["DONE", "PENDING"]);
  });
});

describe("while a batch runs", () => {
  function running(): Lab {
    const lab = withBatcher();
    lab.scheduler.setResource({ resource: "r", limit: 3 }, lab.now);
    lab.add("W", load("1", { resources: { r: 3 } }), load("2", { resources: { r: 3 } }));
    takeIds(lab);
    return lab;
  }

  it.each(["PENDING", "DISABLED"] as const)("registering a member as %s changes nothing", (status) => {
    const lab = running();
    lab.add("W", load("1", { status }), load("2", { status }));
    expect(lab.ids("BATCH_RUNNING")).toEqual(["F1", "F2"]);
    lab.done("W", "F1");
    expect(lab.ids("DONE")).toEqual(["F1", "F2"]);
  });

  it("progress shows on all members", () => {
    const lab = running();
    const run = { worker: "W", taskId: "F1", token: lab.tokenOf("W", "F1") };
    lab.scheduler.updateRun({ ...run, statusMessage: "s", progressPercentage: 5, trackingUrl: "u" }, lab.now);
    for (const taskId of ["F1", "F2"]) {
      expect(lab.scheduler.task(taskId)).toMatchObject({
        statusMessage: "s",
        progressPercentage: 5,
        trackingUrl: "u",
      });
    }
  });

  it("a decrease of what it holds leaves what its members declared", () => {
    const lab = running();
    const run = { worker: "W", taskId: "F1", token: lab.tokenOf("W", "F1") };
    lab.scheduler.updateRun({ ...run, decreaseResources: { r: 1 } }, lab.now);
    expect(lab.scheduler.task("F2")).toMatchObject({ resources: { r: 3 }, attempt: { held: { r: 2 } } });
  });

  it("an operator can mark one member as done; the others go on", () => {
    const lab = running();
    lab.scheduler.markDone({ taskId: "F1" }, lab.now);
    expect([lab.status("F1"), lab.status("F2")]).toEqual(["DONE", "BATCH_RUNNING"]);
    expect(lab.report("W", "F1", "FAILED")).toMatchObject({ accepted: true, status: "DONE" });
    expect([lab.status("F1"), lab.status("F2")]).toEqual(["DONE", "FAILED"]);
  });
});
