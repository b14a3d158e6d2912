import { type Absence, memoizedCheck, MemoryTarget, p, Task, WrapperTask } from "@leat/core";
import { beforeEach, describe, expect, it } from "vitest";

let asked: string[];
let done: Set<string>;

beforeEach(() => {
  asked = [];
  done = new Set();
});

class Part extends Task.with({ name: p.string() }) {
  override output(): undefined {
    return undefined;
  }
  override async complete(): Promise<boolean> {
    asked.push(this.name);
    return done.has(this.name);
  }
  override run(): void {}
}

/** Complete when its requirements are, and nothing else. */
class Report extends Part {
  override requires() {
    return { first: new Part({ name: "a" }), others: [new Part({ name: "b" })] };
  }
  override complete(...[check]: Parameters<Task["complete"]>): Promise<boolean> {
    return this.requirementsComplete(check);
  }
}

class All extends WrapperTask {
  override requires() {
    return [new Report({ name: "r" }), new Part({ name: "a" }), new Part({ name: "b" })];
  }
}

describe("requirementsComplete()", () => {
  it("is true when all that the task requires is complete", async () => {
    const report = new Report({ name: "r" });
    done.add("a");
    expect(await report.complete()).toBe(false);
    done.add("b");
    expect(await report.complete()).toBe(true);
  });

  it("asks through the check that it is given", async () => {
    const through: string[] = [];
    const check = async (task: Task) => through.push(String(task)) > 0;
    expect(await new Report({ name: "r" }).complete(check)).toBe(true);
    expect(through).toEqual(["Part(name=a)", "Part(name=b)"]);
    expect(asked).toEqual([]);
  });

  it("is true for a task that requires nothing", async () => {
    expect(await new Part({ name: "a" }).requirementsComplete()).toBe(true);
  });
});

describe("memoizedCheck()", () => {
  it("asks each task once, also what others ask about, and keeps the answers", async () => {
    done.add("a").add("b");
    const check = memoizedCheck();
    expect(await check(new All())).toBe(true);
    expect(asked.toSorted()).toEqual(["a", "b"]);
    done.clear();
    expect(await check(new Part({ name: "a" }))).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it("keeps nothing for another check", async () => {
    await memoizedCheck()(new Part({ name: "a" }));
    await memoizedCheck()(new Part({ name: "a" }));
    expect(asked).toEqual(["a", "a"]);
  });
});

describe("complete()", () => {
  it("tells a check which outputs are lacking, and why", async () => {
    class Two extends Part {
      override output(): never {
        return [new MemoryTarget("check/there"), new MemoryTarget("check/absent")] as never;
      }
      override complete(...args: Parameters<Task["complete"]>): Promise<boolean> {
        return Task.prototype.complete.apply(this, args);
      }
    }
    await new MemoryTarget("check/there").writeText("x");
    let lacking: readonly Absence[] = [];
    const check = Object.assign(async () => true, {
      lacking: (targets: readonly Absence[]) => void (lacking = targets),
    });
    expect(await new Two({ name: "two" }).complete(check)).toBe(false);
    expect(lacking.map(({ target, reason }) => [String(target), reason])).toEqual([
      ["check/absent", undefined],
    ]);
  });
});
