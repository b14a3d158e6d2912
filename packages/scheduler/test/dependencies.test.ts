import { expect, it } from "vitest";
import { Lab } from "./support.ts";

it("hands out a task only when its requirements are done", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "B", deps: ["A"] }, "A");
  expect(lab.take("W")).toBe("A");
  expect(lab.take("W")).toBeNull();
  lab.done("W", "A");
  expect(lab.take("W")).toBe("B");
  lab.done("W", "B");
  expect(lab.take("W")).toBeNull();
});

it("takes requirements that are registered in a later call", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "B", deps: ["A"] });
  expect(lab.take("W")).toBeNull();
  expect(lab.status("A")).toBe("UNKNOWN");
  lab.add("W", "A");
  expect(lab.take("W")).toBe("A");
});

it("releases the dependents of a failed task when it is found complete", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "B", deps: ["A"] }, "A");
  lab.take("W");
  lab.fail("W", "A");
  expect(lab.take("W")).toBeNull();
  lab.add("W", { taskId: "A", status: "DONE" });
  expect(lab.take("W")).toBe("B");
});

it("never hands out a task that is not runnable, and releases its dependents when it is found complete", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "B", deps: ["A"] }, { taskId: "A", runnable: false });
  expect(lab.take("W")).toBeNull();
  lab.add("W", { taskId: "A", runnable: false, status: "DONE" });
  expect(lab.take("W")).toBe("B");
});

it("lets two workers share a requirement: one runs it, both go on when it is done", () => {
  const lab = new Lab();
  lab.add("X", "A", { taskId: "B", deps: ["A"] });
  lab.add("Y", "A", { taskId: "C", deps: ["A"] });
  expect(lab.take("X")).toBe("A");
  expect(lab.work("Y")).toMatchObject({
    assignments: [],
    runningElsewhere: [{ taskId: "A", worker: "X" }],
  });
  lab.done("X", "A");
  expect(lab.take("Y")).toBe("C");
  expect(lab.take("X")).toBe("B");
});

it("forgets a requirement that the task no longer names when it is registered again", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "B", deps: ["A"] }, "A");
  lab.take("W");
  lab.fail("W", "A");
  lab.add("W", { taskId: "B", deps: ["C"] }, "C");
  expect(lab.take("W")).toBe("C");
  lab.done("W", "C");
  expect(lab.take("W")).toBe("B");
});

it("keeps the requirements of a task that is registered again without any", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "B", deps: ["A"] });
  lab.add("W", "B");
  expect(lab.scheduler.task("B")?.deps).toEqual(["A"]);
  lab.add("W", { taskId: "B", deps: [] });
  expect(lab.take("W")).toBe("B");
});

it("counts a requirement named twice once", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "B", deps: ["A", "A"] }, "A");
  lab.take("W");
  lab.done("W", "A");
  expect(lab.take("W")).toBe("B");
});

it("makes dependents wait again when a done task is registered as pending", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "A", status: "DONE" }, { taskId: "B", deps: ["A"], priority: 0 });
  lab.add("W", "A");
  expect(lab.take("W")).toBe("A");
  expect(lab.take("W")).toBeNull();
});

it("ignores a check that began before the task was done", () => {
  const lab = new Lab({ doneCooldownSeconds: 5 });
  lab.add("W", "A");
  lab.take("W");
  lab.done("W", "A");
  lab.add("W", "A");
  expect(lab.status("A")).toBe("DONE");
  lab.at(5, "W");
  lab.add("W", "A");
  expect(lab.status("A")).toBe("PENDING");
});

it("runs a task again within the cooldown when its output vanished", () => {
  const lab = new Lab({ doneCooldownSeconds: 5 });
  lab.add("W", { taskId: "A", status: "DONE" });
  lab.add("W", { taskId: "A", outputMissing: true });
  expect(lab.take("W")).toBe("A");
});

it("adds requirements found while running and hands the task out again when they are done", () => {
  const lab = new Lab();
  lab.add("W", "A");
  lab.take("W");
  expect(lab.report("W", "A", "PENDING", { newDeps: ["B"] })).toMatchObject({
    accepted: true,
    status: "PENDING",
  });
  expect(lab.take("W")).toBeNull();
  lab.add("W", "B");
  expect(lab.take("W")).toBe("B");
  lab.done("W", "B");
  expect(lab.take("W")).toBe("A");
});

it("ignores requirements for a running task from a worker that does not run it", () => {
  const lab = new Lab();
  lab.add("X", "A");
  lab.add("Y", "A");
  lab.take("X");
  const reply = lab.scheduler.report(
    { worker: "Y", taskId: "A", token: lab.tokenOf("X", "A"), outcome: "PENDING", newDeps: ["B"] },
    lab.now,
  );
  expect(reply).toMatchObject({ accepted: false, status: "RUNNING" });
  expect(lab.scheduler.task("A")?.deps).toEqual([]);
});

it("refuses a report that the task requires itself", () => {
  const lab = new Lab();
  lab.add("W", "A");
  lab.take("W");
  expect(() => lab.report("W", "A", "PENDING", { newDeps: ["A"] })).toThrow('task "A" requires itself');
  expect(lab.status("A")).toBe("RUNNING");
});

it("ranks siblings in the order in which their dependent names them", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "P", deps: ["B1", "B2", "B3"] }, "B3", "B2", "B1");
  expect([lab.take("W"), lab.take("W"), lab.take("W")]).toEqual(["B1", "B2", "B3"]);
});

it("never runs tasks that require one another", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "A", deps: ["B"] }, { taskId: "B", deps: ["A"] }, "C");
  expect([lab.take("W"), lab.take("W")]).toEqual(["C", null]);
  expect(lab.scheduler.upstreamStatuses(["A", "B"])).toEqual(["", ""]);
});
