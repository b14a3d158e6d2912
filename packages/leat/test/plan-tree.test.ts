import { p, Task } from "@leat/core";
import { planTasks } from "@leat/worker";
import { describe, expect, it } from "vitest";
import { planTree } from "../src/plan-tree.ts";

const edges: Readonly<Record<string, readonly string[]>> = {
  all: ["a", "b"],
  a: ["source", "x"],
  b: ["a", "x"],
};

class Node extends Task.with({ name: p.string() }) {
  override requires(): Node[] {
    return (edges[this.name] ?? []).map((name) => new Node({ name }));
  }
  override output(): undefined {
    return undefined;
  }
  override run(): void {}
}

class Chain extends Task.with({ n: p.int() }) {
  override requires(): Chain | undefined {
    return this.n <= 0 ? undefined : new Chain({ n: this.n - 1 });
  }
  override output(): undefined {
    return undefined;
  }
  override run(): void {}
}

class Wide extends Task {
  override requires(): Chain[] {
    // More than a call takes arguments.
    return Array.from({ length: 200_000 }, (_, index) => new Chain({ n: -1 - index }));
  }
  override output(): undefined {
    return undefined;
  }
  override run(): void {}
}

describe("the tree of a plan", () => {
  it("has each task with its requirements once", async () => {
    const plan = await planTasks([new Node({ name: "all" })]);
    expect(planTree(plan, ({ state }) => state)).toBe(
      [
        "Node(name=all): incomplete",
        "├─ Node(name=a): incomplete",
        "│  ├─ Node(name=source): incomplete",
        "│  └─ Node(name=x): incomplete",
        "└─ Node(name=b): incomplete",
        "   ├─ Node(name=a): incomplete (see above)",
        "   └─ Node(name=x): incomplete",
      ].join("\n"),
    );
  });

  it("stops to indent a deep chain", async () => {
    const plan = await planTasks([new Chain({ n: 5000 })]);
    const lines = planTree(plan, () => "").split("\n");
    expect(lines).toHaveLength(5001);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
  });

  it("takes as many requirements as there are", async () => {
    const plan = await planTasks([new Wide()]);
    expect(planTree(plan, () => "").split("\n")).toHaveLength(200_001);
  });
});
