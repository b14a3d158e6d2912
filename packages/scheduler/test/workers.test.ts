import { describe, expect, it } from "vitest";
import { Lab } from "./support.ts";

describe("a worker that falls silent", () => {
  it("is forgotten, its task fails, and another worker gets it after the retry delay", () => {
    const lab = new Lab();
    lab.add("X", "A");
    lab.add("Y", "A");
    expect(lab.take("X")).toBe("A");
    lab.at(10, "Y");
    expect(lab.scheduler.workers().map(({ worker }) => worker)).toEqual(["Y"]);
    expect(lab.scheduler.task("A")).toMatchObject({
      status: "FAILED",
      failures: 1,
      workers: ["Y"],
      explanation: 'Worker "X" was silent for 10 seconds.',
    });
    lab.at(110, "Y");
    expect(lab.take("Y")).toBe("A");
  });

  it.each(["addTasks", "getWork", "heartbeat", "report", "updateRun"] as const)(
    "is not one that calls %s",
    (call) => {
      const lab = new Lab();
      lab.add("X", "A");
      lab.at(6);
      if (call === "addTasks") lab.add("X", "A");
      else if (call === "getWork") lab.work("X");
      else if (call === "heartbeat") lab.scheduler.heartbeat({ worker: "X" }, lab.now);
      else if (call === "report") lab.done("X", "A");
      else lab.scheduler.updateRun({ worker: "X", taskId: "A", token: "none" }, lab.now);
      lab.at(15);
      expect(lab.scheduler.worker("X")).toBeDefined();
      lab.at(16);
      expect(lab.scheduler.worker("X")).toBeUndefined();
    },
  );

  it("leaves its tasks for a while, then they go", () => {
    const lab = new Lab();
    lab.add("X", "A", { taskId: "B", deps: ["A"] }, { taskId: "C", status: "DONE" });
    lab.add("X", { taskId: "D", status: "DISABLED" }, { taskId: "E", deps: ["placeholder"] });
    lab.at(1009);
    expect([...lab.scheduler.tasks()].length).toBe(6);
    lab.at(1010);
    expect([...lab.scheduler.tasks()]).toEqual([]);
    expect(lab.scheduler.nextDeadline()).toBeNull();
  });

  it("leaves tasks that another worker cares about", () => {
    const lab = new Lab();
    lab.add("X", "A", "B");
    lab.add("Y", { taskId: "C", deps: ["A"] });
    lab.at(2000, "Y");
    expect(lab.ids("PENDING")).toEqual(["A", "C"]);
  });

  it("may come back with a new session, so that it knows to register everything again", () => {
    const lab = new Lab();
    const first = lab.scheduler.addTasks({ worker: "X", tasks: [{ taskId: "A" }] }, lab.now);
    expect(lab.work("X").session).toBe(first.session);
    lab.at(11);
    expect(lab.scheduler.heartbeat({ worker: "X" }, lab.now)).toMatchObject({ session: "", stale: [] });
    const reply = lab.work("X");
    expect(reply.session).not.toBe(first.session);
    expect(reply).toMatchObject({ pending: 0, assignments: [] });
  });
});

describe("a worker that says good-bye", () => {
  it("is forgotten at once, and what it held goes to another without a failure", () => {
    const lab = new Lab({ resources: { r: 1 } });
    lab.add("X", { taskId: "A", resources: { r: 1 } });
    lab.add("Y", "A", { taskId: "B", resources: { r: 1 } });
    expect(lab.take("X")).toBe("A");
    const left = lab.scheduler.apply({ type: "unregisterWorker", worker: "X" }, lab.now);
    expect(left.reply).toEqual({ accepted: true });
    expect(left.events).toMatchObject([
      { type: "worker:left", worker: "X" },
      {
        type: "task:status",
        taskId: "A",
        from: "RUNNING",
        to: "PENDING",
        reason: "worker left",
        worker: "X",
      },
    ]);
    expect(lab.scheduler.workers().map(({ worker }) => worker)).toEqual(["Y"]);
    expect(lab.scheduler.resources()).toMatchObject([{ resource: "r", used: 0 }]);
    expect(lab.scheduler.task("A")).toMatchObject({ status: "PENDING", failures: 0, workers: ["Y"] });
    expect(lab.take("Y")).toBe("A");
  });

  it("does not make anything fail by its silence afterwards, also when it comes back", () => {
    const lab = new Lab();
    lab.add("X", "A");
    lab.at(5);
    lab.scheduler.unregisterWorker({ worker: "X" }, lab.now);
    lab.at(8);
    lab.add("X", "A");
    expect(lab.take("X")).toBe("A");
    lab.at(17);
    expect(lab.status("A")).toBe("RUNNING");
    lab.at(18);
    expect(lab.status("A")).toBe("FAILED");
  });

  it("leaves the tasks that only it cared about for a while", () => {
    const lab = new Lab();
    lab.add("X", "A");
    lab.scheduler.unregisterWorker({ worker: "X" }, lab.now);
    lab.at(999);
    expect(lab.ids("PENDING")).toEqual(["A"]);
    lab.at(1000);
    expect([...lab.scheduler.tasks()]).toEqual([]);
    expect(lab.scheduler.nextDeadline()).toBeNull();
  });

  it("may say so twice, or without being known", () => {
    const lab = new Lab();
    expect(lab.scheduler.unregisterWorker({ worker: "X" }, lab.now)).toEqual({ accepted: false });
    expect(lab.scheduler.workers()).toEqual([]);
  });
});

it("reads and operators do not make a worker known", () => {
  const lab = new Lab();
  lab.scheduler.heartbeat({ worker: "X" }, lab.now);
  lab.done("X", "A");
  expect(lab.scheduler.disableWorker({ worker: "X" }, lab.now)).toEqual({ accepted: false });
  expect(lab.scheduler.setWorkerProcesses({ worker: "X", processes: 2 }, lab.now)).toEqual({
    accepted: false,
  });
  expect(lab.scheduler.workers()).toEqual([]);
});

it("shows a worker with what it told about itself and what it runs", () => {
  const lab = new Lab();
  lab.register("X", { processes: 4, info: { host: "h" } });
  lab.register("X", { info: { pid: 7 } });
  lab.add("X", "A", "B");
  lab.take("X");
  expect(lab.scheduler.worker("X")).toMatchObject({
    processes: 4,
    info: { host: "h", pid: 7 },
    running: ["A"],
    pending: 1,
    assistant: false,
    workerState: "active",
  });
});

describe("a disabled worker", () => {
  function disabled(): Lab {
    const lab = new Lab();
    lab.add("W", "A", "B");
    lab.take("W");
    lab.scheduler.disableWorker({ worker: "W" }, lab.now);
    return lab;
  }

  it("gets no task, while what it runs goes on", () => {
    const lab = disabled();
    expect(lab.work("W")).toMatchObject({ workerState: "disabled", assignments: [], pending: 0 });
    expect(lab.status("A")).toBe("RUNNING");
    expect(lab.scheduler.worker("W")?.running).toEqual(["A"]);
  });

  it("leaves to others what was assigned to it but never arrived", () => {
    const lab = disabled();
    lab.add("Y", "A");
    expect(lab.take("W", { running: [lab.tokenOf("W", "A")] })).toBeNull();
    expect(lab.status("A")).toBe("RUNNING");
    expect(lab.take("W", { running: [] })).toBeNull();
    expect(lab.take("Y")).toBe("A");
    expect(lab.done("W", "A").accepted).toBe(false);
  });

  it("registers nothing", () => {
    const lab = disabled();
    lab.add("W", "C");
    expect(lab.scheduler.task("C")).toBeUndefined();
    lab.register("helper", { assistant: true });
    expect([lab.take("helper"), lab.take("helper")]).toEqual(["B", null]);
    lab.add("Y", "C");
    expect(lab.take("helper")).toBe("C");
  });

  it.each(["DONE", "FAILED", "PENDING"] as const)("can end its attempt as %s", (outcome) => {
    const lab = disabled();
    expect(lab.report("W", "A", outcome, { newDeps: ["C"] })).toMatchObject({
      accepted: true,
      status: outcome,
    });
    expect([...lab.scheduler.tasks()].flatMap((task) => task.workers)).toEqual([]);
  });

  it("does not get its own failed task after the retry delay", () => {
    const lab = disabled();
    lab.fail("W", "A");
    lab.at(150, "W");
    expect(lab.status("A")).toBe("PENDING");
    expect(lab.take("W")).toBeNull();
  });

  it("is enabled again only as a new worker", () => {
    const lab = disabled();
    lab.at(20);
    lab.add("W", "C");
    expect(lab.take("W")).toBe("C");
  });

  it("gets nothing as an assistant", () => {
    const lab = new Lab();
    lab.register("helper", { assistant: true });
    lab.scheduler.disableWorker({ worker: "helper" }, lab.now);
    lab.add("W", "A");
    expect(lab.take("helper", { assistant: true })).toBeNull();
    expect(lab.take("W")).toBe("A");
  });
});

describe("an assistant", () => {
  function assisted(): Lab {
    const lab = new Lab();
    lab.register("helper", { assistant: true });
    lab.add("W", { taskId: "A", family: "F", module: "m" }, { taskId: "external", runnable: false });
    return lab;
  }

  it("runs tasks of others, but no external ones", () => {
    const lab = assisted();
    expect(lab.assign("helper")).toMatchObject({ taskId: "A", family: "F", module: "m" });
    expect(lab.take("helper")).toBeNull();
    expect(lab.scheduler.task("A")?.attempt?.worker).toBe("helper");
  });

  it("loses its task when it falls silent, though the registering worker lives", () => {
    const lab = assisted();
    lab.take("helper");
    lab.at(11, "W");
    expect(lab.status("A")).toBe("FAILED");
  });

  it("keeps alive what it runs, and nothing else", () => {
    const lab = assisted();
    lab.add("W", "pending", { taskId: "done", status: "DONE" }, { taskId: "disabled", status: "DISABLED" });
    lab.take("helper");
    lab.at(5000, "helper");
    expect([...lab.scheduler.tasks()].map(({ taskId }) => taskId)).toEqual(["A"]);
    expect(lab.done("helper", "A").accepted).toBe(true);
    lab.at(6000, "helper");
    expect([...lab.scheduler.tasks()]).toEqual([]);
  });

  it("does not keep a failed task alive", () => {
    const lab = assisted();
    lab.take("helper");
    lab.at(2000, "helper");
    lab.fail("helper", "A");
    lab.at(2050, "helper");
    expect(lab.status("A")).toBe("FAILED");
    lab.at(3000, "helper");
    expect(lab.status("A")).toBeUndefined();
  });

  it("still gets a task whose registering worker is gone but not yet forgotten", () => {
    const lab = assisted();
    lab.at(600, "helper");
    expect(lab.take("helper")).toBe("A");
  });

  it("makes its failed task wait for the retry like others", () => {
    const lab = assisted();
    lab.take("helper");
    lab.fail("helper", "A");
    lab.at(101, "W", "helper");
    expect(lab.status("A")).toBe("PENDING");
  });

  it("registers tasks without an interest of its own in them", () => {
    const lab = assisted();
    lab.scheduler.addTasks({ worker: "helper", tasks: [{ taskId: "X" }], assistant: true }, lab.now);
    lab.at(999, "helper");
    expect(lab.status("X")).toBe("PENDING");
    lab.at(1000, "helper");
    expect(lab.status("X")).toBeUndefined();
  });
});

describe("a finished task", () => {
  it("goes after the retention time although its worker lives", () => {
    const lab = new Lab({ doneRetentionSeconds: 50 });
    lab.add("W", "A", { taskId: "B", status: "DONE" });
    lab.at(49, "W");
    expect(lab.status("B")).toBe("DONE");
    lab.at(50, "W");
    expect([lab.status("A"), lab.status("B")]).toEqual(["PENDING", undefined]);
  });

  it("stays as long as another task requires it, and goes with that one", () => {
    const lab = new Lab({ doneRetentionSeconds: 50 });
    lab.add("W", { taskId: "A", status: "DONE" }, { taskId: "B", deps: ["A"] });
    lab.at(100, "W");
    expect(lab.status("A")).toBe("DONE");
    lab.take("W");
    lab.done("W", "B");
    lab.at(149, "W");
    expect(lab.ids("DONE")).toEqual(["A", "B"]);
    lab.at(150, "W");
    expect([...lab.scheduler.tasks()]).toEqual([]);
  });
});

it("keeps a placeholder for a removed task that another one requires", () => {
  const lab = new Lab();
  lab.add("X", { taskId: "A", status: "DONE", family: "F" });
  lab.add("X", { taskId: "B" });
  lab.scheduler.addTasks(
    { worker: "helper", tasks: [{ taskId: "C", deps: ["A"] }], assistant: true },
    lab.now,
  );
  lab.register("helper", { assistant: true });
  lab.at(5, "helper");
  expect(lab.take("helper")).toBe("B");
  expect(lab.take("helper")).toBe("C");
  lab.at(1010, "helper");
  expect(lab.scheduler.task("A")).toMatchObject({ status: "UNKNOWN", runnable: false });
  lab.done("helper", "C");
  lab.done("helper", "B");
  lab.at(2100, "helper");
  expect([...lab.scheduler.tasks()]).toEqual([]);
});

it("keeps a placeholder that another worker came to care about, until that one is gone", () => {
  const lab = new Lab();
  lab.register("helper", { assistant: true });
  lab.add("X", "A", { taskId: "B", deps: ["A"] });
  lab.at(5, "helper");
  lab.take("helper");
  lab.done("helper", "A");
  expect(lab.take("helper")).toBe("B");
  lab.at(1500, "helper");
  expect(lab.status("A")).toBe("UNKNOWN");
  lab.add("Y", { taskId: "C", deps: ["A"] });
  lab.done("helper", "B");
  lab.at(3000, "helper", "Y");
  lab.add("Y", { taskId: "C", deps: [] });
  lab.at(3005, "helper", "Y");
  expect(lab.status("A")).toBe("UNKNOWN");
  lab.at(5000, "helper");
  expect([...lab.scheduler.tasks()]).toEqual([]);
});

it("never forgets a worker when the timeout is infinite", () => {
  const lab = new Lab({ workerTimeoutSeconds: Infinity });
  lab.add("W", "A");
  lab.take("W");
  lab.scheduler.tick(1e12);
  expect(lab.done("W", "A").accepted).toBe(true);
});
