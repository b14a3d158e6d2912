import { p, Task, WrapperTask } from "@leat/core";
import { describe, expect, it } from "vitest";
import { graphOf, planOf, recordLog } from "./support.ts";

/** A wrapper around tasks that a test gives by name. */
function wrapperOf(members: Readonly<Record<string, () => readonly Task[]>>) {
  return class Group extends WrapperTask.with({ group: p.string() }) {
    override requires(): readonly Task[] {
      return members[this.group]?.() ?? [];
    }
  };
}

describe("planning wrappers", () => {
  it("asks what they wrap once, for the wrapper and for itself", async () => {
    const { node, checked } = graphOf({}, ["a"]);
    const Group = wrapperOf({
      both: () => [node("a"), node("b")],
      all: () => [new Group({ group: "both" }), node("b")],
    });
    const plan = await planOf([new Group({ group: "all" })]);
    expect(checked.toSorted()).toEqual(["a", "b"]);
    expect(Array.from(plan.tasks.values(), ({ task, state }) => `${task}: ${state}`)).toEqual([
      "Node(name=a): complete",
      "Node(name=b): incomplete",
      "Group(group=both): incomplete",
      "Group(group=all): incomplete",
    ]);
  });

  it("finds them complete when all that they wrap is, or when they wrap nothing", async () => {
    const { node } = graphOf({}, ["a", "b"]);
    const Group = wrapperOf({ both: () => [node("a"), node("b")] });
    const tasks = [new Group({ group: "both" }), new Group({ group: "empty" })];
    const plan = await planOf(tasks);
    expect(tasks.map(({ id }) => plan.tasks.get(id)?.state)).toEqual(["complete", "complete"]);
  });

  it("gives the places of waiting wrappers to those that they wait for", async () => {
    const { node } = graphOf({});
    const Group = wrapperOf(
      Object.fromEntries(
        Array.from({ length: 50 }, (_, level): [string, () => Task[]] => [
          `level ${level}`,
          () => [level === 49 ? node("end") : new Group({ group: `level ${level + 1}` })],
        ]),
      ),
    );
    const plan = await planOf([new Group({ group: "level 0" })], { concurrency: 1 });
    expect(plan.tasks.size).toBe(51);
  });

  it("plans the healthy part of what they wrap when another part is broken", async () => {
    const { Node, node } = graphOf({});
    class Broken extends Node {
      override async complete(): Promise<boolean> {
        throw new Error("cannot tell");
      }
    }
    const broken = new Broken({ name: "x" });
    const Group = wrapperOf({
      inner: () => [broken, node("fine")],
      outer: () => [new Group({ group: "inner" })],
    });
    const log = recordLog();
    const plan = await planOf([new Group({ group: "outer" })], { log });
    expect(Array.from(plan.tasks.values(), ({ task, state }) => `${task}: ${state}`)).toEqual([
      "Broken(name=x): broken",
      "Node(name=fine): incomplete",
      "Group(group=inner): incomplete",
      "Group(group=outer): incomplete",
    ]);
    expect(log.lines).toEqual(["error Cannot plan Broken(name=x): cannot tell"]);
  });

  it("calls a wrapper broken whose own requires() throws", async () => {
    const Group = wrapperOf({
      all: () => {
        throw new Error("no members today");
      },
    });
    const group = new Group({ group: "all" });
    const plan = await planOf([group]);
    expect(plan.tasks.get(group.id)).toMatchObject({
      state: "broken",
      error: { message: "no members today" },
    });
  });

  it("hands errors to a complete() of one's own that asks about others", async () => {
    const { Node } = graphOf({});
    class Broken extends Node {
      override async complete(): Promise<boolean> {
        throw new Error("cannot tell");
      }
    }
    class Careful extends WrapperTask {
      override requires(): Task {
        return new Broken({ name: "x" });
      }
      override async complete(check: (task: Task) => Promise<boolean>): Promise<boolean> {
        return check(this.requires()).catch(() => true);
      }
    }
    const plan = await planOf([new Careful()]);
    expect(plan.tasks.get(new Careful().id)?.state).toBe("complete");
  });
});
