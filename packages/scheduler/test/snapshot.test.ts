import { expect, it } from "vitest";
import { Scheduler, type SnapshotRecord } from "../src/index.ts";
import { LAB_CONFIG, Lab } from "./support.ts";

function throughJson(scheduler: Scheduler): SnapshotRecord[] {
  return JSON.parse(JSON.stringify([...scheduler.snapshot()]));
}

function busyLab(): Lab {
  const lab = new Lab({ resources: { r: 3 } });
  lab.register("W", { processes: 2, info: { host: "h" } });
  lab.scheduler.registerBatcher({ worker: "W", family: "F", batchedParams: ["a"] }, lab.now);
  lab.add("W", { taskId: "A", resources: { r: 2 }, acceptsMessages: true, priority: 3 }, "B");
  lab.add("W", { taskId: "off", status: "DISABLED" }, { taskId: "behind", deps: ["off"] });
  lab.work("W", { slots: 2 });
  lab.fail("W", "B");
  lab.scheduler.sendMessage({ taskId: "A", content: "hello" }, lab.now);
  lab.scheduler.setResource({ resource: "r", limit: 7 }, lab.now);
  lab.scheduler.setPaused({ paused: true }, lab.now);
  return lab;
}

it("a snapshot brings back all that it was taken of", () => {
  const { scheduler } = busyLab();
  const restored = Scheduler.restore(throughJson(scheduler), LAB_CONFIG);
  expect([...restored.snapshot()]).toEqual([...scheduler.snapshot()]);
  expect([...restored.tasks()]).toEqual([...scheduler.tasks()]);
  expect(restored.workers()).toEqual(scheduler.workers());
});

it("pause and resource limits outlive a restart", () => {
  const restored = Scheduler.restore(throughJson(busyLab().scheduler), { resources: { r: 1 } });
  expect(restored.isPaused).toBe(true);
  expect(restored.resources()).toEqual([
    { resource: "r", limit: 7, used: 2, holders: ["A"], waiting: [], waitingTotal: 0 },
  ]);
});

it("an attempt outlives a restart: its token is still good, and new tokens differ", () => {
  const lab = busyLab();
  const restored = Scheduler.restore(throughJson(lab.scheduler));
  const token = lab.tokenOf("W", "A");
  restored.setPaused({ paused: false }, lab.now);
  restored.addTasks({ worker: "W", tasks: [{ taskId: "new" }] }, lab.now);
  const [next] = restored.getWork({ worker: "W" }, lab.now).assignments;
  expect(next?.taskId).toBe("new");
  expect(next?.token).not.toBe(token);
  expect(restored.report({ worker: "W", taskId: "A", token, outcome: "DONE" }, lab.now).accepted).toBe(true);
});

it("time goes on after a restart", () => {
  const lab = busyLab();
  const restored = Scheduler.restore(throughJson(lab.scheduler), { removeDelaySeconds: 1000 });
  restored.tick(1_000_000);
  expect(restored.workers()).toEqual([]);
  restored.tick(2_000_000);
  expect([...restored.tasks()]).toEqual([]);
});

it("a snapshot does not depend on the order in which limits and needs were told", () => {
  const lab = (names: readonly string[]) => {
    const { scheduler, now } = new Lab();
    for (const resource of names) scheduler.setResource({ resource, limit: 5 }, now);
    const resources = Object.fromEntries(names.map((name) => [name, 1]));
    scheduler.addTasks({ worker: "W", tasks: [{ taskId: "A", resources }] }, now);
    scheduler.getWork({ worker: "W" }, now);
    return JSON.stringify([...scheduler.snapshot()]);
  };
  expect(lab(["c", "a", "b"])).toBe(lab(["a", "b", "c"]));
});

it("a worker of a snapshot from before workers could be paused or help is neither paused nor a helper", () => {
  const parts = throughJson(busyLab().scheduler).map((part) => {
    if (part.kind !== "worker") return part;
    const { paused: _paused, families: _families, ...before } = part;
    return before;
  });
  const restored = Scheduler.restore(parts, LAB_CONFIG);
  expect(restored.worker("W")).toMatchObject({ paused: false, families: [] });
});

it("a task beyond its retention goes with the last that requires it, also after a restart", () => {
  const lab = new Lab({ doneRetentionSeconds: 100, workerTimeoutSeconds: 10_000 });
  lab.add("W", { taskId: "Base", status: "DONE" }, { taskId: "Next", deps: ["Base"], runnable: false });
  lab.at(150);
  const restored = Scheduler.restore(throughJson(lab.scheduler), LAB_CONFIG);
  restored.addTasks({ worker: "W", tasks: [{ taskId: "Next", deps: [], runnable: false }] }, lab.now);
  restored.tick(lab.now);
  expect(restored.task("Base")).toBeUndefined();
});

it("answers of a task outlive a restart, and are given once", () => {
  const lab = busyLab();
  lab.scheduler.respond({ taskId: "A", messageId: "m", response: "yes" }, lab.now);
  const restored = Scheduler.restore(throughJson(lab.scheduler), LAB_CONFIG);
  const take = () => restored.takeResponse({ taskId: "A", messageId: "m" }, lab.now).response;
  expect([take(), take()]).toEqual(["yes", null]);
});
