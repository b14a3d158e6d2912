import { expect, it } from "vitest";
import type { TaskSpec } from "../src/index.ts";
import { Lab } from "./support.ts";

function task(taskId: string, priority: number, ...deps: string[]): TaskSpec {
  return { taskId, priority, deps };
}

function takeAll(lab: Lab): string[] {
  const order: string[] = [];
  for (let next = lab.take("W"); next !== null; next = lab.take("W")) {
    order.push(next);
    lab.done("W", next);
  }
  return order;
}

it("hands out by priority, equal ones in the order of first sight, negative ones last", () => {
  const lab = new Lab();
  lab.add("W", task("neg", -1), "zero-1", task("ten", 10), "zero-2", task("one", 1));
  expect(takeAll(lab)).toEqual(["ten", "one", "zero-1", "zero-2", "neg"]);
});

it("gives a requirement the highest priority of what needs it", () => {
  const lab = new Lab();
  lab.add("W", task("X", 10), task("low", 5, "X"), task("A", 8), task("high", 9, "dep"), "dep");
  expect(lab.scheduler.task("dep")?.priority).toBe(9);
  expect(lab.scheduler.task("X")?.priority).toBe(10);
});

it("gives it through chains, in whatever order they are registered", () => {
  const chain = [task("A", 10, "B"), task("B", 5, "C"), task("C", 3, "D"), task("D", 2), task("other", 7)];
  for (const specs of [chain, chain.toReversed()]) {
    const lab = new Lab();
    lab.add("W", ...specs);
    expect(takeAll(lab)).toEqual(["D", "C", "B", "A", "other"]);
  }
});

it("never lowers a priority", () => {
  const lab = new Lab();
  lab.add("W", task("A", 10, "B"), task("B", 1), task("C", 5));
  lab.add("W", task("A", 1, "B"), task("B", 2));
  expect(takeAll(lab)).toEqual(["B", "A", "C"]);
});

it("raises a task that is already ready", () => {
  const lab = new Lab();
  lab.add("W", "A", "B", "C");
  lab.add("W", task("C", 3));
  expect(takeAll(lab)).toEqual(["C", "A", "B"]);
});

it("passes priority on when a requirement in the middle was removed and is registered again", () => {
  const lab = new Lab({ removeDelaySeconds: 1 });
  lab.add("Y", task("B", 1, "C"));
  lab.add("W", task("C", 1, "D"), task("D", 1));
  lab.at(60, "W");
  expect(lab.scheduler.task("B")).toBeUndefined();
  lab.add("W", task("A", 10, "B"), task("B", 1, "C"));
  expect(takeAll(lab)).toEqual(["D", "C", "B", "A"]);
});

it("passes priority on to requirements found while running", () => {
  const lab = new Lab();
  lab.add("W", task("A", 10), task("other", 5));
  lab.take("W");
  lab.report("W", "A", "PENDING", { newDeps: ["B"] });
  lab.add("W", "B");
  expect(takeAll(lab)).toEqual(["B", "A", "other"]);
});

it("passes priority down a chain of 100,000 tasks", () => {
  const lab = new Lab();
  const length = 100_000;
  const specs = Array.from({ length }, (_, i) => task(`t${i}`, 0, ...(i > 0 ? [`t${i - 1}`] : [])));
  lab.add("W", ...specs);
  lab.add("W", task("end", 7, `t${length - 1}`), task("rival", 6));
  expect(lab.scheduler.task("t0")?.priority).toBe(7);
  expect(lab.take("W")).toBe("t0");
});
