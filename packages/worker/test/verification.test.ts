import { LocalTarget, MemoryTarget, p, Task, WrapperTask } from "@leat/core";
import { describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { leatError, recordLog } from "./support.ts";

/** Runs one task and gives what became of it. */
async function outcomeOf(task: Task, log = recordLog()) {
  const { outcomes } = await run([task], { log });
  return outcomes.get(task.id);
}

class Making extends Task.with({ outputs: p.int(), makes: p.int() }) {
  override output(): MemoryTarget[] {
    return Array.from({ length: this.outputs }, (_, n) => new MemoryTarget(`${this.id}/${n}`));
  }
  override async run(): Promise<void> {
    for (const target of this.output().slice(0, this.makes)) await target.writeText("");
  }
}

describe("after run()", () => {
  it("a task has succeeded when its outputs are there", async () => {
    expect((await outcomeOf(new Making({ outputs: 3, makes: 3 }))).state).toBe("succeeded");
  });

  it("a task has failed that did not make an output; the message names it", async () => {
    const task = new Making({ outputs: 3, makes: 2 });
    const missing = `${task.id}/2`;
    expect((await outcomeOf(task)).error).toEqual(
      leatError(
        "TASK_INCOMPLETE",
        `Making(outputs=3, makes=2) ran to its end, but it did not make ${missing}.`,
        "Make run() write it, or correct output().",
      ),
    );
  });

  it("a failure names five of many missing outputs and counts the others", async () => {
    const task = new Making({ outputs: 12, makes: 0 });
    expect((await outcomeOf(task)).error).toEqual(
      leatError("TASK_INCOMPLETE", `${task.id}/4 and 7 more`, "write them"),
    );
  });

  it("a rule of one's own decides, and a failure says that it still says false", async () => {
    class Stubborn extends Task {
      override output(): undefined {
        return undefined;
      }
      override async complete(): Promise<boolean> {
        return false;
      }
      override run(): void {}
    }
    expect((await outcomeOf(new Stubborn())).error).toEqual(
      leatError("TASK_INCOMPLETE", "complete() still says false. Make complete() true after run()."),
    );
  });

  it("a rule of one's own that disagrees with the outputs is told", async () => {
    class Odd extends Making {
      override async complete(): Promise<boolean> {
        return false;
      }
    }
    expect((await outcomeOf(new Odd({ outputs: 1, makes: 1 }))).error).toEqual(
      leatError("TASK_INCOMPLETE", "complete() says false while all outputs exist. Make the two agree."),
    );
  });

  it("a complete() that gives no boolean has failed the task", async () => {
    const answers: unknown[] = [false, "yes"];
    class Vague extends Making {
      override async complete(): Promise<boolean> {
        return answers.shift() as boolean;
      }
    }
    expect((await outcomeOf(new Vague({ outputs: 1, makes: 1 }))).error).toEqual(
      leatError("COMPLETE_INVALID", "complete() of Vague(outputs=1, makes=1) gives yes"),
    );
  });

  it("a task without outputs has succeeded, and is told that it will run every time", async () => {
    const log = recordLog();
    const task = new Making({ outputs: 0, makes: 0 });
    expect((await outcomeOf(task, log)).state).toBe("succeeded");
    expect(log.lines).toContain(
      "warn Making(outputs=0, makes=0): It has no output, so it runs every time. Give it an output, or a complete() of its own.",
    );
  });

  it("an output whose store cannot tell has failed the task with what the store says", async () => {
    class Unreachable extends LocalTarget {
      #checks = 0;
      override async exists(): Promise<boolean> {
        if (this.#checks++ === 0) return false;
        throw new Error("no answer from the store");
      }
    }
    const target = new Unreachable("x");
    class Uncertain extends Task {
      override output(): LocalTarget {
        return target;
      }
      override run(): void {}
    }
    expect((await outcomeOf(new Uncertain())).error).toMatchObject({ message: "no answer from the store" });
  });

  it("a wrapper needs no second look at what it wraps", async () => {
    let checks = 0;
    class Once extends Making {
      override async complete(): Promise<boolean> {
        checks++;
        return super.complete();
      }
    }
    class All extends WrapperTask {
      override requires(): Task {
        return new Once({ outputs: 1, makes: 1 });
      }
    }
    expect((await outcomeOf(new All())).state).toBe("succeeded");
    expect(checks).toBe(2);
  });
});
