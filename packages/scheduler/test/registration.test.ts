import { describe, expect, it } from "vitest";
import { type Command, SchedulerError, type TaskSpec } from "../src/index.ts";
import { Lab } from "./support.ts";

it("keeps the first family, module and parameters", () => {
  const lab = new Lab();
  lab.add("W", { taskId: "A" });
  lab.add("W", { taskId: "A", family: "F", module: "m", params: { a: "1" } });
  lab.add("W", { taskId: "A", family: "G", module: "n", params: { a: "2" } });
  expect(lab.scheduler.task("A")).toMatchObject({ family: "F", module: "m", params: { a: "1" } });
});

it("keeps what a later registration does not name", () => {
  const lab = new Lab();
  const spec: TaskSpec = {
    taskId: "A",
    resources: { db: 2 },
    retry: { retryCount: 1 },
    acceptsMessages: true,
    batchable: true,
    owners: ["a@example.com"],
    label: "Load A",
  };
  lab.add("W", spec);
  lab.add("W", "A");
  expect(lab.scheduler.task("A")).toMatchObject({
    resources: { db: 2 },
    retry: { retryCount: 1 },
    acceptsMessages: true,
    batchable: true,
    owners: ["a@example.com"],
    label: "Load A",
  });
});

it("keeps the time of creation through running and registering again", () => {
  const lab = new Lab();
  lab.at(10);
  lab.add("W", "A");
  lab.at(20, "W");
  lab.take("W");
  lab.done("W", "A");
  lab.at(30, "W");
  lab.add("W", "A");
  expect(lab.scheduler.task("A")?.createdAt).toBe(10_000);
});

it("changes the time of update only with the status", () => {
  const lab = new Lab();
  lab.add("W", "A");
  lab.at(5, "W");
  lab.add("W", "A");
  expect(lab.scheduler.task("A")?.updatedAt).toBe(0);
  lab.take("W");
  lab.at(8, "W");
  lab.add("W", "A");
  expect(lab.scheduler.task("A")?.updatedAt).toBe(5000);
  lab.fail("W", "A");
  expect(lab.scheduler.task("A")?.updatedAt).toBe(8000);
  lab.at(200, "W");
  expect(lab.scheduler.task("A")?.updatedAt).toBe(108_000);
});

it("does not hand a running task to a second worker that registers it", () => {
  const lab = new Lab();
  lab.add("X", "A");
  lab.take("X");
  lab.add("Y", "A");
  expect(lab.take("Y")).toBeNull();
});

describe("a running task that a worker registers", () => {
  const statuses = ["PENDING", "DONE", "FAILED", "DISABLED", "UNKNOWN"] as const;

  it.each(statuses)("as %s keeps its status", (status) => {
    const lab = new Lab();
    lab.add("X", "A");
    lab.take("X");
    lab.add("Y", { taskId: "A", status });
    expect(lab.status("A")).toBe("RUNNING");
    lab.done("X", "A");
    expect(lab.status("A")).toBe("DONE");
  });
});

describe("a worker that cannot tell whether a task is complete", () => {
  it("makes a task UNKNOWN that nobody else can run", () => {
    const lab = new Lab();
    lab.add("W", "A");
    lab.add("W", { taskId: "A", status: "UNKNOWN", explanation: "no such table" });
    expect(lab.scheduler.task("A")).toMatchObject({ status: "UNKNOWN", explanation: "no such table" });
    expect(lab.take("W")).toBeNull();
  });

  it("does not change a DONE task", () => {
    const lab = new Lab();
    lab.add("X", { taskId: "A", status: "DONE" });
    lab.add("Y", { taskId: "A", status: "UNKNOWN" });
    expect(lab.status("A")).toBe("DONE");
  });

  it("does not change a DONE task, nor a disabled one, that it alone registered", () => {
    const lab = new Lab({ retryCount: 1 });
    lab.add("W", { taskId: "A", status: "DONE" }, "B");
    lab.take("W");
    lab.fail("W", "B");
    lab.add("W", { taskId: "A", status: "UNKNOWN" }, { taskId: "B", status: "UNKNOWN" });
    expect([lab.status("A"), lab.status("B")]).toEqual(["DONE", "DISABLED"]);
  });

  it("leaves a task to the worker that can run it", () => {
    const lab = new Lab();
    lab.add("X", "A");
    lab.add("Y", "A");
    lab.add("Y", { taskId: "A", status: "UNKNOWN" });
    expect(lab.take("Y")).toBeNull();
    expect(lab.take("X")).toBe("A");
  });

  it("leaves external data that another worker waits for", () => {
    const lab = new Lab();
    lab.add("X", { taskId: "A", runnable: false });
    lab.add("Y", { taskId: "A", status: "UNKNOWN" });
    expect(lab.status("A")).toBe("PENDING");
  });
});

it("leaves a task disabled that the scheduler disabled, also when a worker cannot look at it", () => {
  const lab = new Lab({
    retryCount: 2,
    disableWindowSeconds: 10,
    retryDelaySeconds: 1,
    disablePersistSeconds: 500,
  });
  lab.add("W", "A");
  for (const at of [0, 1]) {
    lab.at(at, "W");
    lab.take("W");
    lab.fail("W", "A");
  }
  lab.at(100, "W");
  lab.add("W", { taskId: "A", status: "FAILED" });
  expect(lab.scheduler.task("A")).toMatchObject({ status: "DISABLED", failures: 2, disabledUntil: 501_000 });
});

it.each(["UNKNOWN", "PENDING", "DONE", "FAILED", "DISABLED"] as const)(
  "tells once of a new task that is %s",
  (status) => {
    const lab = new Lab();
    const { events } = lab.scheduler.apply(
      { type: "addTasks", worker: "W", tasks: [{ taskId: "A", status }] },
      0,
    );
    expect(events.filter(({ type }) => type === "task:status")).toMatchObject([
      { taskId: "A", from: null, to: status, reason: "registered" },
    ]);
  },
);

describe("refuses with INVALID_COMMAND and changes nothing:", () => {
  const invalid: [string, TaskSpec][] = [
    ["an empty id", { taskId: "" }],
    ["a priority that is not a number", { taskId: "A", priority: NaN }],
    ["a negative need", { taskId: "A", resources: { db: -1 } }],
    ["an infinite need", { taskId: "A", resources: { db: Infinity } }],
    ["a task that requires itself", { taskId: "A", deps: ["A"] }],
    ["an empty requirement", { taskId: "A", deps: [""] }],
    ["requirements that are no list", { taskId: "A", deps: "B" as unknown as string[] }],
    ["a status that nobody can register", { taskId: "A", status: "RUNNING" as "PENDING" }],
  ];

  it.each(invalid)("%s", (_, spec) => {
    const lab = new Lab();
    expect(() => lab.add("W", "first", spec)).toThrow(SchedulerError);
    expect([...lab.scheduler.tasks()]).toEqual([]);
    expect(lab.scheduler.workers()).toEqual([]);
  });

  it("a command that does not exist", () => {
    const apply = () => new Lab().scheduler.apply({ type: "toString" } as unknown as Command, 0);
    expect(apply).toThrow(expect.objectContaining({ code: "INVALID_COMMAND" }));
  });

  it("a time that is not a number", () => {
    expect(() => new Lab().scheduler.tick(NaN)).toThrow(expect.objectContaining({ code: "INVALID_COMMAND" }));
  });

  it.each([-1, 1.5, NaN])("slots %d", (slots) => {
    const lab = new Lab();
    expect(() => lab.work("W", { slots })).toThrow(expect.objectContaining({ code: "INVALID_COMMAND" }));
  });
});
