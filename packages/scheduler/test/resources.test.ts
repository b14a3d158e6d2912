import { describe, expect, it } from "vitest";
import type { TaskSpec } from "../src/index.ts";
import { Lab } from "./support.ts";

function needs(taskId: string, resources: TaskSpec["resources"], priority = 0): TaskSpec {
  return { taskId, priority, ...(resources === undefined ? {} : { resources }) };
}

describe("resources that better ranked tasks of another worker wait for", () => {
  /** X wants A1, A2 and A3, which need one each; Y wants B, which needs more. */
  const openLab = (limit: number, processes: number) => {
    const lab = new Lab({ resources: { r: limit } });
    lab.register("X", { processes });
    lab.add("X", needs("A1", { r: 1 }, 3), needs("A2", { r: 1 }, 2), needs("A3", { r: 1 }, 1));
    lab.add("Y", needs("B", { r: 2 }));
    lab.work("X", { slots: 0 });
    return lab;
  };

  it("are kept for as many of them as that worker has processes", () => {
    const lab = openLab(3, 2);
    expect(lab.take("Y")).toBeNull();
    expect([lab.take("X"), lab.take("X")]).toEqual(["A1", "A2"]);
  });

  it("are not kept for those that it has no process for, nor beyond what they need", () => {
    expect(openLab(3, 1).take("Y")).toBe("B");
    expect(openLab(4, 2).take("Y")).toBe("B");
    expect(openLab(4, 3).take("Y")).toBeNull();
  });
});

describe("limits", () => {
  it("are 1 for a resource that nobody configured", () => {
    const lab = new Lab();
    lab.add("W", needs("one", { r: 1 }), needs("two", { s: 2 }));
    expect([lab.take("W"), lab.take("W")]).toEqual(["one", null]);
  });

  it("keep a task waiting that needs more, until they are raised", () => {
    const lab = new Lab({ resources: { r: 2 } });
    lab.add("W", needs("A", { r: 3 }));
    expect(lab.take("W")).toBeNull();
    lab.scheduler.setResource({ resource: "r", limit: 3 }, lab.now);
    expect(lab.take("W")).toBe("A");
  });

  it("keep the second task waiting while the first holds the only unit", () => {
    const lab = new Lab();
    lab.add("W", needs("A", { r: 1 }), needs("B", { r: 1 }));
    expect([lab.take("W"), lab.take("W")]).toEqual(["A", null]);
    lab.done("W", "A");
    expect(lab.take("W")).toBe("B");
  });

  it("lowered below the use do not keep tasks waiting that need other resources", () => {
    const lab = new Lab({ resources: { r: 2, s: 1 } });
    lab.add("W", needs("A", { r: 2 }), needs("B", { r: 1 }), needs("C", { s: 1 }));
    lab.take("W");
    lab.scheduler.setResource({ resource: "r", limit: 1 }, lab.now);
    expect([lab.take("W"), lab.take("W")]).toEqual(["C", null]);
  });

  it("are created, changed and set to zero by an operator", () => {
    const lab = new Lab();
    lab.add("W", needs("A", { r: 1 }));
    lab.scheduler.setResource({ resource: "r", limit: 0 }, lab.now);
    expect(lab.take("W")).toBeNull();
    lab.scheduler.setResource({ resource: "r", limit: 1 }, lab.now);
    expect(lab.take("W")).toBe("A");
    expect(lab.scheduler.resources()).toEqual([
      { resource: "r", limit: 1, used: 1, holders: ["A"], waiting: [], waitingTotal: 0 },
    ]);
  });

  it.each([-1, 1.5, "1" as unknown as number, null as unknown as number])("cannot be %j", (limit) => {
    const lab = new Lab();
    const set = () => lab.scheduler.setResource({ resource: "r", limit }, lab.now);
    expect(set).toThrow(expect.objectContaining({ code: "INVALID_COMMAND" }));
    expect(lab.scheduler.resources()).toEqual([]);
  });

  it("let a task run that is registered again with smaller needs", () => {
    const lab = new Lab();
    lab.add("W", needs("A", { r: 2 }));
    expect(lab.take("W")).toBeNull();
    lab.add("W", needs("A", { r: 1 }));
    expect(lab.take("W")).toBe("A");
  });

  it("of two resources are both respected", () => {
    const lab = new Lab({ resources: { r1: 2, r2: 1 } });
    lab.add("W", needs("A", { r1: 1, r2: 1 }), needs("B", { r1: 1, r2: 1 }), needs("C", { r1: 1 }));
    expect([lab.take("W"), lab.take("W"), lab.take("W")]).toEqual(["A", "C", null]);
  });
});

describe("what a running task holds", () => {
  it("is what it needed when it started", () => {
    const lab = new Lab();
    lab.add("W", needs("A", { r: 1 }), needs("B", { r: 1 }), needs("C", { s: 1 }));
    for (let repeat = 0; repeat < 100; repeat++) {
      lab.take("W");
      lab.add("W", needs("A", { s: 1 }), needs("C", { t: 1 }));
    }
    expect(lab.ids("RUNNING")).toEqual(["A", "C"]);
  });

  it("sinks when the task says so, and never grows or sinks below zero", () => {
    const lab = new Lab({ resources: { r: 3 } });
    lab.add("W", needs("A", { r: 3 }), needs("B", { r: 1 }));
    lab.take("W");
    const run = { worker: "W", taskId: "A", token: lab.tokenOf("W", "A") };
    const used = () => lab.scheduler.resources()[0]?.used;
    lab.scheduler.updateRun({ ...run, decreaseResources: { r: 1, other: 5 } }, lab.now);
    expect(used()).toBe(2);
    expect(lab.take("W")).toBe("B");
    lab.scheduler.updateRun({ ...run, decreaseResources: { r: 9 } }, lab.now);
    expect(used()).toBe(1);
    expect(lab.scheduler.task("A")?.resources).toEqual({ r: 3 });
    lab.done("W", "A");
    lab.done("W", "B");
    expect(used()).toBe(0);
  });

  it.each(["DONE", "FAILED", "PENDING"] as const)("is given back when the attempt ends %s", (outcome) => {
    const lab = new Lab();
    lab.add("W", needs("A", { r: 1 }));
    lab.take("W");
    lab.report("W", "A", outcome);
    expect(lab.scheduler.resources()).toEqual([]);
  });

  it("may be fractions, of which nothing is left over", () => {
    const lab = new Lab();
    const ids = Array.from({ length: 11 }, (_, index) => `t${index}`);
    lab.add("W", ...ids.map((id) => needs(id, { r: 0.1 })));
    expect(lab.work("W", { slots: 20 }).assignments.length).toBe(10);
    for (const id of ids.slice(0, 10)) lab.done("W", id);
    expect(lab.scheduler.resources()).toEqual([]);
  });

  it("is given back when its worker falls silent", () => {
    const lab = new Lab();
    lab.add("W", needs("A", { r: 1 }));
    lab.take("W");
    lab.at(10);
    expect(lab.scheduler.resources()).toEqual([]);
  });
});

describe("a waiting task of high priority", () => {
  /** X has asked for work and has A; only then Y registers. */
  function contest(processes: number, ...ofX: TaskSpec[]): Lab {
    const lab = new Lab({ resources: { r: 1 } });
    lab.register("X", { processes });
    lab.work("X");
    lab.add("X", ...ofX);
    lab.add("Y", needs("Y1", { r: 1 }, 1));
    return lab;
  }

  it("keeps the resource for the worker that asks for work", () => {
    const lab = contest(1, needs("X1", { r: 1 }, 5));
    expect(lab.take("Y")).toBeNull();
    expect(lab.take("X")).toBe("X1");
  });

  it("does not keep tasks without needs waiting", () => {
    const lab = contest(1, needs("X1", { r: 1 }, 5));
    lab.add("Y", needs("Y2", undefined, 0));
    expect(lab.take("Y")).toBe("Y2");
  });

  it("keeps nothing for a worker that is still planning and never asked", () => {
    const lab = new Lab({ resources: { r: 1 } });
    lab.add("X", needs("X1", { r: 1 }, 5));
    lab.add("Y", needs("Y1", { r: 1 }, 1));
    expect(lab.take("Y")).toBe("Y1");
  });

  it("keeps nothing for a worker that stopped asking", () => {
    const lab = contest(1, needs("X1", { r: 1 }, 5));
    lab.at(11, "X", "Y");
    expect(lab.take("Y")).toBe("Y1");
  });

  it("keeps nothing for a worker whose only process a better task would take", () => {
    const lab = contest(1, needs("X0", undefined, 9), needs("X1", { r: 1 }, 5));
    expect(lab.take("Y")).toBe("Y1");
  });

  it("keeps the resource for a worker that has a second process", () => {
    const lab = contest(2, needs("X0", undefined, 9), needs("X1", { r: 1 }, 5));
    expect(lab.take("Y")).toBeNull();
  });

  it("keeps nothing while its worker is busy with a better task", () => {
    const lab = contest(1, needs("X0", undefined, 9), needs("X1", { r: 1 }, 5));
    expect(lab.take("X")).toBe("X0");
    expect(lab.take("Y")).toBe("Y1");
  });

  it("keeps the resource while its worker is busy with a lesser task", () => {
    const lab = new Lab({ resources: { r: 1 } });
    lab.add("X", needs("X0", undefined, 0));
    lab.take("X");
    lab.add("X", needs("X1", { r: 1 }, 5));
    lab.add("Y", needs("Y1", { r: 1 }, 1));
    expect(lab.take("Y")).toBeNull();
  });

  it("keeps one of two units", () => {
    const lab = contest(1, needs("X1", { r: 1 }, 5));
    lab.scheduler.setResource({ resource: "r", limit: 2 }, lab.now);
    lab.add("Y", needs("Y2", { r: 1 }, 0));
    expect([lab.take("Y"), lab.take("Y")]).toEqual(["Y1", null]);
  });

  it("keeps both of its resources", () => {
    const lab = new Lab();
    lab.register("X");
    lab.work("X");
    lab.add("X", needs("X1", { r1: 1, r2: 1 }, 5));
    lab.add("Y", needs("Y1", { r1: 1 }, 1), needs("Y2", { r2: 1 }, 1), needs("Y3", { r3: 1 }, 0));
    expect([lab.take("Y"), lab.take("Y")]).toEqual(["Y3", null]);
  });

  it("that waits for two units keeps the free one from a smaller task of its own worker", () => {
    const lab = new Lab({ resources: { r: 2 } });
    lab.register("X", { processes: 3 });
    lab.add("X", needs("first", { r: 1 }, 0));
    lab.take("X");
    lab.add("X", needs("large", { r: 2 }, 5), needs("small", { r: 1 }, 1));
    expect(lab.take("X")).toBeNull();
    lab.done("X", "first");
    expect(lab.take("X")).toBe("large");
  });

  it("that waits for more than better running tasks leave keeps nothing", () => {
    const lab = new Lab({ resources: { r: 2 } });
    lab.register("X", { processes: 3 });
    lab.add("X", needs("first", { r: 1 }, 9));
    lab.take("X");
    lab.add("X", needs("large", { r: 2 }, 5), needs("small", { r: 1 }, 1));
    expect(lab.take("X")).toBe("small");
  });

  it("that needs more than there is keeps nothing", () => {
    const lab = new Lab({ resources: { r: 2 } });
    lab.register("X", { processes: 2 });
    lab.work("X");
    lab.add("X", needs("large", { r: 3 }, 5), needs("small", { r: 1 }, 1));
    expect(lab.take("X")).toBe("small");
  });

  it("that lacks one resource leaves another one that has room for both", () => {
    const lab = new Lab({ resources: { r1: 1, r2: 2 } });
    lab.register("X", { processes: 3 });
    lab.add("X", needs("holder", { r1: 1 }, 9));
    lab.take("X");
    lab.add("X", needs("both", { r1: 1, r2: 1 }, 5), needs("other", { r2: 1 }, 1));
    expect(lab.take("X")).toBe("other");
  });
});
