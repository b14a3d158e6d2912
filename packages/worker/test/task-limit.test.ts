import { describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { graphOf, leatError, nodeName, recordLog } from "./support.ts";

/** Two pipelines, and a task that requires both. */
const TREE = { top: ["x", "y"], x: ["x1", "x2"], y: ["y1", "y2"] };

describe("a run that may do so many tasks", () => {
  it.each([
    [1, ["x1"]],
    [3, ["x1", "x2", "x"]],
    [6, ["x1", "x2", "x", "y1", "y2", "y"]],
    [7, ["x1", "x2", "x", "y1", "y2", "y", "top"]],
  ])("does %d, each after what it requires, and says what it leaves", async (taskLimit, expected) => {
    const { node, ran } = graphOf(TREE);
    const log = recordLog();
    const { exitCode, summary } = await run([node("top")], { taskLimit, log });
    expect(ran).toEqual(expected);
    expect(exitCode).toBe(taskLimit === 7 ? 0 : 25);
    expect(summary.pending.map(nodeName)).toHaveLength(7 - taskLimit);
    const said = log.lines.filter((line) => line.includes("its limit"));
    expect(said).toEqual(
      taskLimit === 7
        ? []
        : [`warn The run does ${taskLimit} of 7 tasks, its limit. The rest is left for a later run.`],
    );
  });

  it("comes to the end in several runs: what is done takes no place", async () => {
    const { node, ran } = graphOf(TREE);
    for (const expected of [3, 6, 7]) {
      await run([node("top")], { taskLimit: 3, log: recordLog() });
      expect(ran).toHaveLength(expected);
    }
  });

  it("gives no place to what cannot run", async () => {
    const { node, Node, ran } = graphOf({ top: ["stuck", "y"], stuck: ["bad"] });
    class Bad extends Node {
      override requires(): never {
        throw new Error("cannot tell");
      }
    }
    const { requires } = Node.prototype;
    Node.prototype.requires = function () {
      return this.name === "stuck" ? [new Bad({ name: "bad" })] : requires.call(this);
    };
    await run([node("top")], { taskLimit: 1, log: recordLog() });
    expect(ran).toEqual(["y"]);
  });

  it.each([0, -1, 1.5])("takes no limit of %d", async (taskLimit) => {
    await expect(run([], { taskLimit })).rejects.toEqual(leatError("OPTION_INVALID", "taskLimit"));
  });
});
