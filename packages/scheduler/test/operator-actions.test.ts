import { describe, expect, it } from "vitest";
import type { TaskAction } from "../src/index.ts";
import { Lab } from "./support.ts";

function act(lab: Lab, action: TaskAction, ...taskIds: string[]) {
  return lab.scheduler.act({ action, taskIds, reason: "because" }, lab.now);
}

/** Seven tasks, one in each status that matters. */
function mixedLab(): Lab {
  const lab = new Lab({ retryDelaySeconds: 100 });
  lab.add(
    "W",
    { taskId: "Done", status: "DONE" },
    { taskId: "Failed", priority: 2 },
    { taskId: "Gone", retry: { retryCount: 1 }, priority: 3 },
    { taskId: "Own", status: "DISABLED" },
    { taskId: "Running", priority: 1 },
    { taskId: "Waiting", deps: ["Running", "Unknown"] },
  );
  lab.take("W");
  lab.fail("W", "Gone");
  lab.take("W");
  lab.fail("W", "Failed");
  lab.take("W");
  return lab;
}

const ALL = ["Done", "Failed", "Gone", "Own", "Running", "Waiting", "Unknown", "Nothing"];

it.each<[TaskAction, object]>([
  ["retry", { Failed: "PENDING", Gone: "PENDING" }],
  ["forgive", { Failed: "PENDING" }],
  ["reEnable", { Gone: "FAILED" }],
  ["disable", { Failed: "DISABLED", Waiting: "DISABLED", Unknown: "DISABLED" }],
  [
    "markDone",
    { Failed: "DONE", Gone: "DONE", Own: "DONE", Running: "DONE", Waiting: "DONE", Unknown: "DONE" },
  ],
  ["cancel", { Running: "FAILED" }],
  ["rerun", { Done: "PENDING", Failed: "PENDING", Gone: "PENDING" }],
])("%s changes only the tasks to which it can be done, exactly as its preview says", (action, expected) => {
  const lab = mixedLab();
  const before = JSON.stringify([...lab.scheduler.snapshot()]);
  const preview = lab.scheduler.planAct({ action, taskIds: ALL });
  expect(JSON.stringify([...lab.scheduler.snapshot()])).toBe(before);
  const done = act(lab, action, ...ALL);
  expect(done).toEqual(preview);
  expect(Object.fromEntries(done.changes.map(({ taskId, to }) => [taskId, to]))).toEqual(expected);
  for (const { taskId, to } of done.changes) expect(lab.status(taskId)).toBe(to);
  expect(done.changes.length + done.skipped.length).toBe(ALL.length);
});

it("keeps the reason with each task that was changed, and across a snapshot", () => {
  const lab = mixedLab();
  act(lab, "disable", "Waiting", "Done");
  expect(lab.scheduler.task("Waiting")?.note).toEqual({ action: "disable", reason: "because", at: lab.now });
  expect(lab.scheduler.task("Done")?.note).toBeUndefined();
});

describe("failures of the past", () => {
  const failTwice = () => {
    const lab = new Lab({ retryCount: 3, retryDelaySeconds: 10 });
    lab.add("W", "A");
    for (const at of [0, 10]) {
      lab.at(at, "W");
      lab.take("W");
      lab.fail("W", "A");
    }
    return lab;
  };

  it.each<[TaskAction, number]>([
    ["retry", 0],
    ["rerun", 0],
    ["forgive", 2],
  ])("after %s of a FAILED task: %i count", (action, failures) => {
    const lab = failTwice();
    act(lab, action, "A");
    expect(lab.scheduler.task("A")).toMatchObject({ status: "PENDING", failures });
    lab.take("W");
    lab.fail("W", "A");
    expect(lab.status("A")).toBe(failures === 2 ? "DISABLED" : "FAILED");
  });

  it("are forgotten with a re-enabled task's disable, and count on after a cancel", () => {
    const lab = failTwice();
    lab.at(20, "W");
    lab.take("W");
    act(lab, "cancel", "A");
    expect(lab.scheduler.task("A")).toMatchObject({ status: "FAILED", failures: 2 });
    act(lab, "disable", "A");
    act(lab, "reEnable", "A");
    expect(lab.scheduler.task("A")).toMatchObject({ status: "PENDING", failures: 0 });
  });
});

describe("disable by an operator", () => {
  it("lasts until an operator enables the task, also when workers register it again", () => {
    const lab = new Lab({ doneRetentionSeconds: 10_000_000 });
    lab.add("W", "A");
    act(lab, "disable", "A");
    lab.add("W", "A");
    lab.at(1000, "W");
    expect(lab.status("A")).toBe("DISABLED");
    expect(lab.scheduler.task("A")?.disabledBy).toBe("operator");
    expect(lab.take("W")).toBe(null);
    act(lab, "reEnable", "A");
    expect(lab.take("W")).toBe("A");
  });
});

it.each<TaskAction>(["retry", "rerun"])(
  "%s does not undo what a worker said of a task that is disabled twice",
  (action) => {
    const lab = new Lab({ retryCount: 1 });
    lab.add("W", "A");
    lab.take("W");
    lab.fail("W", "A");
    lab.add("W", { taskId: "A", status: "DISABLED" });
    const { changes, skipped } = act(lab, action, "A");
    expect(changes).toEqual([]);
    expect(skipped[0]?.why).toContain("its worker disabled it");
    expect(lab.status("A")).toBe("DISABLED");
  },
);

it("reEnable ends the operator's disable of a task that its worker disabled as well", () => {
  const lab = new Lab();
  lab.add("W", "A");
  act(lab, "disable", "A");
  lab.add("W", { taskId: "A", status: "DISABLED" });
  expect(act(lab, "reEnable", "A").changes).toEqual([{ taskId: "A", from: "DISABLED", to: "DISABLED" }]);
  expect(lab.scheduler.task("A")?.disabledBy).toBe("worker");
  lab.add("W", "A");
  expect(lab.take("W")).toBe("A");
});

describe("cancel", () => {
  it("ends the attempt, frees what it held, and refuses its report", () => {
    const lab = new Lab();
    lab.add("W", { taskId: "A", resources: { r: 1 } });
    lab.take("W");
    const token = lab.tokenOf("W", "A");
    act(lab, "cancel", "A");
    expect(lab.scheduler.heartbeat({ worker: "W", running: [token] }, lab.now).stale).toEqual([token]);
    expect(lab.scheduler.resources()).toEqual([]);
    expect(lab.done("W", "A")).toMatchObject({ accepted: false, status: "FAILED" });
  });

  it("counts no failure and is not retried by itself, until somebody asks for it", () => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.take("W");
    act(lab, "cancel", "A");
    lab.at(10_000, "W");
    expect(lab.scheduler.task("A")).toMatchObject({ status: "FAILED", failures: 0 });
    act(lab, "retry", "A");
    expect(lab.take("W")).toBe("A");
  });

  it("of one member leaves the rest of a batch running", () => {
    const lab = new Lab();
    lab.scheduler.registerBatcher({ worker: "W", family: "F", batchedParams: ["n"] }, 0);
    const spec = (n: string) => ({ taskId: n, family: "F", params: { n }, batchable: true });
    lab.add("W", spec("1"), spec("2"));
    expect(lab.assign("W")?.batch?.taskIds).toEqual(["1", "2"]);
    act(lab, "cancel", "2");
    expect(lab.done("W", "1").accepted).toBe(true);
    expect([lab.status("1"), lab.status("2")]).toEqual(["DONE", "FAILED"]);
  });
});

describe("rerun", () => {
  it("runs the task again with all that was run because of it, in order", () => {
    const lab = new Lab();
    lab.add("W", "A", { taskId: "B", deps: ["A"] }, { taskId: "C", deps: ["B"] }, "Other");
    for (const id of ["A", "B", "C"]) {
      while (lab.take("W") !== id) lab.done("W", "Other");
      lab.done("W", id);
    }
    const command = { action: "rerun", taskIds: ["A"], withDependents: true } as const;
    expect(lab.scheduler.act(command, lab.now).changes.map(({ taskId }) => taskId)).toEqual(["A", "B", "C"]);
    lab.add("W", { taskId: "Other", status: "DONE" });
    for (const id of ["A", "B", "C"]) {
      expect(lab.take("W")).toBe(id);
      lab.done("W", id);
    }
  });

  it("leaves what is downstream alone unless it is asked for", () => {
    const lab = new Lab();
    lab.add("W", { taskId: "A", status: "DONE" }, { taskId: "B", deps: ["A"], status: "DONE" });
    act(lab, "rerun", "A");
    expect([lab.status("A"), lab.status("B")]).toEqual(["PENDING", "DONE"]);
  });
});

describe("a paused worker", () => {
  it("gets nothing, keeps what it runs, and goes on when it is let", () => {
    const lab = new Lab();
    lab.add("W", "A", "B");
    lab.take("W");
    expect(lab.scheduler.setWorkerPaused({ worker: "W", paused: true }, lab.now)).toEqual({ accepted: true });
    expect(lab.work("W")).toMatchObject({ assignments: [], paused: true, workerState: "active" });
    expect(lab.done("W", "A").accepted).toBe(true);
    lab.scheduler.setWorkerPaused({ worker: "W", paused: false }, lab.now);
    expect(lab.take("W")).toBe("B");
  });

  it("keeps no resources from others", () => {
    const lab = new Lab();
    lab.register("W", { processes: 2 });
    lab.work("W");
    lab.add("W", { taskId: "High", priority: 1, resources: { r: 1 } });
    lab.add("X", { taskId: "Low", resources: { r: 1 } });
    expect(lab.take("X")).toBe(null);
    lab.scheduler.setWorkerPaused({ worker: "W", paused: true }, lab.now);
    expect(lab.take("X")).toBe("Low");
  });

  it("cannot be one that is not known", () => {
    const lab = new Lab();
    expect(lab.scheduler.setWorkerPaused({ worker: "W", paused: true }, 0)).toEqual({ accepted: false });
  });
});

it("tells events of pauses and progress", () => {
  const lab = new Lab();
  lab.add("W", "A");
  lab.take("W");
  const token = lab.tokenOf("W", "A");
  const types = [
    { type: "setPaused", paused: true } as const,
    { type: "setPaused", paused: true } as const,
    { type: "setWorkerPaused", worker: "W", paused: true } as const,
    { type: "updateRun", worker: "W", taskId: "A", token, progressPercentage: 5 } as const,
  ].map((command) => lab.scheduler.apply(command, lab.now).events);
  expect(types).toEqual([
    [{ type: "scheduler:paused", at: 0, paused: true }],
    [],
    [{ type: "worker:paused", at: 0, worker: "W", paused: true }],
    [{ type: "task:progress", at: 0, taskId: "A", progressPercentage: 5 }],
  ]);
});

it("names the ready tasks that wait for a resource", () => {
  const lab = new Lab();
  lab.add("W", ...["A", "B", "C"].map((taskId) => ({ taskId, resources: { r: 1 } })));
  lab.take("W");
  expect(lab.scheduler.resources()).toEqual([
    { resource: "r", limit: 1, used: 1, holders: ["A"], waiting: ["B", "C"], waitingTotal: 2 },
  ]);
});
