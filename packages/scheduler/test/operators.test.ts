import { describe, expect, it } from "vitest";
import { Lab } from "./support.ts";

describe("forgive", () => {
  it("makes a failed task available before the retry delay; doing it twice is harmless", () => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.take("W");
    lab.fail("W", "A");
    expect(lab.scheduler.forgive({ taskId: "A" }, lab.now)).toEqual({ status: "PENDING" });
    expect(lab.scheduler.forgive({ taskId: "A" }, lab.now)).toEqual({ status: "PENDING" });
    expect(lab.scheduler.task("A")?.failures).toBe(1);
    expect(lab.take("W")).toBe("A");
  });

  it("says that there is no such task", () => {
    expect(new Lab().scheduler.forgive({ taskId: "A" }, 0)).toEqual({ status: null });
  });
});

describe("markDone", () => {
  it("releases the dependents of a running, failed or disabled task", () => {
    const lab = new Lab();
    lab.add("W", "A", "B", { taskId: "C", status: "DISABLED" }, { taskId: "D", deps: ["A", "B", "C"] });
    lab.work("W", { slots: 2 });
    lab.fail("W", "B");
    for (const taskId of ["A", "B", "C"]) {
      expect(lab.scheduler.markDone({ taskId }, lab.now)).toEqual({ status: "DONE" });
    }
    expect(lab.take("W")).toBe("D");
  });

  it("gives back what the running task held", () => {
    const lab = new Lab();
    lab.add("W", { taskId: "A", resources: { r: 1 } });
    lab.take("W");
    lab.scheduler.markDone({ taskId: "A" }, lab.now);
    expect(lab.scheduler.resources()).toEqual([]);
  });

  it("does nothing to a pending task", () => {
    const lab = new Lab();
    lab.add("W", "A");
    expect(lab.scheduler.markDone({ taskId: "A" }, lab.now)).toEqual({ status: "PENDING" });
  });
});

it("reEnable does nothing to a task that a worker disabled", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "A", status: "DISABLED" });
  expect(lab.scheduler.reEnable({ taskId: "A" }, lab.now)).toEqual({ status: "DISABLED" });
});

describe("pause", () => {
  it("keeps the counts, hands out nothing, and ends", () => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.scheduler.setPaused({ paused: true }, lab.now);
    expect(lab.scheduler.isPaused).toBe(true);
    expect(lab.work("W")).toMatchObject({
      assignments: [],
      paused: true,
      pending: 1,
      uniquePending: 1,
      pendingLastScheduled: 1,
      workerState: "active",
    });
    lab.scheduler.setPaused({ paused: false }, lab.now);
    expect(lab.scheduler.isPaused).toBe(false);
    expect(lab.take("W")).toBe("A");
  });

  it("lets what runs come to its end", () => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.take("W");
    lab.scheduler.setPaused({ paused: true }, lab.now);
    expect(lab.done("W", "A").accepted).toBe(true);
  });
});

describe("a message", () => {
  function running(): Lab {
    const lab = new Lab({ messageTtlSeconds: 100 });
    lab.add("W", { taskId: "A", acceptsMessages: true }, "B");
    lab.work("W", { slots: 2 });
    return lab;
  }

  it("reaches the worker again and again until it is acknowledged", () => {
    const lab = running();
    const { messageId } = lab.scheduler.sendMessage({ taskId: "A", content: "hello" }, lab.now);
    const expected = [{ number: 1, name: "taskMessage", taskId: "A", messageId, content: "hello" }];
    const beat = (acknowledge?: number) =>
      lab.scheduler.heartbeat({ worker: "W", ...(acknowledge === undefined ? {} : { acknowledge }) }, lab.now)
        .messages;
    expect(beat()).toEqual(expected);
    expect(beat()).toEqual(expected);
    expect(beat(1)).toEqual([]);
    expect(beat()).toEqual([]);
  });

  it("expires when nobody acknowledges it", () => {
    const lab = running();
    lab.scheduler.sendMessage({ taskId: "A", content: "hello" }, lab.now);
    lab.at(99, "W");
    expect(lab.scheduler.heartbeat({ worker: "W" }, lab.now).messages.length).toBe(1);
    lab.at(100, "W");
    expect(lab.scheduler.heartbeat({ worker: "W" }, lab.now).messages).toEqual([]);
  });

  it("is not sent to a task that does not run or does not accept any", () => {
    const lab = running();
    expect(lab.scheduler.sendMessage({ taskId: "B", content: "x" }, lab.now)).toEqual({ messageId: null });
    lab.done("W", "A");
    expect(lab.scheduler.sendMessage({ taskId: "A", content: "x" }, lab.now)).toEqual({ messageId: null });
    expect(lab.scheduler.sendMessage({ taskId: "C", content: "x" }, lab.now)).toEqual({ messageId: null });
  });

  it("is answered, and the answer is handed out once", () => {
    const lab = running();
    const messageId = lab.scheduler.sendMessage({ taskId: "A", content: "?" }, lab.now).messageId as string;
    const take = () => lab.scheduler.takeResponse({ taskId: "A", messageId }, lab.now).response;
    expect(take()).toBeNull();
    lab.scheduler.respond({ taskId: "A", messageId, response: "!" }, lab.now);
    expect(take()).toBe("!");
    expect(take()).toBeNull();
  });

  it("has an answer that expires when nobody takes it", () => {
    const lab = running();
    expect(lab.scheduler.respond({ taskId: "A", messageId: "m", response: "!" }, lab.now)).toEqual({
      accepted: true,
    });
    lab.at(100, "W");
    expect(lab.scheduler.takeResponse({ taskId: "A", messageId: "m" }, lab.now)).toEqual({ response: null });
    expect(lab.scheduler.respond({ taskId: "none", messageId: "m", response: "!" }, lab.now)).toEqual({
      accepted: false,
    });
  });

  it("tells the worker to change the number of its processes", () => {
    const lab = running();
    expect(lab.scheduler.setWorkerProcesses({ worker: "W", processes: 3 }, lab.now)).toEqual({
      accepted: true,
    });
    expect(lab.scheduler.heartbeat({ worker: "W" }, lab.now).messages).toEqual([
      { number: 1, name: "setProcesses", processes: 3 },
    ]);
  });
});

describe("events", () => {
  it("tell each change of a status with its reason, worker and token", () => {
    const lab = new Lab();
    const at = 0;
    const none = { worker: null, token: null };
    const added = lab.scheduler.apply(
      { type: "addTasks", worker: "W", tasks: [{ taskId: "A", deps: ["B"], status: "DONE" }] },
      at,
    );
    expect(added.events).toEqual([
      { type: "worker:added", at, worker: "W" },
      { type: "task:status", at, taskId: "B", from: null, to: "UNKNOWN", reason: "required", ...none },
      { type: "task:status", at, taskId: "A", from: null, to: "DONE", reason: "registered", ...none },
    ]);
    lab.add("W", "B");
    const { reply, events } = lab.scheduler.apply({ type: "getWork", worker: "W" }, at);
    const token = reply.assignments[0]?.token;
    expect(events).toEqual([
      {
        type: "task:status",
        at,
        taskId: "B",
        from: "PENDING",
        to: "RUNNING",
        worker: "W",
        token,
        reason: "assigned",
      },
    ]);
    const lost = lab.scheduler.apply({ type: "tick" }, 10_000).events;
    expect(lost).toEqual([
      { type: "worker:lost", at: 10_000, worker: "W" },
      {
        type: "task:status",
        at: 10_000,
        taskId: "B",
        from: "RUNNING",
        to: "FAILED",
        worker: "W",
        token,
        reason: "worker lost",
      },
    ]);
  });

  it("tell what the clock and operators did", () => {
    const lab = new Lab({ retryCount: 1 });
    lab.add("W", { taskId: "A", status: "FAILED" });
    const reasons = [
      lab.scheduler.apply({ type: "reEnable", taskId: "A" }, 0),
      lab.scheduler.apply({ type: "forgive", taskId: "A" }, 0),
      lab.scheduler.apply({ type: "addTasks", worker: "W", tasks: [{ taskId: "A", status: "FAILED" }] }, 0),
      lab.scheduler.apply({ type: "markDone", taskId: "A" }, 0),
      lab.scheduler.apply({ type: "disableWorker", worker: "W" }, 0),
    ].flatMap(({ events }) => events.map((event) => ("reason" in event ? event.reason : event.type)));
    expect(reasons).toEqual(["re-enabled", "forgiven", "registered", "marked done", "worker:disabled"]);
  });
});

describe("upstream status", () => {
  it("is the gravest of what a task waits for", () => {
    const lab = new Lab();
    lab.add("W", "ready", { taskId: "failed", status: "FAILED" }, { taskId: "disabled", status: "DISABLED" });
    lab.add("W", { taskId: "A", deps: ["ready"] }, { taskId: "B", deps: ["A", "failed"] });
    lab.add("W", { taskId: "C", deps: ["B", "disabled"] }, { taskId: "D", deps: ["missing"] });
    lab.add("W", { taskId: "E", deps: ["C"] });
    const of = (...ids: string[]) => lab.scheduler.upstreamStatuses(ids);
    expect(of("A", "B", "C", "D", "E", "nowhere")).toEqual([
      "UPSTREAM_MISSING_INPUT",
      "UPSTREAM_FAILED",
      "UPSTREAM_DISABLED",
      "",
      "UPSTREAM_DISABLED",
      "",
    ]);
    lab.take("W");
    expect(of("A", "B")).toEqual(["UPSTREAM_RUNNING", "UPSTREAM_FAILED"]);
  });

  it("is found through a chain of 100,000 tasks", () => {
    const lab = new Lab();
    const length = 100_000;
    const specs = Array.from({ length }, (_, i) => ({ taskId: `t${i}`, deps: i > 0 ? [`t${i - 1}`] : [] }));
    lab.add("W", ...specs, { taskId: "t0", status: "FAILED" });
    expect(lab.scheduler.upstreamStatuses([`t${length - 1}`])).toEqual(["UPSTREAM_FAILED"]);
  });
});
