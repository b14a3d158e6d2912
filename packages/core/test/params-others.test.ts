import { tmpdir } from "node:os";
import { Param, type ParseContext, p, Task, Temporal, UsageError } from "@leat/core";
import { describe, expect, it } from "vitest";
import { canonical, Job, leatError } from "./support.ts";

const invalid = leatError("PARAMETER_INVALID");

describe("p.path", () => {
  it.each([
    ["", "."],
    ["a//b/./c/", "a/b/c"],
    ["./a", "a"],
    ["/", "/"],
    ["//a", "//a"],
    ["///a", "/a"],
    ["a/../b", "a/../b"],
    ["~/a", "~/a"],
    ["a b", "a b"],
  ])("reads %j as %j", (text, expected) => {
    expect(canonical(p.path(), text)).toBe(expected);
  });

  it("can be made absolute", () => {
    const param = p.path({ absolute: true });
    expect(canonical(param, "a/../b")).toBe(`${process.cwd()}/a/../b`);
    expect(canonical(param, "/a/")).toBe("/a");
  });

  it("can be required to exist", () => {
    const param = p.path({ exists: true });
    expect(canonical(param, tmpdir())).toBe(tmpdir());
    expect(() => param.parse("/no/such/path", "T.x")).toThrow(
      leatError("PARAMETER_INVALID", "/no/such/path", "nothing is there"),
    );
  });

  it("refuses what is no string", () => {
    expect(() => p.path().check(new URL("file:///a"), "T.x")).toThrow(invalid);
  });
});

class Songs extends Job.with({ date: p.date() }) {
  static override readonly namespace: string = "etl";
}

describe("p.taskClass", () => {
  const context: ParseContext = {
    taskClass(family) {
      if (family === Songs.family) return Songs;
      throw new UsageError("TASK_NOT_FOUND", `There is no task ${family}.`);
    },
  };

  it("takes a class and writes its family", () => {
    class Range extends Job.with({ of: p.taskClass() }) {}
    const range = new Range({ of: Songs });
    expect(range.of).toBe(Songs);
    expect(String(range)).toBe("Range(of=etl.Songs)");
  });

  it("looks up a family where the text comes from", () => {
    expect(p.taskClass().parse("etl.Songs", "Range.of", context)).toBe(Songs);
    expect(() => p.taskClass().parse("Song", "Range.of", context)).toThrow(
      leatError("PARAMETER_INVALID", "Range.of", "There is no task Song."),
    );
    expect(() => p.taskClass().parse("etl.Songs", "Range.of")).toThrow(
      leatError("PARAMETER_INVALID", "no tasks are known here"),
    );
  });

  it.each([["etl.Songs"], [Map], [() => Songs], [null]])("refuses %s", (value) => {
    expect(() => p.taskClass().check(value, "Range.of")).toThrow(invalid);
  });
});

describe("p.optional", () => {
  it("takes null for nothing, which is the default", () => {
    class T extends Job.with({ limit: p.optional(p.int()) }) {}
    expect(new T().limit).toBeNull();
    expect(new T({ limit: null }).limit).toBeNull();
    expect(new T({ limit: 3 }).limit).toBe(3);
    const make = (args: unknown) => () => new T(args as never);
    expect(make({ limit: "3" })).toThrow(leatError("PARAMETER_INVALID", "T.limit", "or nothing"));
  });

  it("keeps a default that the parameter has", () => {
    class T extends Job.with({ limit: p.optional(p.int({ default: 5 })) }) {}
    expect(new T().limit).toBe(5);
    expect(new T({ limit: null }).limit).toBeNull();
  });

  it.each<[string, Param<any>]>([
    ["string", p.string()],
    ["int", p.int()],
    ["float", p.float()],
    ["numerical", p.numerical("int", { minimum: 5 })],
    ["bool", p.bool()],
    ["date", p.date()],
    ["choice", p.choice(["a"])],
    ["dict", p.dict()],
    ["list", p.list()],
    ["path", p.path()],
    ["time delta", p.timeDelta()],
  ])("of a %s reads empty text as null and writes it as empty text", (_what, param) => {
    const optional = p.optional(param);
    expect(optional.parse("", "T.x")).toBeNull();
    expect(optional.type.serialize(null)).toBe("");
    expect("successor" in optional.type).toBe(false);
  });

  it("takes a value whose text is empty for null, as their ids are the same", () => {
    expect(p.optional(p.string()).check("", "T.x")).toBeNull();
    expect(p.optional(p.choiceList(["a"])).check([], "T.x")).toBeNull();
    expect(p.optional(p.string()).check("None", "T.x")).toBe("None");
  });

  it("passes on where families are looked up", () => {
    const context: ParseContext = { taskClass: () => Songs };
    expect(p.optional(p.taskClass()).parse("etl.Songs", "T.x", context)).toBe(Songs);
  });

  it("keeps description, significance and visibility", () => {
    const inner = p.int({ description: "Rows.", significant: false, visibility: "hidden" });
    expect(p.optional(inner)).toMatchObject({
      description: "Rows.",
      significant: false,
      visibility: "hidden",
    });
  });

  it("combines the values that are there", () => {
    const highest = p.optional(p.int({ batch: (values) => Math.max(...values) }));
    expect(highest.parseBatch(["3", "", "7"], "T.x")).toBe(7);
    expect(highest.parseBatch(["", ""], "T.x")).toBeNull();
  });
});

describe("a batch", () => {
  const highest = p.int({ batch: (values) => Math.max(...values) });

  it("combines values, not texts", () => {
    expect(highest.parseBatch(["7", "17", "5"], "T.x")).toBe(17);
    const last = p.string({ batch: (values) => values.toSorted().at(-1) as string });
    expect(last.parseBatch(["7", "17", "5"], "T.x")).toBe("7");
  });

  it("gives a value that the parameter accepts", () => {
    const joined = p.choice(["a", "b"], { batch: (values) => values.join() as never });
    expect(() => joined.parseBatch(["a", "b"], "T.x")).toThrow(leatError("PARAMETER_INVALID", '"a,b"'));
    const latest = p.date({
      batch: (days) => days.reduce((one, two) => (Temporal.PlainDate.compare(one, two) < 0 ? two : one)),
    });
    expect(String(latest.parseBatch(["2026-11-20", "2026-11-21", "2026-11-19"], "T.x"))).toBe("2026-11-21");
  });

  it("is refused without values, without a function and for texts that do not parse", () => {
    expect(() => highest.parseBatch([], "T.x")).toThrow(leatError("PARAMETER_INVALID", "no values"));
    expect(() => p.int().parseBatch(["1"], "T.x")).toThrow(leatError("PARAMETER_INVALID", "no `batch`"));
    expect(() => highest.parseBatch(["1", "x"], "T.x")).toThrow(leatError("PARAMETER_INVALID", '"x"'));
  });
});

describe("Param", () => {
  it("says whether it is part of the id", () => {
    expect(p.int().identifies).toBe(true);
    expect(p.int({ significant: false }).identifies).toBe(false);
    expect(p.int({ visibility: "hidden" }).identifies).toBe(false);
    expect(p.int({ visibility: "private" }).identifies).toBe(false);
  });

  it("knows whether it has a default, also of 0, false and nothing", () => {
    expect(p.int().hasDefault).toBe(false);
    for (const param of [p.int({ default: 0 }), p.bool(), p.string({ default: "" }), p.optional(p.int())]) {
      expect(param.hasDefault).toBe(true);
    }
  });

  it("names parameter, value, reason and cure in its error, and keeps the cause", () => {
    let error: unknown;
    try {
      p.date().parse("2026-02-30", "Songs.date");
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      message:
        'Parameter Songs.date does not accept "2026-02-30": there is no such day. Give a date such as 2026-11-20.',
      cause: expect.any(RangeError),
    });
  });

  it("can be shared by classes", () => {
    const shared = p.int();
    class A extends Job.with({ a: shared }) {}
    class B extends Task.with({ b: shared }) {
      override output() {
        return undefined;
      }
      override run() {}
    }
    expect([new A({ a: 1 }).a, new B({ b: 2 }).b]).toEqual([1, 2]);
  });
});
