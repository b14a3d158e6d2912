import { ExternalTask, LeatError, MemoryTarget, p, Target, Task, TargetError, WrapperTask } from "@leat/core";
import { describe, expect, it } from "vitest";
import { Job, leatError } from "./support.ts";

let made = 0;
const newName = (): string => `task-graph-${++made}`;

class Source extends ExternalTask.with({ name: p.string() }) {
  override output(): MemoryTarget {
    return new MemoryTarget(`source/${this.name}`);
  }
}

class Copy extends Task.with({ name: p.string() }) {
  override requires() {
    return {
      main: new Source({ name: this.name }),
      others: [new Source({ name: "other" })],
      none: undefined,
    };
  }
  override output() {
    return {
      copy: new MemoryTarget(`copy/${this.name}`),
      more: { log: new MemoryTarget(`log/${this.name}`) },
    };
  }
  override run(): void {}
}

class Copies extends WrapperTask.with({ names: p.string() }) {
  override requires() {
    return this.names.split(",").map((name) => new Source({ name }));
  }
}

/** A store that cannot be reached. */
class Unreachable extends Target {
  override async exists(): Promise<boolean> {
    throw new TargetError("TARGET_UNAVAILABLE", "No connection.");
  }
  override toString(): string {
    return "unreachable";
  }
}

describe("input()", () => {
  it("gives the outputs of what is required, in the same shape", () => {
    const { main, others, none } = new Copy({ name: "a" }).input();
    expect(main.path).toBe("source/a");
    expect(others.map((target) => target.path)).toEqual(["source/other"]);
    expect(none).toBeUndefined();
  });

  it("is a list for a list and nothing for nothing", () => {
    const inputs = new Copies({ names: "a,b" }).input();
    expect(inputs.map((target) => target.path)).toEqual(["source/a", "source/b"]);
    expect(new Source({ name: "a" }).input()).toBeUndefined();
  });
});

describe("complete()", () => {
  it("is true when every output exists", async () => {
    const task = new Copy({ name: newName() });
    const { copy, more } = task.output();
    expect(await task.complete()).toBe(false);
    await copy.writeText("x");
    expect(await task.complete()).toBe(false);
    await more.log.writeText("x");
    expect(await task.complete()).toBe(true);
  });

  it("is false for a task without outputs", async () => {
    class Nothing extends Job {}
    expect(await new Nothing().complete()).toBe(false);
  });

  it("fails when a store cannot tell", async () => {
    class Lost extends Job.with({ n: p.int() }) {
      override output(): never {
        return [new Unreachable()] as never;
      }
    }
    await expect(new Lost({ n: 1 }).complete()).rejects.toThrow(leatError("TARGET_UNAVAILABLE"));
  });

  it("refuses an output that is no target", async () => {
    class Wrong extends Job {
      override output(): undefined {
        return "x.txt" as never;
      }
    }
    await expect(new Wrong().complete()).rejects.toThrow(leatError("OUTPUT_INVALID", '"x.txt"'));
  });
});

describe("ExternalTask", () => {
  it("is external, complete when its output exists, and cannot run", async () => {
    const source = new Source({ name: newName() });
    expect(source.isExternal).toBe(true);
    expect(await source.complete()).toBe(false);
    await source.output().writeText("x");
    expect(await source.complete()).toBe(true);
    expect(() => source.run()).toThrow(leatError("TASK_EXTERNAL", `Source(name=${source.name})`));
  });

  it("names the task in its error", () => {
    const source = new Source({ name: "a" });
    let error: unknown;
    try {
      source.run();
    } catch (thrown) {
      error = thrown;
    }
    expect(LeatError.is(error) && error.details["taskId"]).toBe(source.id);
  });
});

describe("WrapperTask", () => {
  it("is complete when all that it requires is complete", async () => {
    const [first, second] = [newName(), newName()];
    const wrapper = new Copies({ names: `${first},${second}` });
    expect(wrapper.output()).toBeUndefined();
    expect(wrapper.isExternal).toBe(false);
    await new Source({ name: first }).output().writeText("x");
    expect(await wrapper.complete()).toBe(false);
    await new Source({ name: second }).output().writeText("x");
    expect(await wrapper.complete()).toBe(true);
  });

  it("asks through the check that it is given", async () => {
    const asked: string[] = [];
    const check = async (task: Task): Promise<boolean> => {
      asked.push((task as Source).name);
      return true;
    };
    expect(await new Copies({ names: "a,b" }).complete(check)).toBe(true);
    expect(asked).toEqual(["a", "b"]);
  });

  it("is complete when it requires nothing", async () => {
    class Empty extends WrapperTask {}
    expect(await new Empty().complete()).toBe(true);
  });
});

describe("the defaults of a task", () => {
  it("need nothing, ask for nothing and limit nothing", () => {
    class Plain extends Job {}
    const { priority, resources, timeoutSeconds, isExternal, retry, disabled, owners, acceptsMessages } =
      new Plain();
    expect({
      priority,
      resources,
      timeoutSeconds,
      isExternal,
      retry,
      disabled,
      owners,
      acceptsMessages,
    }).toEqual({
      priority: 0,
      resources: {},
      timeoutSeconds: undefined,
      isExternal: false,
      retry: undefined,
      disabled: false,
      owners: [],
      acceptsMessages: false,
    });
    expect(Plain.maxBatchSize).toBe(Infinity);
    expect(new Plain().requires()).toBeUndefined();
  });
});
