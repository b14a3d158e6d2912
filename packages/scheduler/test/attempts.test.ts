import { describe, expect, it } from "vitest";
import { Lab } from "./support.ts";

describe("a report", () => {
  it("is accepted once; repeated, it is refused and changes nothing", () => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.take("W");
    expect(lab.fail("W", "A").accepted).toBe(true);
    expect(lab.fail("W", "A")).toMatchObject({ accepted: false, status: "FAILED", retryAt: 100_000 });
    expect(lab.scheduler.task("A")?.failures).toBe(1);
  });

  it("with the token of an earlier attempt does not end the present one", () => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.take("W");
    const old = lab.tokenOf("W", "A");
    lab.fail("W", "A");
    lab.scheduler.forgive({ taskId: "A" }, lab.now);
    lab.take("W");
    expect(lab.report("W", "A", "DONE", { token: old })).toMatchObject({
      accepted: false,
      status: "RUNNING",
    });
    expect(lab.done("W", "A").accepted).toBe(true);
  });

  it("is refused for a task other than that of the token", () => {
    const lab = new Lab();
    lab.add("W", "A", "B");
    lab.take("W");
    expect(lab.report("W", "B", "DONE", { token: lab.tokenOf("W", "A") }).accepted).toBe(false);
    expect(lab.status("A")).toBe("RUNNING");
  });

  it("for a task that is not there says so", () => {
    const lab = new Lab();
    expect(lab.done("W", "A")).toEqual({
      accepted: false,
      status: null,
      retryAt: null,
      session: "",
      workerState: "active",
    });
  });

  it("does not undo what an operator marked as done", () => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.take("W");
    lab.scheduler.markDone({ taskId: "A" }, lab.now);
    expect(lab.fail("W", "A")).toMatchObject({ accepted: false, status: "DONE" });
  });

  it("of a worker that was silent too long is refused", () => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.add("Y", "A");
    lab.take("W");
    lab.at(20, "Y");
    expect(lab.status("A")).toBe("FAILED");
    expect(lab.done("W", "A")).toMatchObject({ accepted: false, status: "FAILED" });
    lab.add("Y", { taskId: "A", status: "DONE" });
    expect(lab.status("A")).toBe("DONE");
  });
});

describe("lost assignments", () => {
  it("are sent again with the same token until the worker names them", () => {
    const lab = new Lab();
    lab.add("W", "A", "B");
    const first = lab.assign("W", { running: [] });
    for (let repeat = 0; repeat < 10; repeat++) expect(lab.assign("W", { running: [] })).toEqual(first);
    expect(lab.take("W", { running: [lab.tokenOf("W", "A")] })).toBe("B");
  });

  it("come before new ones, best rank first", () => {
    const lab = new Lab();
    lab.add("W", "A", "B", "C");
    lab.take("W");
    lab.take("W");
    const [a, b] = [lab.tokenOf("W", "A"), lab.tokenOf("W", "B")];
    expect(lab.take("W", { running: [] })).toBe("A");
    expect(lab.take("W", { running: [b] })).toBe("A");
    expect(lab.take("W", { running: [a] })).toBe("B");
    expect(lab.take("W", { running: [a, b] })).toBe("C");
  });

  it("are not sent again to a worker that does not say what it runs", () => {
    const lab = new Lab();
    lab.add("W", "A", "B");
    expect([lab.take("W"), lab.take("W"), lab.take("W")]).toEqual(["A", "B", null]);
  });

  it("fill only the free slots", () => {
    const lab = new Lab();
    lab.add("W", "A", "B", "C");
    lab.work("W", { slots: 2 });
    const { assignments } = lab.work("W", { slots: 1, running: [] });
    expect(assignments.map(({ taskId }) => taskId)).toEqual(["A"]);
  });

  it("are sent again while paused", () => {
    const lab = new Lab();
    lab.add("W", "A", "B");
    lab.take("W");
    lab.scheduler.setPaused({ paused: true }, lab.now);
    expect(lab.work("W", { slots: 5, running: [] }).assignments.map(({ taskId }) => taskId)).toEqual(["A"]);
  });
});

describe("slots", () => {
  it("hand out that many tasks in one call", () => {
    const lab = new Lab();
    lab.add("W", "A", "B", "C");
    const taken = (slots: number) => lab.work("W", { slots }).assignments.map(({ taskId }) => taskId);
    expect(taken(2)).toEqual(["A", "B"]);
    expect(taken(2)).toEqual(["C"]);
  });

  it("0 only asks for the counts", () => {
    const lab = new Lab();
    lab.add("W", "A");
    expect(lab.work("W", { slots: 0 })).toMatchObject({ assignments: [], pending: 1 });
  });
});

describe("an attempt", () => {
  it("carries what a worker needs to run the task", () => {
    const lab = new Lab({ epoch: "e7" });
    lab.add("W", { taskId: "A", family: "F", module: "m", params: { a: "1" } });
    expect(lab.assign("W")).toEqual({
      taskId: "A",
      family: "F",
      module: "m",
      params: { a: "1" },
      token: "e7-1",
      attempt: 1,
    });
  });

  it("counts the failures before it", () => {
    const lab = new Lab({ retryDelaySeconds: 1 });
    lab.add("W", "A");
    lab.take("W");
    lab.fail("W", "A");
    lab.at(1, "W");
    expect(lab.assign("W")?.attempt).toBe(2);
  });

  it("that is no longer wanted is named as stale by a heartbeat", () => {
    const lab = new Lab();
    lab.add("W", "A", "B");
    lab.work("W", { slots: 2 });
    const running = [lab.tokenOf("W", "A"), lab.tokenOf("W", "B")];
    lab.scheduler.markDone({ taskId: "A" }, lab.now);
    expect(lab.scheduler.heartbeat({ worker: "W", running }, lab.now).stale).toEqual([running[0]]);
  });
});

describe("an update of a run", () => {
  it("sets what it names and keeps the rest, also what the task declared", () => {
    const lab = new Lab();
    lab.add("W", { taskId: "A", resources: { db: 1 }, retry: { retryCount: 7 }, acceptsMessages: true });
    lab.take("W");
    const run = { worker: "W", taskId: "A", token: lab.tokenOf("W", "A") };
    lab.scheduler.updateRun({ ...run, trackingUrl: "http://job/1" }, lab.now);
    lab.scheduler.updateRun({ ...run, statusMessage: "half", progressPercentage: 50 }, lab.now);
    expect(lab.scheduler.task("A")).toMatchObject({
      trackingUrl: "http://job/1",
      statusMessage: "half",
      progressPercentage: 50,
      resources: { db: 1 },
      retry: { retryCount: 7 },
      acceptsMessages: true,
    });
  });

  it("is refused with an old token", () => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.take("W");
    const token = lab.tokenOf("W", "A");
    lab.done("W", "A");
    const reply = lab.scheduler.updateRun({ worker: "W", taskId: "A", token, trackingUrl: "x" }, lab.now);
    expect(reply).toEqual({ accepted: false });
    expect(lab.scheduler.task("A")?.trackingUrl).toBeUndefined();
  });

  it.each(["DONE", "FAILED"] as const)("leaves a tracking URL that survives %s", (outcome) => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.take("W");
    const run = { worker: "W", taskId: "A", token: lab.tokenOf("W", "A") };
    lab.scheduler.updateRun({ ...run, trackingUrl: "http://job/1" }, lab.now);
    lab.add("Y", "A");
    lab.report("W", "A", outcome);
    expect(lab.scheduler.task("A")?.trackingUrl).toBe("http://job/1");
  });

  it("leaves a tracking URL, text and progress that a new attempt drops", () => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.take("W");
    const run = { worker: "W", taskId: "A", token: lab.tokenOf("W", "A") };
    lab.scheduler.updateRun({ ...run, trackingUrl: "u", statusMessage: "s", progressPercentage: 1 }, lab.now);
    lab.fail("W", "A");
    lab.add("W", "A");
    lab.take("W");
    const task = lab.scheduler.task("A");
    expect([task?.trackingUrl, task?.statusMessage, task?.progressPercentage]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
