import { deepEqual, notDeepEqual } from "node:assert/strict";
import { inspect } from "node:util";
import { Task, Temporal, p } from "@leat/core";
import { describe, expect, it } from "vitest";
import { Job, leatError } from "./support.ts";

const day = Temporal.PlainDate.from("2026-11-20");

class Report extends Job.with({
  date: p.date(),
  country: p.choice(["se", "rs"]),
  top: p.int({ default: 10 }),
}) {}

describe("a task", () => {
  it("has its parameters as properties, defaults included", () => {
    const report = new Report({ date: day, country: "se" });
    expect(report.date.toString()).toBe("2026-11-20");
    expect(report.country).toBe("se");
    expect(report.top).toBe(10);
  });

  it("takes the default for a value of undefined", () => {
    expect(new Report({ date: day, country: "se", top: undefined }).top).toBe(10);
  });

  it("is identified by its family and its parameters, as in Luigi", () => {
    class T extends Job.with({ n: p.int(), date: p.date() }) {}
    const date = Temporal.PlainDate.from("2012-01-01");
    expect(new T({ n: 5, date }).id).toBe("T_2012_01_01_5_90a01d2fbc");
  });

  it("prints as family and significant parameters in their order", () => {
    expect(String(new Report({ date: day, country: "se" }))).toBe(
      "Report(date=2026-11-20, country=se, top=10)",
    );
    class Bare extends Job {}
    expect(String(new Bare())).toBe("Bare()");
  });

  it("cannot be changed", () => {
    const report = new Report({ date: day, country: "se" }) as unknown as Record<string, unknown>;
    expect(() => (report["top"] = 3)).toThrow(TypeError);
    expect(() => (report["id"] = "other")).toThrow(TypeError);
    expect(() => delete report["top"]).toThrow(TypeError);
    expect(report["top"]).toBe(10);
  });

  it("equals a task of the same class and values, and no other", () => {
    expect(new Report({ date: day, country: "se" })).toEqual(
      new Report({ date: day, country: "se", top: 10 }),
    );
    expect(new Report({ date: day, country: "se" })).not.toEqual(new Report({ date: day, country: "rs" }));
    const nextDay = new Report({ date: day.add({ days: 1 }), country: "se" });
    deepEqual(new Report({ date: day, country: "se" }), new Report({ date: day, country: "se" }));
    notDeepEqual(new Report({ date: day, country: "se" }), nextDay);
  });

  it("is shown as its text by console.log", () => {
    expect(inspect(new Report({ date: day, country: "se" }))).toBe(
      "Report(date=2026-11-20, country=se, top=10)",
    );
  });

  it("does not let a field take the place of a parameter", () => {
    class Shadow extends Job.with({ top: p.int() }) {
      override readonly top = 7;
    }
    expect(() => new Shadow({ top: 3 })).toThrow(TypeError);
  });

  it("leaves the fields of its class as they are", () => {
    class WithField extends Job.with({ top: p.int() }) {
      readonly double = 2 * this.top;
    }
    expect(new WithField({ top: 4 }).double).toBe(8);
  });
});

describe("arguments of a task", () => {
  const make = (args: unknown) => () => new Report(args as never);

  it("must contain every parameter without a default", () => {
    expect(make({ date: day })).toThrow(leatError("PARAMETER_MISSING", "Report.country", "se, rs"));
    expect(make(undefined)).toThrow(leatError("PARAMETER_MISSING", "Report.date"));
  });

  it("must not contain anything else", () => {
    expect(make({ date: day, country: "se", contry: "rs" })).toThrow(
      leatError("PARAMETER_UNKNOWN", 'Report has no parameter "contry"', "date, country, top"),
    );
    class Bare extends Job {}
    expect(() => new Bare({ toString: 1 } as never)).toThrow(
      leatError("PARAMETER_UNKNOWN", '"toString"', "takes no parameters"),
    );
  });

  it("are checked, not trusted", () => {
    expect(make({ date: "2026-11-20", country: "se" })).toThrow(
      leatError("PARAMETER_INVALID", "Report.date", '"2026-11-20"', "a date such as"),
    );
    expect(make({ date: day, country: "hr" })).toThrow(
      leatError("PARAMETER_INVALID", "Report.country", '"hr"', "one of se, rs"),
    );
    expect(make({ date: day, country: null })).toThrow(
      leatError("PARAMETER_INVALID", "Report.country", "null"),
    );
  });
});

describe("Task.with", () => {
  it("puts inherited parameters first and moves those declared again to the end", () => {
    class Base extends Job.with({ b: p.int(), a: p.int() }) {}
    class Derived extends Base.with({ c: p.int(), b: p.int({ default: 2 }) }) {}
    expect(Object.keys(Derived.params)).toEqual(["a", "c", "b"]);
    expect(String(new Derived({ a: 1, c: 3 }))).toBe("Derived(a=1, c=3, b=2)");
    expect(Object.keys(Base.params)).toEqual(["b", "a"]);
  });

  it("shares parameters by spreading", () => {
    class Copy extends Job.with({ ...Report.params, copies: p.int() }) {}
    expect(new Copy({ date: day, country: "rs", copies: 2 }).top).toBe(10);
  });

  it("keeps methods and statics of the class it is called on", () => {
    abstract class Base extends Job.with({ n: p.int() }) {
      static override readonly namespace = "etl";
      twice(): number {
        return 2 * this.n;
      }
    }
    class Derived extends Base.with({ m: p.int() }) {}
    expect(new Derived({ n: 4, m: 1 }).twice()).toBe(8);
    expect(Derived.family).toBe("etl.Derived");
  });

  it.each(["run", "id", "requires", "toString", "constructor", "hasOwnProperty"])(
    "refuses the name of a member: %s",
    (name) => {
      expect(() => Task.with({ [name]: p.int() } as never)).toThrow(
        leatError("PARAMETER_DECLARATION_INVALID", `"${name}"`, "Task has a member"),
      );
    },
  );

  it("refuses the name of a member that a base class adds", () => {
    abstract class Loader extends Job {
      rows(): number {
        return 0;
      }
    }
    expect(() => Loader.with({ rows: p.int() } as never)).toThrow(
      leatError("PARAMETER_DECLARATION_INVALID", '"rows"', "Loader has a member"),
    );
  });

  it.each(["", "top-k", "1st", "a b", "a.b"])("refuses a name that is no identifier: %j", (name) => {
    expect(() => Task.with({ [name]: p.int() })).toThrow(
      leatError("PARAMETER_DECLARATION_INVALID", "not an identifier"),
    );
  });

  it("freezes what was declared", () => {
    expect(Object.isFrozen(Report.params)).toBe(true);
  });
});

describe("family", () => {
  it("is the name of the class, after its namespace", () => {
    class Plain extends Job {}
    class Spaced extends Job {
      static override readonly namespace: string = "my_namespace";
    }
    class Inherits extends Spaced {}
    class Back extends Spaced {
      static override readonly namespace = "";
    }
    expect([Plain.family, Spaced.family, Inherits.family, Back.family]).toEqual([
      "Plain",
      "my_namespace.Spaced",
      "my_namespace.Inherits",
      "Back",
    ]);
    expect(String(new Inherits())).toBe("my_namespace.Inherits()");
  });

  it("can be chosen", () => {
    class Renamed extends Job.with({ a: p.int() }) {
      static override readonly family = "Fam";
    }
    expect(new Renamed({ a: 1 }).id).toBe("Fam_1_7d514306db");
  });

  it("is refused to a class without a name, whose tasks would pass for those of another", () => {
    const nameless = (() => class extends Job {})();
    expect(nameless.name).toBe("");
    expect(() => new nameless()).toThrow(leatError("TASK_UNNAMED"));
    const byDefault = { default: class extends Job {} }.default;
    expect(() => new byDefault()).toThrow(leatError("TASK_UNNAMED", "default export"));
  });
});

describe("visibility and significance", () => {
  class Fetch extends Job.with({
    url: p.string(),
    retries: p.int({ default: 3, significant: false }),
    shard: p.int({ default: 0, visibility: "hidden" }),
    token: p.string({ visibility: "private" }),
  }) {}
  const fetch = new Fetch({ url: "http://etl.example", token: "s3cret" });

  it("make the id of significant public parameters only", () => {
    expect(new Fetch({ url: "http://etl.example", token: "other", retries: 9, shard: 4 }).id).toBe(fetch.id);
    class Only extends Job.with({ url: p.string() }) {
      static override readonly family = "Fetch";
    }
    expect(new Only({ url: "http://etl.example" }).id).toBe(fetch.id);
  });

  it("show significant parameters, private ones masked", () => {
    expect(String(fetch)).toBe("Fetch(url=http://etl.example, shard=0, token=***)");
  });

  it("keep private values out of everything that prints or copies a task", () => {
    expect(fetch.token).toBe("s3cret");
    const shown = [
      inspect(fetch),
      JSON.stringify(fetch),
      JSON.stringify(Object.entries(fetch)),
      `${fetch}`,
      fetch.id,
    ];
    for (const text of shown) expect(text).not.toContain("s3cret");
  });

  it("keep private values out of errors and of their causes", () => {
    class Key extends Job.with({
      key: p.choice(["alpha"], { visibility: "private" }),
      pin: p.int({ visibility: "private", default: 0 }),
    }) {}
    const wrong = [
      () => new Key({ key: "s3cret" as never }),
      () => Key.params.key.parse("s3cret", "Key.key"),
      () => Key.params.pin.parse("s3cret", "Key.pin"),
    ];
    for (const make of wrong) {
      const error = thrownBy(make);
      expect(error).toEqual(leatError("PARAMETER_INVALID", "Key.", "(private)"));
      expect(inspect(error)).not.toContain("s3cret");
    }
  });

  it("keep a private default out of what prints a declaration", () => {
    const token = p.string({ visibility: "private", default: "s3cret" });
    expect(token.default).toBe("s3cret");
    for (const text of [inspect(token), JSON.stringify(token)]) expect(text).not.toContain("s3cret");
  });

  it("keep a private default out of the error of its declaration", () => {
    const error = thrownBy(() => p.int({ visibility: "private", default: "s3cret" as never }));
    expect(error).toEqual(leatError("PARAMETER_DECLARATION_INVALID"));
    expect(inspect(error)).not.toContain("s3cret");
  });
});

describe("Task.isTask", () => {
  it("knows tasks by a mark, so that another copy of the package may have made them", () => {
    const ofAnotherCopy = { [Symbol.for("leat.task")]: true };
    expect(Task.isTask(new Report({ date: day, country: "se" }))).toBe(true);
    expect(Task.isTask(ofAnotherCopy)).toBe(true);
  });

  it.each([[undefined], [null], ["Report"], [{}], [Report]])("is false for %s", (value) => {
    expect(Task.isTask(value)).toBe(false);
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
