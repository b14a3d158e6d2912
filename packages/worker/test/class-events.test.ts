import { p, type RunContext, Task } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { recordLog } from "./support.ts";

abstract class Job extends Task.with({ name: p.string() }) {
  override output(): undefined {
    return undefined;
  }
  override run(_context: RunContext): void {
    if (this.name === "bad") throw new Error("no luck");
  }
}

class Load extends Job {}
class NightlyLoad extends Load {}
class Report extends Job {
  override requires() {
    return new NightlyLoad({ name: "good" });
  }
}

let heard: string[];
let ends: (() => void)[];

beforeEach(() => {
  heard = [];
  ends = [];
});

afterEach(() => ends.forEach((end) => end()));

const runQuietly = (tasks: readonly Task[]) => run(tasks, { log: recordLog() });

describe("Task.on()", () => {
  it("hears of tasks of its class and of subclasses, and of no others", async () => {
    ends.push(Load.on("task:succeeded", ({ task }) => void heard.push(String(task))));
    await runQuietly([new Report({ name: "good" }), new Load({ name: "good" })]);
    expect(heard.toSorted()).toEqual(["Load(name=good)", "NightlyLoad(name=good)"]);
  });

  it("hears of all tasks on the class Task", async () => {
    ends.push(Task.on("task:started", ({ task }) => void heard.push(String(task))));
    await runQuietly([new Report({ name: "good" })]);
    expect(heard).toEqual(["NightlyLoad(name=good)", "Report(name=good)"]);
  });

  it("tells base classes first, then the class, then those who listen to the run", async () => {
    ends.push(NightlyLoad.on("task:started", () => void heard.push("class")));
    ends.push(Load.on("task:started", () => void heard.push("base")));
    await run([new NightlyLoad({ name: "good" })], {
      log: recordLog(),
      listen: (events) => events.on("task:started", () => void heard.push("run")),
    });
    expect(heard).toEqual(["base", "class", "run"]);
  });

  it("is ended by what it gives", async () => {
    const end = Load.on("task:started", () => void heard.push("started"));
    end();
    await runQuietly([new Load({ name: "good" })]);
    expect(heard).toEqual([]);
  });

  it("gives the error of a failure, and the parameters of the class without a cast", async () => {
    ends.push(Load.on("task:failed", ({ task, error }) => void heard.push(`${task.name}: ${error.message}`)));
    await runQuietly([new Load({ name: "bad" }), new Load({ name: "good" })]);
    expect(heard).toEqual(["bad: no luck"]);
  });

  it("does not let a listener that throws change anything", async () => {
    ends.push(
      Load.on("task:started", () => {
        throw new Error("no disk");
      }),
    );
    const log = recordLog();
    const { status } = await run([new Load({ name: "good" })], { log });
    expect(status).toBe("SUCCESS");
    expect(log.lines.join("\n")).toContain("A listener of task:started failed: Error: no disk");
  });

  it("hears of what planning finds, of the side that requires", async () => {
    ends.push(
      Report.on(
        "dependency:discovered",
        ({ task, dependency }) => void heard.push(`${task} → ${dependency}`),
      ),
      Load.on("dependency:discovered", () => void heard.push("not of what is required")),
    );
    await runQuietly([new Report({ name: "good" })]);
    expect(heard).toEqual(["Report(name=good) → NightlyLoad(name=good)"]);
  });
});
