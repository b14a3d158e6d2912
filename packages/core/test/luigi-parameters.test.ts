import { p } from "@leat/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Job, leatError, seed } from "./support.ts";

describe("the parameters of a task", () => {
  it("are what with() declares, and no other member of the class", () => {
    class Mixed extends Job.with({ n: p.int() }) {
      static readonly limit = 5;
      readonly other = 7;
    }
    expect(Object.keys(Mixed.params)).toEqual(["n"]);
    expect(String(new Mixed({ n: 1 }))).toBe("Mixed(n=1)");
    expect(Mixed.limit).toBe(5);
  });

  it("may be named task", () => {
    class Named extends Job.with({ task: p.string() }) {}
    expect(new Named({ task: "x" }).task).toBe("x");
  });

  it.each([true, false])("has to be given without a default, significant or not", (significant) => {
    const Wanting = class Wanting extends Job.with({ n: p.int({ significant }) }) {};
    expect(() => new Wanting({} as never)).toThrow(leatError("PARAMETER_MISSING") as Error);
  });
});

describe("a batch method", () => {
  it("combines numbers as numbers, texts as texts, and keeps the order", () => {
    const texts = ["7", "17", "5"];
    const largest = p.int({ batch: (values) => Math.max(...values) });
    const last = p.string({ batch: (values) => values.toSorted().at(-1) as string });
    const joined = p.string({ batch: (values) => values.join("+") });
    expect(largest.parseBatch(texts, "T.n")).toBe(17);
    expect(last.parseBatch(texts, "T.s")).toBe("7");
    expect(joined.parseBatch(texts, "T.s")).toBe("7+17+5");
  });
});

describe("the default", () => {
  it("of an optional list is null, also in a task that is made again from texts", () => {
    class Listing extends Job.with({ names: p.optional(p.list()) }) {}
    const { type } = Listing.params.names;
    const text = type.serialize(new Listing().names);
    const again = new Listing({ names: Listing.params.names.parse(text, "Listing.names") });
    expect([again.names, again.id]).toEqual([null, new Listing().id]);
  });
});

describe(`an id (seed ${seed})`, () => {
  it("has letters, digits and underscores only, whatever the values are", () => {
    class Texts extends Job.with({ a: p.string(), b: p.string() }) {}
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (a, b) => {
        expect(new Texts({ a, b }).id).toMatch(/^[A-Za-z0-9_]+$/);
      }),
      { seed },
    );
  });
});

describe("Task.from", () => {
  class Plays extends Job.with({ date: p.string(), country: p.string({ default: "se" }) }) {}
  class Ranked extends Plays.with({ top: p.int({ default: 3 }) }) {}

  it("makes a task of another class with the values that both have, and with those that are given anew", () => {
    const ranked = new Ranked({ date: "2026-11-20", country: "hr", top: 5 });
    expect(String(Plays.from(ranked))).toBe("Plays(date=2026-11-20, country=hr)");
    expect(String(Plays.from(ranked, { country: "rs" }))).toBe("Plays(date=2026-11-20, country=rs)");
    expect(String(Ranked.from(ranked, { top: 1 }))).toBe("Ranked(date=2026-11-20, country=hr, top=1)");
  });

  it("hands on the value of a default that was not given", () => {
    class Own extends Ranked.with({ country: p.string({ default: "no" }) }) {
      override requires(): Plays {
        return Plays.from(this);
      }
    }
    expect(String(new Own({ date: "2026-11-20" }).requires())).toBe("Plays(date=2026-11-20, country=no)");
  });
});
