import { expect, it } from "vitest";
import { Scheduler } from "../src/index.ts";
import { Lab } from "./support.ts";

/** X began A, which then needed B and waits in X; Y wants A as well. */
function suspendedLab(): Lab {
  const lab = new Lab();
  lab.add("X", "A");
  lab.add("Y", "A");
  lab.take("X");
  lab.add("X", { taskId: "B", resources: { r: 1 } });
  lab.report("X", "A", "PENDING", { newDeps: ["B"], suspended: true });
  return lab;
}

it("gives a suspended task to nobody but the worker that goes on with it", () => {
  const lab = suspendedLab();
  lab.register("helper", { assistant: true });
  lab.take("X");
  lab.done("X", "B");
  expect([lab.take("Y"), lab.take("helper"), lab.take("X")]).toEqual([null, null, "A"]);
});

it("keeps what a suspended task needs when another worker registers it, which does not know", () => {
  const lab = suspendedLab();
  lab.add("Y", { taskId: "A", deps: ["C"] }, "C");
  expect(lab.scheduler.task("A")).toMatchObject({ deps: ["B", "C"], suspendedBy: "X" });
  lab.add("X", { taskId: "A", deps: ["C"] });
  expect(lab.scheduler.task("A")?.deps, "its own worker knows").toEqual(["C"]);
});

it.each<[string, (lab: Lab) => void]>([
  ["leaves", (lab) => lab.scheduler.unregisterWorker({ worker: "X" }, lab.now)],
  ["is disabled", (lab) => lab.scheduler.disableWorker({ worker: "X" }, lab.now)],
  ["falls silent", (lab) => lab.at(30, "Y")],
  ["gives it up", (lab) => lab.report("X", "A", "PENDING", { suspended: false })],
  ["withdraws", (lab) => lab.add("X", { taskId: "A", status: "UNKNOWN" })],
])("gives it to others when its worker %s", (_how, end) => {
  const lab = suspendedLab();
  end(lab);
  expect(lab.work("Y").suspendedElsewhere).toBeUndefined();
  expect(lab.scheduler.task("A")?.suspendedBy).toBeUndefined();
  lab.add("Y", { taskId: "B", status: "DONE" });
  expect(lab.take("Y")).toBe("A");
});

it("can be told when the task is registered, by a worker that can run it", () => {
  const lab = new Lab();
  lab.add("X", { taskId: "A", suspended: true });
  lab.add("Y", "A");
  expect([lab.take("Y"), lab.take("X")]).toEqual([null, "A"]);
  lab.add("Y", { taskId: "A", suspended: true });
  expect(lab.scheduler.task("A"), "it runs").toMatchObject({ status: "RUNNING" });
  expect(lab.scheduler.task("A")?.suspendedBy).toBeUndefined();
});

it("is over when the task is found complete", () => {
  const lab = suspendedLab();
  lab.add("Y", { taskId: "A", status: "DONE" });
  expect(lab.scheduler.task("A")?.suspendedBy).toBeUndefined();
});

it("tells a worker that another goes on with what its task was suspended for", () => {
  const lab = suspendedLab();
  const suspended = { runningElsewhere: [], suspendedElsewhere: [{ taskId: "A", worker: "X" }] };
  expect(lab.work("Y")).toMatchObject(suspended);
  expect(lab.take("X")).toBe("B");
  expect(lab.work("Y")).toMatchObject(suspended);
  expect(lab.work("X").suspendedElsewhere).toBeUndefined();
  lab.fail("X", "B");
  expect(lab.work("Y"), "it is retried").toMatchObject(suspended);
  lab.at(101, "X", "Y");
  lab.take("X");
  lab.done("X", "B");
  expect(lab.work("Y"), "X can have it").toMatchObject(suspended);
  expect(lab.take("X")).toBe("A");
  const running = lab.work("Y");
  expect(running.runningElsewhere).toEqual([{ taskId: "A", worker: "X" }]);
  expect(running.suspendedElsewhere).toBeUndefined();
});

it("outlives a restart", () => {
  const restored = Scheduler.restore(suspendedLab().scheduler.snapshot());
  restored.addTasks({ worker: "Y", tasks: [{ taskId: "B", status: "DONE" }] }, 0);
  expect(restored.getWork({ worker: "Y" }, 0)).toMatchObject({
    assignments: [],
    suspendedElsewhere: [{ taskId: "A", worker: "X" }],
  });
  expect(restored.getWork({ worker: "X" }, 0).assignments).toMatchObject([{ taskId: "A" }]);
});

it("does not let two workers wait for each other", () => {
  const lab = suspendedLab();
  lab.scheduler.setResource({ resource: "r", limit: 0 }, lab.now);
  expect(lab.work("Y").suspendedElsewhere, "X does not get B").toBeUndefined();
  lab.add("Y", "B");
  lab.scheduler.setResource({ resource: "r", limit: 1 }, lab.now);
  expect(lab.work("Y", { slots: 0 }).suspendedElsewhere, "Y can run B itself").toBeUndefined();
  const other = suspendedLab();
  other.add("X", { taskId: "B", deps: ["nobody's"] });
  expect(other.work("Y").suspendedElsewhere, "nobody runs what B requires").toBeUndefined();
});
