import { DateInterval, p, type RunContext, Task, Temporal, WrapperTask } from "@leat/core";
import { describe, expect, it } from "vitest";
import { run } from "../src/run.ts";
import { taskModule } from "../src/task-module.ts";
import { taskFromTexts } from "../src/task-recipe.ts";
import { recordLog } from "./support.ts";

declare module "@leat/core" {
  interface RunEvents {
    "rows:counted": { readonly task: Task; readonly rows: number };
  }
}

abstract class Job extends Task {
  override output(): undefined {
    return undefined;
  }
  override run(_context: RunContext): void {}
}

class AllKinds extends Job.with({
  text: p.string(),
  n: p.int(),
  x: p.float(),
  on: p.bool(),
  date: p.date(),
  interval: p.dateInterval(),
  length: p.timeDelta(),
  list: p.list(),
  dict: p.dict(),
  choice: p.choice(["a", "b"]),
  hidden: p.string({ visibility: "hidden" }),
  note: p.string({ significant: false, default: "none" }),
}) {}

const module = taskModule("m.ts", "file:///m.ts", { AllKinds });

describe("a task", () => {
  const args = {
    text: "æ, ø",
    n: -7,
    x: 1e-7,
    on: true,
    date: Temporal.PlainDate.from("2026-11-20"),
    interval: DateInterval.parse("2026-W47"),
    length: Temporal.Duration.from({ hours: 36 }),
    list: [1, ["a"]],
    dict: { b: 1, a: [true] },
    choice: "b",
    hidden: "h",
  } as const;

  function textsOf(task: Task): Record<string, string> {
    const values = task as unknown as Readonly<Record<string, never>>;
    return Object.fromEntries(
      Object.entries(AllKinds.params).map(([name, param]) => [
        name,
        param.type.serialize(values[name] as never),
      ]),
    );
  }

  it("with parameters of every kind is made again from its texts", () => {
    const task = new AllKinds({ ...args, note: "kept" });
    const again = taskFromTexts(
      module,
      "AllKinds",
      JSON.parse(JSON.stringify(textsOf(task))) as Record<string, string>,
    );
    expect([again.id, String(again), textsOf(again)]).toEqual([task.id, String(task), textsOf(task)]);
  });

  it("may leave out what has a default, and nothing else", () => {
    const { note: _note, ...texts } = textsOf(new AllKinds(args));
    expect(taskFromTexts(module, "AllKinds", texts).id).toBe(new AllKinds(args).id);
    const { text: _text, ...tooFew } = texts;
    expect(() => taskFromTexts(module, "AllKinds", tooFew)).toThrow(/AllKinds\.text has no value/);
  });
});

describe("a wrapper class", () => {
  it("can be made by a function, with 1 and with 7 workers", async () => {
    const ran: string[] = [];
    class One extends Job {
      override run(): void {
        ran.push("one");
      }
    }
    class Two extends One {
      override run(): void {
        ran.push("two");
      }
    }
    const wrapping = (Inner: new () => Task) =>
      class Wrapping extends WrapperTask {
        static override get family(): string {
          return `Wrapping${Inner.name}`;
        }
        override requires(): Task {
          return new Inner();
        }
      };
    for (const workers of [1, 7]) {
      ran.length = 0;
      const tasks = [One, Two].map((Inner) => new (wrapping(Inner))());
      expect((await run(tasks, { workers, log: recordLog() })).succeeded).toBe(true);
      expect(ran.toSorted()).toEqual(["one", "two"]);
    }
  });
});

describe("an event of one's own", () => {
  it("is emitted by a running task and heard with its data", async () => {
    class Counting extends Job {
      override run({ emit }: RunContext): void {
        emit("rows:counted", { rows: 3 });
      }
    }
    const heard: string[] = [];
    await run([new Counting()], {
      log: recordLog(),
      listen: (events) => events.on("rows:counted", ({ task, rows }) => void heard.push(`${task} ${rows}`)),
    });
    expect(heard).toEqual(["Counting() 3"]);
  });
});
