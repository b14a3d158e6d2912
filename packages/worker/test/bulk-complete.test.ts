import { p, Task, WrapperTask } from "@leat/core";
import { beforeEach, describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { leatError, nodeName, planOf, recordLog, statesOf } from "./support.ts";

let asked: string[][];
let checkedAlone: string[];
let done: Set<string>;

beforeEach(() => {
  asked = [];
  checkedAlone = [];
  done = new Set();
});

abstract class Checked extends Task.with({ name: p.string() }) {
  override output(): undefined {
    return undefined;
  }
  override async complete(): Promise<boolean> {
    checkedAlone.push(this.name);
    return done.has(this.name);
  }
  override run(): void {
    done.add(this.name);
  }
}

class Bulk extends Checked {
  static override async bulkComplete(tasks: readonly Bulk[]): Promise<Bulk[]> {
    asked.push(tasks.map(({ name }) => name));
    return tasks.filter(({ name }) => done.has(name));
  }
  override requires(): Bulk | undefined {
    return this.name.includes("/") ? new Bulk({ name: this.name.slice(2) }) : undefined;
  }
}

class Single extends Checked {
  override requires() {
    return new Bulk({ name: this.name });
  }
}

const bulk = (name: string) => new Bulk({ name });

describe("bulkComplete()", () => {
  it("is asked once for all tasks of the class, instead of each of them", async () => {
    done = new Set(["b"]);
    const plan = await planOf([bulk("a"), bulk("b"), bulk("c")]);
    expect(asked).toEqual([["a", "b", "c"]]);
    expect(checkedAlone).toEqual([]);
    expect(statesOf(plan)).toEqual(["a: incomplete", "b: complete", "c: incomplete"]);
  });

  it("is asked when no more of the class can come from other tasks", async () => {
    await planOf([new Single({ name: "x" }), bulk("a"), new Single({ name: "y" })]);
    expect(asked.map((names) => names.toSorted())).toEqual([["a", "x", "y"]]);
  });

  it("is asked once for each layer of tasks that require their own class", async () => {
    await planOf([bulk("2/1/x"), bulk("2/1/y"), bulk("2/1/z")]);
    expect(asked).toEqual([
      ["2/1/x", "2/1/y", "2/1/z"],
      ["1/x", "1/y", "1/z"],
      ["x", "y", "z"],
    ]);
  });

  it("answers for a wrapper what that asks about", async () => {
    class All extends WrapperTask.with({ name: p.string({ default: "all" }) }) {
      override requires() {
        return [bulk("a"), bulk("b")];
      }
    }
    done = new Set(["a", "b"]);
    expect(statesOf(await planOf([new All()]))).toEqual(["all: complete"]);
    expect(asked).toEqual([["a", "b"]]);
  });

  it("that throws breaks all of them, and the others run", async () => {
    class Failing extends Checked {
      static override bulkComplete(): never {
        throw new Error("no listing");
      }
    }
    const { summary } = await run([new Failing({ name: "a" }), new Failing({ name: "b" }), bulk("c")], {
      log: recordLog(),
    });
    expect(summary.schedulingFailed.map(nodeName)).toEqual(["a", "b"]);
    expect(summary.succeeded.map(nodeName)).toEqual(["c"]);
  });

  it.each([[undefined], ["abc"], [["a"]], [true]])(
    "that gives %o breaks them with a clear error",
    async (answer) => {
      class Wrong extends Checked {
        static override bulkComplete(): never {
          return answer as never;
        }
      }
      const task = new Wrong({ name: "a" });
      const plan = await planOf([task]);
      expect(plan.tasks.get(task.id)?.error).toEqual(
        leatError("COMPLETE_INVALID", "bulkComplete() of Wrong gives", "Return those of the given tasks"),
      );
    },
  );

  it("may give tasks that it was not asked about, which changes nothing", async () => {
    class Generous extends Checked {
      static override bulkComplete(): Iterable<Task> {
        return new Set([bulk("elsewhere"), new Generous({ name: "b" })]);
      }
    }
    const tasks = [new Generous({ name: "a" }), new Generous({ name: "b" })];
    expect(statesOf(await planOf(tasks))).toEqual(["a: incomplete", "b: complete"]);
  });
});
