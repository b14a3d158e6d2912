import { randomUUID } from "node:crypto";
import { MemoryTarget, p, Task, WrapperTask } from "@leat/core";
import { describe, expect, it } from "vitest";
import { run, type RunOptions } from "../src/run.ts";
import { JumpingClock } from "./manual-clock.ts";
import { leatError, recordLog } from "./support.ts";

/** `Upper` requires `Lower`, of which `vanish` says whether somebody removes the output before `Upper` runs. */
function chain() {
  const place = randomUUID();
  const ran: string[] = [];
  class Bottom extends Task {
    override output() {
      return new MemoryTarget(`${place}/bottom`);
    }
    override async run(): Promise<void> {
      ran.push("bottom");
      await this.output().writeText("done");
    }
  }
  class Lower extends Task.with({ n: p.int({ default: 1 }) }) {
    override requires() {
      return new Bottom();
    }
    override output() {
      return new MemoryTarget(`${place}/lower${this.n}`);
    }
    override async run(): Promise<void> {
      ran.push(`lower${this.n}`);
      await this.output().writeText("done");
    }
  }
  class Both extends WrapperTask {
    override requires() {
      return [1, 2].map((n) => new Lower({ n }));
    }
  }
  class Remove extends Task.with({ n: p.int({ default: 1 }) }) {
    override output() {
      return new MemoryTarget(`${place}/removed${this.n}`);
    }
    override requires() {
      return [new Both()];
    }
    override async run(): Promise<void> {
      ran.push("remove");
      await new Lower().output().remove();
      await new Bottom().output().remove();
      await this.output().writeText("done");
    }
  }
  class Upper extends Task.with({ wrapped: p.bool({ default: false }), n: p.int({ default: 1 }) }) {
    override output() {
      return new MemoryTarget(`${place}/upper${this.n}`);
    }
    override requires(): readonly Task[] {
      return [this.wrapped ? new Both() : new Lower(), new Remove()];
    }
    override async run(): Promise<void> {
      ran.push("upper");
      await new Lower().output().readText();
      await this.output().writeText("done");
    }
  }
  return { Bottom, Lower, Both, Remove, Upper, ran };
}

function runWith(tasks: readonly Task[], options: RunOptions = {}) {
  const shared = { clock: new JumpingClock(), log: recordLog(), checkRequirements: true };
  return run(tasks, { ...shared, ...options });
}

describe("what a task requires and what is gone when it is to run", () => {
  it.each([false, true])("is made again, with what that requires (behind a wrapper: %s)", async (wrapped) => {
    const { Upper, ran } = chain();
    const { exitCode, status } = await runWith([new Upper({ wrapped })]);
    expect(ran).toEqual(["bottom", "lower1", "lower2", "remove", "bottom", "lower1", "upper"]);
    expect([exitCode, status]).toEqual([0, "SUCCESS"]);
  });

  it("is not looked at without the option: the task fails where it reads", async () => {
    const { Upper, ran } = chain();
    const { exitCode } = await runWith([new Upper()], { checkRequirements: false });
    expect([exitCode, ran.at(-1)]).toEqual([30, "upper"]);
  });

  it("is made again also when it was there in the plan", async () => {
    const { Upper, Both, ran } = chain();
    await runWith([new Both()]);
    ran.length = 0;
    expect((await runWith([new Upper()])).exitCode).toBe(0);
    expect(ran).toEqual(["remove", "bottom", "lower1", "upper"]);
  });

  it("is made again once for all that require it", async () => {
    const { Upper, ran } = chain();
    const tasks = [1, 2, 3].map((n) => new Upper({ n }));
    expect((await runWith(tasks, { workers: 4 })).exitCode).toBe(0);
    expect(ran.filter((name) => name === "lower1")).toHaveLength(2);
  });

  it.each([
    [0, "is gone: Fleeting()", 1],
    [1, "is gone, after being made again once: Fleeting()", 2],
    [2, "is gone, after being made again 2 times: Fleeting()", 3],
  ])("fails the task that requires it when it was made again %d times at most", async (most, part, runs) => {
    let ran = 0;
    let isFresh = false;
    // It is there for the one look that follows its run.
    class Fleeting extends Task {
      override output(): undefined {
        return undefined;
      }
      override async complete(): Promise<boolean> {
        const answer = isFresh;
        isFresh = false;
        return answer;
      }
      override run(): void {
        ran++;
        isFresh = true;
      }
    }
    class Reader extends Task {
      override requires() {
        return new Fleeting();
      }
      override output() {
        return new MemoryTarget(randomUUID());
      }
      override run(): never {
        throw new Error("it began");
      }
    }
    const task = new Reader();
    const { exitCode, outcomes } = await runWith([task], { maxReschedules: most });
    expect([exitCode, ran]).toEqual([30, runs]);
    expect(outcomes.get(task.id).error).toEqual(
      leatError("TASK_REQUIREMENT_MISSING", "Reader() did not begin", part, "maxReschedules"),
    );
  });

  it("is not asked for where nothing can tell that it is done", async () => {
    let runs = 0;
    class Always extends Task {
      override output(): undefined {
        return undefined;
      }
      override run(): void {
        runs++;
      }
    }
    class Above extends Always {
      override requires() {
        return new Always();
      }
    }
    expect((await runWith([new Above()])).outcomes.isDone(new Above().id)).toBe(true);
    expect(runs).toBe(2);
  });
});

it.each([-1, 1.5])("maxReschedules of %d is refused", async (maxReschedules) => {
  await expect(run([], { maxReschedules })).rejects.toEqual(leatError("OPTION_INVALID", "maxReschedules"));
});
