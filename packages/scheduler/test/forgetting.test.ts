import { describe, expect, it } from "vitest";
import type { TaskSpec } from "../src/index.ts";
import { Lab } from "./support.ts";

describe("a DONE task beyond its retention that another one requires", () => {
  const openLab = () => {
    const lab = new Lab({ doneRetentionSeconds: 100 });
    lab.add("W", { taskId: "Base", status: "DONE" }, { taskId: "Next", deps: ["Base"], runnable: false });
    lab.at(150, "W");
    return lab;
  };

  it("goes when the last one lets go of it", () => {
    const lab = openLab();
    expect(lab.status("Base")).toBe("DONE");
    lab.add("W", { taskId: "Next", deps: [], runnable: false });
    lab.at(151, "W");
    expect(lab.status("Base")).toBeUndefined();
  });

  it("is kept for the whole time again once it was registered again", () => {
    const lab = openLab();
    lab.add("W", { taskId: "Base", status: "DONE" });
    lab.add("W", { taskId: "Next", deps: [], runnable: false });
    lab.at(249, "W");
    expect(lab.status("Base")).toBe("DONE");
    lab.at(250, "W");
    expect(lab.status("Base")).toBeUndefined();
  });
});

it("keeps what only an assistant named for the delay of removal", () => {
  const lab = new Lab({ removeDelaySeconds: 100 });
  const register = (deps: string[]) =>
    lab.scheduler.addTasks({ worker: "helper", assistant: true, tasks: [{ taskId: "A", deps }] }, lab.now);
  register(["Named"]);
  lab.at(50, "helper");
  register([]);
  lab.at(99, "helper");
  expect(lab.status("Named")).toBe("UNKNOWN");
  lab.at(100, "helper");
  expect(lab.status("Named")).toBeUndefined();
});

describe("a forgotten task that others require", () => {
  /** X says much of Base and dies; Next, which Y cares about, requires it. */
  const forget = (said: Partial<TaskSpec>, before: (lab: Lab) => void = () => undefined) => {
    const lab = new Lab({ removeDelaySeconds: 100, workerTimeoutSeconds: 10, retryCount: 5 });
    lab.add("X", { taskId: "Base", family: "F", batchable: true, acceptsMessages: true, ...said });
    before(lab);
    lab.add("Y", { taskId: "Next", deps: ["Other"] });
    const helped = { taskId: "Next", deps: ["Base"] };
    lab.scheduler.addTasks({ worker: "Y", assistant: true, tasks: [helped] }, lab.now);
    lab.at(10 + 1000, "Y");
    return lab;
  };
  const recordOf = (lab: Lab, id: string) =>
    [...lab.scheduler.snapshot()].find((part) => part.kind === "task" && part.id === id);
  const nothing = {
    status: "UNKNOWN",
    runnable: false,
    batchable: false,
    acceptsMessages: false,
    workerDisabled: false,
    resources: {},
    deps: [],
    runners: [],
    stakeholders: [],
    failures: null,
    details: null,
    expired: true,
    removeAt: null,
  };

  it("is a name, and nothing else that was said of it", () => {
    const lab = forget({ resources: { r: 1 }, owners: ["o"], label: "l", deps: ["Deep"] });
    expect(recordOf(lab, "Base")).toMatchObject(nothing);
    expect(lab.status("Deep")).toBeUndefined();
  });

  it("is run by nobody, also while an assistant lives that could", () => {
    const lab = new Lab({ removeDelaySeconds: 100 });
    const register = (worker: string, assistant: boolean, task: TaskSpec) =>
      lab.scheduler.addTasks({ worker, assistant, tasks: [task] }, lab.now);
    register("helper", true, { taskId: "Base" });
    register("Y", false, { taskId: "Next" });
    register("helper", true, { taskId: "Next", deps: ["Base"] });
    lab.at(100, "helper", "Y");
    expect(recordOf(lab, "Base")).toMatchObject(nothing);
  });

  it("has no failures left", () => {
    const lab = forget({}, (before) => {
      before.take("X");
      before.fail("X", "Base");
    });
    expect(recordOf(lab, "Base")).toMatchObject(nothing);
  });

  it("is not disabled any more", () => {
    expect(recordOf(forget({ status: "DISABLED" }), "Base")).toMatchObject(nothing);
  });
});

it("keeps each answer of a task for as long as messages live, whatever else falls due", () => {
  const lab = new Lab({ messageTtlSeconds: 60, retryDelaySeconds: 30 });
  lab.add("W", { taskId: "A", acceptsMessages: true });
  lab.take("W");
  for (const messageId of ["taken", "kept"]) {
    lab.scheduler.respond({ taskId: "A", messageId, response: messageId }, lab.now);
  }
  lab.fail("W", "A");
  lab.at(59, "W");
  expect(lab.status("A")).toBe("PENDING");
  const take = (messageId: string) =>
    lab.scheduler.takeResponse({ taskId: "A", messageId }, lab.now).response;
  expect(take("taken")).toBe("taken");
  lab.at(60, "W");
  expect(take("kept")).toBeNull();
});

it("keeps what a run was found to need for the worker that cares about the task, and not for an assistant", () => {
  const keepersOf = (assistant: boolean) => {
    const lab = new Lab({ removeDelaySeconds: 100 });
    lab.scheduler.addTasks({ worker: "W", assistant, tasks: [{ taskId: "A" }] }, lab.now);
    lab.take("W");
    lab.report("W", "A", "PENDING", { newDeps: ["Found"] });
    const part = [...lab.scheduler.snapshot()].find((each) => each.kind === "task" && each.id === "Found");
    return part?.kind === "task" ? [part.stakeholders, part.removeAt] : undefined;
  };
  expect(keepersOf(false)).toEqual([["W"], null]);
  expect(keepersOf(true)).toEqual([[], 100_000]);
});
