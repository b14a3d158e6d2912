import {
  EventBus,
  externalize,
  ExternalTask,
  LocalTarget,
  MemoryTarget,
  p,
  Task,
  WrapperTask,
} from "@leat/core";
import { describe, expect, it } from "vitest";
import {
  deferred,
  graphOf,
  leatError,
  nodeName,
  planOf,
  recordEvents,
  recordLog,
  statesOf,
  until,
} from "./support.ts";

/** A task that does nothing, for tests that give it one wrong member. */
abstract class Job extends Task {
  override output(): undefined {
    return undefined;
  }
  override run(): void {}
}

/** A task and a wrapper, each called as it is in any other module. */
function moduleWith(file: string, others: readonly Task[] = []) {
  const output = new MemoryTarget(file);
  class Load extends Job {
    override requires(): readonly Task[] {
      return others;
    }
    override output() {
      return output as never;
    }
  }
  class All extends WrapperTask {
    override requires(): readonly Task[] {
      return [new Load(), ...others];
    }
  }
  return { Load, All, output };
}

describe("tasks of two classes with one name", () => {
  class Top extends Job {
    readonly required: readonly Task[];
    constructor(required: readonly Task[]) {
      super();
      this.required = required;
    }
    override requires(): readonly Task[] {
      return this.required;
    }
  }
  const sales = moduleWith("sales");
  const stock = moduleWith("stock");
  const both = leatError(
    "TASK_AMBIGUOUS",
    "Load()",
    "of one they make",
    "of the other they make",
    "namespace",
  );
  const errorsOf = async (tasks: readonly Task[]) =>
    Array.from((await planOf(tasks)).tasks.values(), ({ error }) => error).filter(
      (error) => error !== undefined,
    );

  it("are refused where one would pass for the other, also when the first is complete", async () => {
    for (const isComplete of [false, true]) {
      if (isComplete) await sales.output.writeText("");
      const direct = new Top([new sales.Load(), new stock.Load()]);
      const wrapped = new (moduleWith("x", [new stock.Load(), new sales.Load()]).All)();
      const apart = new Top([new sales.All(), new (moduleWith("stock").Load)()]);
      for (const top of [direct, wrapped, apart]) expect(await errorsOf([top])).toEqual([both]);
    }
    await sales.output.remove();
  });

  it("are refused when one requires the other, and when both are asked for", async () => {
    const upper = new (moduleWith("stock", [new sales.Load()]).Load)();
    expect(await errorsOf([upper])).toEqual([both]);
    await expect(planOf([new sales.Load(), new stock.Load()])).rejects.toEqual(both);
  });

  it("are refused when they make nothing, and require different tasks", async () => {
    const top = new Top([new sales.All(), new stock.All()]);
    const error = leatError("TASK_AMBIGUOUS", "All()", "require Load(), of the other they require");
    const other = moduleWith("x", [new Top([])]);
    expect((await planOf([new Top([new sales.All(), new other.All()])])).tasks.get(top.id)?.error).toEqual(
      error,
    );
  });

  it("are one where they make the same, as a class and what is externalized of it", async () => {
    const top = new Top([
      new sales.Load(),
      new (externalize(sales.Load))(),
      new (moduleWith("sales").Load)(),
    ]);
    expect(await errorsOf([top])).toEqual([]);
  });
});

describe("plan", () => {
  it("puts requirements before what requires them, each pipeline to its end", async () => {
    const { node } = graphOf({ all: ["x", "y"], x: ["x1"], y: ["y1"], x1: ["source"], y1: ["source"] });
    const plan = await planOf([node("all")]);
    expect([...plan.tasks.values()].map(({ task }) => nodeName(task))).toEqual([
      "source",
      "x1",
      "x",
      "y1",
      "y",
      "all",
    ]);
    expect(plan.requested).toEqual([node("all").id]);
  });

  it("gives the same order whichever check is answered first", async () => {
    const shape = { all: ["a", "b", "c"], a: ["d"], b: ["d", "e"], c: ["e"] };
    const orders = await Promise.all([1, 2, 3].map((turn) => orderOf(shape, turn)));
    expect(orders).toEqual([orders[0], orders[0], orders[0]]);
  });

  it("asks a task once that several require, and that is requested twice", async () => {
    const { node, checked, asked } = graphOf({ a: ["c", "c"], b: ["c"] });
    const plan = await planOf([node("a"), node("b"), node("a")]);
    expect(checked.toSorted()).toEqual(["a", "b", "c"]);
    expect(asked.toSorted()).toEqual(["a", "b", "c"]);
    expect(plan.requested).toEqual([node("a").id, node("b").id]);
    expect(plan.tasks.get(node("a").id)?.requires).toEqual([node("c").id]);
  });

  it("does not look at what a complete task requires", async () => {
    const { node, checked, asked } = graphOf({ a: ["b"], b: ["c"] }, ["b"]);
    const plan = await planOf([node("a")]);
    expect(statesOf(plan)).toEqual(["b: complete", "a: incomplete"]);
    expect(checked).toEqual(["a", "b"]);
    expect(asked).toEqual(["a"]);
  });

  it("checks as many tasks at a time as it may, and no more", async () => {
    const gate = deferred();
    let active = 0;
    let most = 0;
    class Slow extends Job.with({ n: p.int() }) {
      override async complete(): Promise<boolean> {
        most = Math.max(most, ++active);
        await gate.promise;
        active--;
        return true;
      }
    }
    const planned = planOf(
      Array.from({ length: 20 }, (_, n) => new Slow({ n })),
      { concurrency: 7 },
    );
    await until(() => active === 7);
    gate.resolve();
    await planned;
    expect(most).toBe(7);
  });

  it("looks at targets: a task is complete when all its outputs are there", async () => {
    class Two extends Task {
      override output(): MemoryTarget[] {
        return [new MemoryTarget("plan/one"), new MemoryTarget("plan/two")];
      }
      override run(): void {}
    }
    const stateOf = async () => (await planOf([new Two()])).tasks.get(new Two().id)?.state;
    await new MemoryTarget("plan/one").writeText("");
    expect(await stateOf()).toBe("incomplete");
    await new MemoryTarget("plan/two").writeText("");
    expect(await stateOf()).toBe("complete");
  });

  it("calls an external task missing that is not there, and says so", async () => {
    class Given extends ExternalTask {
      override output(): LocalTarget {
        return new LocalTarget("/nowhere/given");
      }
      override requires(): never {
        throw new Error("What an external task requires is nobody's business.");
      }
    }
    const log = recordLog();
    const plan = await planOf([new Given()], { log });
    expect(plan.tasks.get(new Given().id)?.state).toBe("missing");
    expect(log.lines).toEqual(["warn Given() is external and not there: what requires it has to wait."]);
  });

  it("plans nothing for an empty list", async () => {
    expect(await planOf([])).toEqual({ requested: [], tasks: new Map(), needs: new Map() });
  });

  it("refuses what is not a task", async () => {
    await expect(planOf(["x" as never])).rejects.toEqual(leatError("DEPENDENCY_INVALID", "Cannot run x"));
  });

  it("rejects with the reason of an abort and begins no more checks", async () => {
    const { node, checked } = graphOf({ a: ["b"], b: ["c"] });
    const abort = new AbortController();
    const events = new EventBus(recordLog());
    events.on("dependency:discovered", () => abort.abort(new Error("enough")));
    await expect(planOf([node("a")], { events, signal: abort.signal })).rejects.toThrow("enough");
    expect(checked).toEqual(["a"]);
  });

  it("rejects at once when the signal is aborted before", async () => {
    const { node, checked } = graphOf({});
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(planOf([node("a")], { signal })).rejects.toThrow("too late");
    expect(checked).toEqual([]);
  });

  it("lets timers have their turn while it plans thousands of tasks that never wait", async () => {
    let hadTurn = false;
    setImmediate(() => (hadTurn = true));
    // More work than fits between two turns, however fast the machine is.
    class Next extends Job.with({ n: p.int({ default: 0 }) }) {
      override requires(): Task[] {
        return hadTurn ? [] : [new Next({ n: this.n + 1 })];
      }
      override async complete(): Promise<boolean> {
        return false;
      }
    }
    await planOf([new Next()]);
    expect(hadTurn).toBe(true);
  });
});

async function orderOf(shape: Readonly<Record<string, readonly string[]>>, turn: number): Promise<string[]> {
  const { Node, node } = graphOf(shape);
  // Each turn delays other checks, by some rounds of the event loop.
  Node.prototype.complete = async function delayed(): Promise<boolean> {
    const rounds = ((this.name.codePointAt(0) ?? 0) * turn) % 5;
    for (let round = 0; round < rounds; round++) await new Promise((resolve) => setImmediate(resolve));
    return false;
  };
  return [...(await planOf([node("all")])).tasks.values()].map(({ task }) => nodeName(task));
}

describe("events of planning", () => {
  it("tells of each requirement once, and of what is complete or missing", async () => {
    const { node } = graphOf({ a: ["b", "b", "c"] }, ["c"]);
    const events = new EventBus(recordLog());
    const seen = recordEvents(
      events,
      ["dependency:discovered", "dependency:present", "dependency:missing"] as const,
      (name, event) =>
        "dependency" in event
          ? `${nodeName(event.task)} requires ${nodeName(event.dependency)}`
          : `${name} ${nodeName(event.task)}`,
    );
    await planOf([node("a")], { events });
    expect(seen).toEqual(["a requires b", "a requires c", "dependency:present c"]);
  });
});

describe("a broken task", () => {
  class Broken extends Job.with({ how: p.string() }) {
    override requires(): Task {
      if (this.how === "requires") throw new Error("no requirements today");
      return (this.how === "target" ? new LocalTarget("x") : "a text") as never;
    }
    override async complete(): Promise<boolean> {
      if (this.how === "complete") throw new TypeError("cannot tell");
      if (this.how === "nothing") throw undefined;
      return (this.how === "number" ? 1 : false) as boolean;
    }
  }

  const outcomes: [how: string, error: unknown][] = [
    ["complete", expect.objectContaining({ name: "TypeError", message: "cannot tell" })],
    ["nothing", expect.objectContaining({ message: "A value that is no error was thrown: undefined" })],
    ["requires", expect.objectContaining({ message: "no requirements today" })],
    ["number", leatError("COMPLETE_INVALID", "complete() of Broken(how=number) gives 1", "true or false")],
    [
      "target",
      leatError(
        "DEPENDENCY_INVALID",
        "requires() of Broken(how=target) gives",
        "LocalTarget",
        "ExternalTask",
      ),
    ],
    ["text", leatError("DEPENDENCY_INVALID", 'the string "a text"', "Give tasks")],
  ];

  it.each(outcomes)("keeps what went wrong (%s), and the rest is planned", async (how, error) => {
    const { node } = graphOf({});
    const plan = await planOf([new Broken({ how }), node("fine")]);
    const broken = plan.tasks.get(new Broken({ how }).id);
    expect(broken?.state).toBe("broken");
    expect(broken?.error).toEqual(error);
    expect(plan.tasks.get(node("fine").id)?.state).toBe("incomplete");
  });

  it("is told by an event and a log line", async () => {
    const log = recordLog();
    const events = new EventBus(log);
    const seen = recordEvents(events, ["task:broken"] as const, (_, { error }) => error.message);
    await planOf([new Broken({ how: "requires" })], { log, events });
    expect(seen).toEqual(["no requirements today"]);
    expect(log.lines).toEqual(["error Cannot plan Broken(how=requires): no requirements today"]);
  });

  it("may be one of which nothing can be asked", async () => {
    class Unruly extends Job {
      override get isExternal(): never {
        throw new Error("not even that");
      }
      override toString(): never {
        throw new Error("nor that");
      }
    }
    const log = recordLog();
    const plan = await planOf([new Unruly()], { log });
    expect(plan.tasks.get(new Unruly().id)).toMatchObject({
      state: "broken",
      error: { message: "not even that" },
    });
    expect(log.lines).toEqual([`error Cannot plan ${new Unruly().id}: not even that`]);
  });

  const wrong: [member: string, values: Partial<Task>, message: string][] = [
    ["priority", { priority: Number.NaN }, "priority of Tuned() is NaN. Give a finite number."],
    ["timeoutSeconds", { timeoutSeconds: 0 }, "timeoutSeconds of Tuned() is 0. Give a number above 0"],
    ["timeoutSeconds", { timeoutSeconds: Number.NaN }, "timeoutSeconds of Tuned() is NaN."],
    ["resources", { resources: { db: -1 } }, "resources.db of Tuned() is -1. Give a number of at least 0."],
  ];

  it.each(wrong)("has a %s that makes no sense", async (_, values, message) => {
    class Tuned extends Job {}
    Object.entries(values).forEach(([name, value]) =>
      Object.defineProperty(Tuned.prototype, name, { get: () => value }),
    );
    const plan = await planOf([new Tuned()]);
    expect(plan.tasks.get(new Tuned().id)?.error).toEqual(leatError("OPTION_INVALID", message));
  });
});
