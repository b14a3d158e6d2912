import { describe, expect, it } from "vitest";
import type { TaskSpec } from "../src/index.ts";
import { Lab } from "./support.ts";

// Rules of Luigi's scheduler that no other file is about.

function batchable(value: string, more: Partial<TaskSpec> = {}): TaskSpec {
  return { taskId: `F${value}`, family: "F", params: { a: value }, batchable: true, ...more };
}

function labWithBatcher(): Lab {
  const lab = new Lab();
  lab.scheduler.registerBatcher({ worker: "W", family: "F", batchedParams: ["a"] }, lab.now);
  return lab;
}

it("a task whose worker vanished is done when another worker finds it complete", () => {
  const lab = new Lab();
  lab.add("X", "A");
  lab.take("X");
  lab.add("Y", "A");
  lab.at(20, "Y");
  expect(lab.status("A")).toBe("FAILED");
  lab.add("Y", { taskId: "A", status: "DONE", runnable: false });
  expect(lab.status("A")).toBe("DONE");
});

describe("a batch", () => {
  it("begins with the first task that is ready", () => {
    const lab = labWithBatcher();
    lab.add("W", batchable("1", { deps: ["missing"], priority: 9 }), batchable("2"), batchable("3"));
    expect(lab.assign("W")?.batch?.taskIds).toEqual(["F2", "F3"]);
  });

  it("is not made of a task that lacks the batched parameter", () => {
    const lab = labWithBatcher();
    lab.add("W", batchable("1", { params: { b: "1" } }), batchable("2", { params: { b: "1" } }));
    expect(lab.assign("W")).toMatchObject({ taskId: "F1", params: { b: "1" } });
    expect(lab.status("F2")).toBe("PENDING");
  });

  it("is what the tasks behind it wait for", () => {
    const lab = labWithBatcher();
    lab.add("W", batchable("1"), batchable("2"), { taskId: "after", deps: ["F2"] });
    lab.take("W");
    expect(lab.scheduler.upstreamStatuses(["after"])).toEqual(["UPSTREAM_RUNNING"]);
  });
});

it("a tracking URL stays when another worker registers the running task", () => {
  const lab = new Lab();
  lab.add("X", "A");
  lab.take("X");
  const token = lab.tokenOf("X", "A");
  lab.scheduler.updateRun({ worker: "X", taskId: "A", token, trackingUrl: "http://here/" }, lab.now);
  lab.add("Y", "A");
  expect(lab.scheduler.task("A")?.trackingUrl).toBe("http://here/");
});

it("what a disabled worker registers is not there for assistants until another worker registers it", () => {
  const lab = new Lab();
  lab.register("helper", { assistant: true });
  lab.register("X");
  lab.scheduler.disableWorker({ worker: "X" }, lab.now);
  lab.add("X", "A");
  expect(lab.take("helper")).toBeNull();
  lab.add("Y", "A");
  expect(lab.take("helper")).toBe("A");
});

describe("the retry policy", () => {
  it("of a placeholder is the scheduler's, until the task is registered with its own", () => {
    const lab = new Lab({ retryCount: 44 });
    lab.add("W", { taskId: "A", deps: ["B"] });
    lab.add("W", { taskId: "B", status: "FAILED" });
    expect(lab.status("B")).toBe("FAILED");
    lab.add("W", { taskId: "B", status: "FAILED", retry: { retryCount: 2 } });
    expect(lab.status("B")).toBe("DISABLED");
  });

  it.each([1, 2, 3, 5])("of %i failures disables with the last of them", (retryCount) => {
    const lab = new Lab({ retryCount });
    const statuses = Array.from({ length: retryCount }, () => {
      lab.add("W", { taskId: "A", status: "FAILED" });
      return lab.status("A");
    });
    expect(statuses).toEqual([...Array(retryCount - 1).fill("FAILED"), "DISABLED"]);
  });

  it("counts the loss of a worker as a failure", () => {
    const lab = new Lab({ retryCount: 1, disablePersistSeconds: 100 });
    lab.add("X", "A");
    lab.add("Y", "A");
    lab.take("X");
    lab.at(20, "Y");
    expect(lab.status("A")).toBe("DISABLED");
  });
});

it("priorities reach requirements through chains: each chain comes in the order of its highest", () => {
  const lab = new Lab();
  const chains: [string, string?][] = [["5"], ["15", "5"], ["25", "15"], ["4"], ["14", "4"], ["24", "14"]];
  for (const [id, dep] of chains) {
    lab.add("W", { taskId: id, priority: Number(id), deps: dep === undefined ? [] : [dep] });
  }
  const order: (string | null)[] = [];
  for (let id = lab.take("W"); id !== null; id = lab.take("W")) {
    order.push(id);
    lab.done("W", id);
  }
  expect(order).toEqual(["5", "15", "25", "4", "14", "24"]);
});

it("a worker that registers a task again is not the last one to have registered it", () => {
  const lab = new Lab();
  lab.add("X", "A");
  lab.add("Y", "A");
  lab.add("X", "A");
  expect([lab.counts("X"), lab.counts("Y")]).toEqual([
    [1, 0, 0],
    [1, 0, 1],
  ]);
});

it("a requirement is ranked by the moment at which it was first named", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "A", deps: ["B"] });
  lab.add("W", "C");
  lab.add("W", "B");
  expect(lab.take("W")).toBe("B");
});

describe("with a cooldown of 5 seconds, a done task that is registered as pending", () => {
  function doneTask(): Lab {
    const lab = new Lab({ doneCooldownSeconds: 5, removeDelaySeconds: 100, workerTimeoutSeconds: 10 });
    lab.add("X", "A");
    lab.take("X");
    lab.done("X", "A");
    return lab;
  }

  it("stays done within it, and its worker does not keep it", () => {
    const lab = doneTask();
    lab.at(4);
    lab.add("Y", "A");
    expect(lab.status("A")).toBe("DONE");
    lab.at(200, "Y");
    expect(lab.status("A")).toBeUndefined();
  });

  it("is pending again at its end", () => {
    const lab = doneTask();
    lab.at(5);
    lab.add("Y", "A");
    expect(lab.status("A")).toBe("PENDING");
  });
});

it.each([
  ["is retried", "PENDING", 100, { retryCount: 9 }],
  ["is no longer disabled", "FAILED", 10, { retryCount: 1, disablePersistSeconds: 10 }],
] as const)("a failed task %s at exactly its time", (_, status, seconds, config) => {
  const lab = new Lab({ ...config, retryDelaySeconds: 100 });
  lab.add("W", { taskId: "A", status: "FAILED" });
  const before = lab.status("A");
  lab.at(seconds - 0.001, "W");
  expect(lab.status("A")).toBe(before);
  lab.at(seconds, "W");
  expect(lab.status("A")).toBe(status);
});
