import { p, type Task, WrapperTask } from "@leat/core";
import { describe, expect, it } from "vitest";
import { graphOf, leatError, planOf } from "./support.ts";

class Ring extends WrapperTask.with({ n: p.int(), size: p.int() }) {
  override requires(): Ring {
    return new Ring({ n: (this.n + 1) % this.size, size: this.size });
  }
}

class Entrance extends WrapperTask {
  override requires(): Task[] {
    return [new Ring({ n: 0, size: 2 })];
  }
}

describe("tasks that require each other", () => {
  it("are refused, with the way round", async () => {
    const { node } = graphOf({ start: ["a"], a: ["b"], b: ["c"], c: ["a"] });
    await expect(planOf([node("start")])).rejects.toEqual(
      leatError(
        "CYCLE",
        "in a circle: Node(name=a) → Node(name=b) → Node(name=c) → Node(name=a).",
        "Remove one of these requirements.",
      ),
    );
  });

  it("are refused when a task requires itself", async () => {
    const { node } = graphOf({ a: ["a"] });
    await expect(planOf([node("a")])).rejects.toEqual(leatError("CYCLE", "Node(name=a) → Node(name=a)"));
  });

  it("are refused among wrappers, which wait for each other's answers", async () => {
    await expect(planOf([new Entrance()])).rejects.toEqual(
      leatError("CYCLE", "Ring(n=0, size=2) → Ring(n=1, size=2) → Ring(n=0, size=2)"),
    );
  });

  it("are refused when a wrapper wraps itself", async () => {
    await expect(planOf([new Ring({ n: 0, size: 1 })])).rejects.toEqual(
      leatError("CYCLE", "Ring(n=0, size=1) → Ring(n=0, size=1)"),
    );
  });

  it("are refused when the circle goes through wrappers and others", async () => {
    const { Node } = graphOf({});
    class Group extends WrapperTask {
      override requires(): Task {
        return new Back({ name: "x" });
      }
    }
    class Back extends Node {
      override requires(): never[] {
        return [new Group()] as never[];
      }
    }
    await expect(planOf([new Group()])).rejects.toEqual(
      leatError("CYCLE", "Group() → Back(name=x) → Group()"),
    );
  });

  it("are named up to ten when the circle is long", async () => {
    await expect(planOf([new Ring({ n: 0, size: 100_000 })])).rejects.toEqual(
      leatError("CYCLE", "Ring(n=9, size=100000) → … 99990 more … → Ring(n=0, size=100000)"),
    );
  });

  it("do not keep a circle unnoticed when other tasks are complete", async () => {
    const { node } = graphOf({ a: ["done", "b"], b: ["a"] }, ["done"]);
    await expect(planOf([node("a")])).rejects.toEqual(leatError("CYCLE"));
  });
});
