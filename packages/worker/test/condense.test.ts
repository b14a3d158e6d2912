import { p, Param, type ParamType, Task, Temporal } from "@leat/core";
import { describe, expect, it } from "vitest";
import { condense } from "../src/condense.ts";

abstract class Job extends Task {
  override output(): undefined {
    return undefined;
  }
  override run(): void {}
}

class Nothing extends Job {}
class Ok extends Job.with({ n: p.int() }) {}
class Text extends Job.with({ s: p.string() }) {}
class DateTask extends Job.with({ date: p.date(), num: p.int() }) {}
class Multi extends Job.with({ a: p.int(), b: p.string(), s: p.string({ significant: false }) }) {}
class Mix extends Job.with({ a: p.int(), b: p.int() }) {}

/** The line of a family, from its tasks in any order. */
function lineOf(tasks: readonly Task[]): string {
  const sorted = tasks.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
  return `${tasks.length} ${condense(sorted)}`;
}

function range(first: number, last: number, step = 1): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
}

const ok = (numbers: readonly number[]) => numbers.map((n) => new Ok({ n }));
const texts = (values: readonly string[]) => values.map((s) => new Text({ s }));

describe("tasks of one family in one line", () => {
  it("without parameters", () => {
    expect(lineOf([new Nothing()])).toBe("1 Nothing()");
  });

  it("with one parameter: a range of more than 3 values that follow one another", () => {
    expect(lineOf(ok(range(5, 199)))).toBe("195 Ok(n=5...199)");
    expect(lineOf(ok(range(0, 3)))).toBe("4 Ok(n=0...3)");
  });

  it("with one parameter: a list of 3 values that follow one another", () => {
    expect(lineOf(ok([2, 3, 4]))).toBe("3 Ok(n=2,3,4)");
  });

  it("with one parameter: a list of values with a gap, in the order of their texts", () => {
    expect(lineOf(ok([1, 5, 9, 10, 11]))).toBe("5 Ok(n=1,10,11,5,9)");
  });

  it("with one parameter: a list is cut at 30 characters", () => {
    expect(lineOf(ok(range(0, 78, 2)))).toBe("40 Ok(n=0,10,12,14,16,18,2,20,22,24,26,...)");
  });

  it("with one parameter: a list is cut after 3 values, however long they are", () => {
    expect(lineOf(texts(range(0, 5).map((n) => `abcdefghij${n}`)))).toBe(
      "6 Text(s=abcdefghij0,abcdefghij1,abcdefghij2,...)",
    );
  });

  it("with one parameter: a list is not cut for the last value alone", () => {
    expect(lineOf(texts(range(0, 3).map((n) => `abcdefghij${n}`)))).toBe(
      "4 Text(s=abcdefghij0,abcdefghij1,abcdefghij2,abcdefghij3)",
    );
  });

  it("with one parameter: a list of more than 200 characters is cut in any case", () => {
    const long = range(0, 2).map((n) => `${n}${"x".repeat(150)}`);
    expect(lineOf(texts(long))).toBe(`3 Text(s=${long[0]},${long[1]},...)`);
  });

  it("with several parameters: a range of the one that varies", () => {
    const days = range(0, 9).map((days) => Temporal.PlainDate.from("1998-03-23").add({ days }));
    expect(lineOf(days.map((date) => new DateTask({ date, num: 5 })))).toBe(
      "10 DateTask(date=1998-03-23...1998-04-01, num=5)",
    );
    expect(lineOf(range(1, 3).map((a) => new Mix({ a, b: 7 })))).toBe("3 Mix(a=1...3, b=7)");
  });

  it("with several parameters: a range shows those too that do not identify", () => {
    expect(lineOf(range(0, 3).map((a) => new Multi({ a, b: "x", s: "s" })))).toBe(
      "4 Multi(a=0...3, b=x, s=s)",
    );
  });

  it("with several parameters: one task, two tasks, or the first of many", () => {
    const mix = (...pairs: [number, number][]) => pairs.map(([a, b]) => new Mix({ a, b }));
    expect(lineOf(mix([1, 2]))).toBe("1 Mix(a=1, b=2)");
    expect(lineOf(mix([0, 0], [1, 2]))).toBe("2 Mix(a=0, b=0) and Mix(a=1, b=2)");
    expect(lineOf(mix([0, 7], [1, 7]))).toBe("2 Mix(a=0, b=7) and Mix(a=1, b=7)");
    expect(lineOf(mix([100, 0], [101, 1], [103, 2]))).toBe("3 Mix(a=100, b=0) ...");
    expect(lineOf(mix([1, 7], [2, 7], [4, 7]))).toBe("3 Mix(a=1, b=7) ...");
  });

  it("with names of more than 60 characters", () => {
    const long = (length: number) => {
      class Boom extends Job.with({ ["n".repeat(length)]: p.int() }) {}
      return lineOf([new Boom({ ["n".repeat(length)]: 1 })]);
    };
    expect(long(60)).toBe(`1 Boom(${"n".repeat(60)}=1)`);
    expect(long(61)).toBe("1 Boom(...)");
  });

  it("with a text of more than 200 characters", () => {
    const text = (length: number) => lineOf(texts(["x".repeat(length - "Text(s=)".length)]));
    expect(text(200)).toHaveLength("1 ".length + 200);
    expect(text(201)).toBe("1 Text(...)");
  });

  it("with two tasks of several parameters: names of more than 40 characters, texts of more than 100", () => {
    const names = (length: number) => {
      class Two extends Job.with({ a: p.int(), ["n".repeat(length - 1)]: p.int() }) {}
      return lineOf([1, 2].map((a) => new Two({ a, ["n".repeat(length - 1)]: a })));
    };
    expect(names(40)).toMatch(/^2 Two\(.*\) and Two\(.*\)$/);
    expect(names(41)).toBe("2 Two(...)");
    const text = (length: number) => {
      const s = "x".repeat(length - "Multi(a=0, b=)".length);
      return lineOf([0, 1].map((a) => new Multi({ a, b: s, s })));
    };
    expect(text(100)).toMatch(/^2 Multi\(.*\) and Multi\(.*\)$/);
    expect(text(101)).toBe("2 Multi(...)");
  });

  it("by the order of any type that has one", () => {
    const minutes: ParamType<number> = {
      name: "minute",
      expects: "minutes since midnight",
      parse: Number,
      serialize: (value) =>
        new Date(Date.UTC(1998, 2, 23, 0, value))
          .toISOString()
          .slice(0, 16)
          .replace(/:(\d\d)$/, "$1"),
      normalize: Number,
      successor: (value) => value + 1,
    };
    class Bar extends Job.with({ time: new Param(minutes) }) {}
    expect(lineOf(range(110, 409).map((time) => new Bar({ time })))).toBe(
      "300 Bar(time=1998-03-23T0150...1998-03-23T0649)",
    );
  });

  it("does not show the value of a private parameter", () => {
    class Secretive extends Job.with({ n: p.int(), password: p.string({ visibility: "private" }) }) {}
    class Only extends Job.with({ password: p.string({ visibility: "private" }) }) {}
    const tasks = range(1, 4).map((n) => new Secretive({ n, password: "hunter2" }));
    expect(lineOf(tasks)).toBe("4 Secretive(n=1...4, password=***)");
    expect(lineOf([new Only({ password: "hunter2" })])).toBe("1 Only(password=***)");
  });
});
