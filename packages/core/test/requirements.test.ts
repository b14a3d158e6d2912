import { flattenOutputs, flattenRequirements, MemoryTarget, p, type Requirements } from "@leat/core";
import { describe, expect, it } from "vitest";
import { Job, leatError } from "./support.ts";

class Part extends Job.with({ n: p.int() }) {}
class Whole extends Job {}

const whole = new Whole();
const [a, b, c] = [new Part({ n: 1 }), new Part({ n: 2 }), new Part({ n: 3 })];
const numbers = (tasks: readonly unknown[]): number[] => tasks.map((task) => (task as Part).n);

describe("flattenRequirements", () => {
  it.each<[string, Requirements, number[]]>([
    ["nothing", undefined, []],
    ["one task", a, [1]],
    ["a list", [c, a], [3, 1]],
    ["an object of tasks and lists", { first: b, rest: [a, c], none: undefined }, [2, 1, 3]],
    ["the same task in two places", [a, a], [1, 1]],
  ])("takes %s, in order", (_what, requirements, expected) => {
    expect(numbers(flattenRequirements(requirements, whole))).toEqual(expected);
  });

  it("takes lists of any depth and null, which types forbid and JavaScript gives", () => {
    expect(numbers(flattenRequirements([[a], [[b]], null] as never, whole))).toEqual([1, 2]);
  });

  it.each<[string, unknown, string]>([
    ["a string", "Part", 'the string "Part"'],
    ["a class", Part, "the class Part"],
    ["a number", 7, "the number 7"],
    ["a promise", Promise.resolve(a), "an object of class Promise"],
    ["a set", new Set([a]), "an object of class Set"],
  ])("refuses %s", (_what, wrong, named) => {
    expect(() => flattenRequirements([a, wrong] as never, whole)).toThrow(
      leatError("DEPENDENCY_INVALID", "requires() of Whole() gives ", named, "not a task"),
    );
  });

  it("tells how to require a target", () => {
    const target = new MemoryTarget("x");
    expect(() => flattenRequirements(target as never, whole)).toThrow(
      leatError("DEPENDENCY_INVALID", "MemoryTarget", "ExternalTask"),
    );
  });
});

describe("flattenOutputs", () => {
  const [x, y, z] = [new MemoryTarget("x"), new MemoryTarget("y"), new MemoryTarget("z")];

  it("takes nothing, a target, and lists and objects of any depth, in order", () => {
    expect(flattenOutputs(undefined, whole)).toEqual([]);
    expect(flattenOutputs(x, whole)).toEqual([x]);
    expect(flattenOutputs({ one: z, more: [[x], { y }] }, whole)).toEqual([z, x, y]);
  });

  it("refuses what is no target", () => {
    expect(() => flattenOutputs(["x.txt"] as never, whole)).toThrow(
      leatError("OUTPUT_INVALID", "output() of Whole() gives", 'the string "x.txt"', "LocalTarget"),
    );
  });
});
