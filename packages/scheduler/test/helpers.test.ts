import { describe, expect, it } from "vitest";
import { Scheduler, type TaskSpec } from "../src/index.ts";
import { Lab, LAB_CONFIG } from "./support.ts";

const load = (taskId: string, more: Partial<TaskSpec> = {}): TaskSpec => ({
  taskId,
  family: "Load",
  ...more,
});

describe("a worker that helps with families", () => {
  it("gets tasks of them that others registered, before and after, and no others", () => {
    const lab = new Lab();
    lab.add("W", load("before"), { taskId: "other", family: "Check" });
    lab.register("H", { families: ["Load"] });
    lab.add("W", load("after"));
    expect([lab.take("H"), lab.take("H"), lab.take("H")]).toEqual(["before", "after", null]);
    expect(lab.scheduler.worker("H")).toMatchObject({ families: ["Load"], assistant: false });
  });

  it("does not get external data", () => {
    const lab = new Lab();
    lab.register("H", { families: ["Load"] });
    lab.add("W", load("external", { runnable: false }));
    expect(lab.take("H")).toBeNull();
  });

  it("is no reason to keep a task", () => {
    const lab = new Lab({ removeDelaySeconds: 5 });
    lab.register("H", { families: ["Load"] });
    lab.add("W", load("A"));
    for (const seconds of [8, 11, 17]) lab.at(seconds, "H");
    expect(lab.scheduler.task("A")).toBeUndefined();
  });

  it("is not offered again what it says that it cannot make, and others are", () => {
    const lab = new Lab();
    lab.register("H", { families: ["Load"] });
    lab.add("W", load("A"));
    const { token = "" } = lab.assign("H") ?? {};
    const tasks = [{ taskId: "A", status: "UNKNOWN" as const }];
    lab.scheduler.addTasks({ worker: "H", tasks, assistant: true }, lab.now);
    lab.scheduler.report({ worker: "H", taskId: "A", token, outcome: "PENDING" }, lab.now);
    expect(lab.take("H")).toBeNull();
    expect(lab.take("W")).toBe("A");
  });

  it("gets nothing any more when it is disabled, silent, or says other families", () => {
    const lab = new Lab();
    for (const helper of ["disabled", "silent", "fickle"]) lab.register(helper, { families: ["Load"] });
    lab.scheduler.disableWorker({ worker: "disabled" }, lab.now);
    lab.register("fickle", { families: ["Check"] });
    lab.at(9, "disabled", "fickle");
    lab.at(11, "disabled", "fickle");
    lab.add("W", load("A"));
    expect(lab.scheduler.task("A")?.workers).toEqual(["W"]);
  });

  it("is known to a scheduler that goes on from a snapshot", () => {
    const lab = new Lab();
    lab.register("H", { families: ["Load"] });
    const parts = JSON.parse(JSON.stringify([...lab.scheduler.snapshot()]));
    const restored = Scheduler.restore(parts, LAB_CONFIG);
    restored.addTasks({ worker: "W", tasks: [load("A")] }, lab.now);
    expect(restored.getWork({ worker: "H" }, lab.now).assignments).toMatchObject([{ taskId: "A" }]);
  });
});

describe("a task that is registered as PENDING right after it was DONE", () => {
  const done = { worker: "W", tasks: [{ taskId: "A", status: "DONE" as const }] };
  const pending = { worker: "W", tasks: [{ taskId: "A" }, { taskId: "B" }] };

  it("is named in the reply, so that the worker looks again", () => {
    const lab = new Lab({ doneCooldownSeconds: 10 });
    expect(lab.scheduler.addTasks(done, lab.now)).not.toHaveProperty("doneLately");
    expect(lab.scheduler.addTasks(pending, lab.now)).toMatchObject({ doneLately: ["A"] });
    expect(lab.scheduler.task("A")?.status).toBe("DONE");
  });

  it("runs again when the worker says that its output is not there", () => {
    const lab = new Lab({ doneCooldownSeconds: 10 });
    lab.scheduler.addTasks(done, lab.now);
    const tasks = [{ taskId: "A", outputMissing: true }];
    expect(lab.scheduler.addTasks({ worker: "W", tasks }, lab.now)).not.toHaveProperty("doneLately");
    expect(lab.take("W")).toBe("A");
  });
});
