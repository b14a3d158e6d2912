import { p } from "@leat/core";
import { describe, expect, it } from "vitest";
import { canonical, leatError } from "./support.ts";

const invalid = leatError("PARAMETER_INVALID");

describe("p.string", () => {
  it("takes text as it is, also none", () => {
    for (const text of ["", " a ", "None", "é😀"]) expect(canonical(p.string(), text)).toBe(text);
  });

  it("refuses what is no string", () => {
    expect(() => p.string().check(5, "T.x")).toThrow(leatError("PARAMETER_INVALID", "T.x", "the number 5"));
  });
});

describe("p.int", () => {
  it.each([
    ["5", "5"],
    [" 5 ", "5"],
    ["+5", "5"],
    ["-5", "-5"],
    ["1_000", "1000"],
    ["00012", "12"],
    ["-0", "0"],
    ["9007199254740991", "9007199254740991"],
    ["-9007199254740991", "-9007199254740991"],
  ])("reads %j as %s", (text, expected) => {
    expect(canonical(p.int(), text)).toBe(expected);
  });

  it.each(["", "abc", "5.0", "0x10", "1e3", "1__0", "_1", "1_", "- 5", "٣", "9007199254740992"])(
    "refuses the text %j",
    (text) => {
      expect(() => p.int().parse(text, "T.x")).toThrow(invalid);
    },
  );

  it.each([[1.5], [Number.NaN], [2 ** 53], [5n], ["5"], [null], [true]])("refuses the value %s", (value) => {
    expect(() => p.int().check(value, "T.x")).toThrow(invalid);
  });

  it("has one zero", () => {
    expect(Object.is(p.int().check(-0, "T.x"), 0)).toBe(true);
  });

  it("is followed by the next number, if there is one", () => {
    expect(p.int().type.successor?.(-1)).toBe(0);
    expect(p.int().type.successor?.(Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });
});

describe("p.float", () => {
  it.each([
    ["5", "5.0"],
    ["1.50", "1.5"],
    [" 1e3 ", "1000.0"],
    [".5", "0.5"],
    ["5.", "5.0"],
    ["1_0.5_0", "10.5"],
    ["nan", "nan"],
    ["-Infinity", "-inf"],
    ["INF", "inf"],
    ["1e400", "inf"],
    ["-0", "-0.0"],
    ["0.0001", "0.0001"],
    ["0.00001", "1e-05"],
    ["1e-7", "1e-07"],
    ["1e15", "1000000000000000.0"],
    ["1e16", "1e+16"],
    ["1.5e300", "1.5e+300"],
    ["5e-324", "5e-324"],
    ["123456789012345680", "1.2345678901234568e+17"],
    ["0.1", "0.1"],
    ["-2.5e-10", "-2.5e-10"],
  ])("reads %j as %s", (text, expected) => {
    expect(canonical(p.float(), text)).toBe(expected);
  });

  it.each(["", "abc", "1,5", "0x1p3", "1e", ".", "e5", "1 2", "infin"])("refuses the text %j", (text) => {
    expect(() => p.float().parse(text, "T.x")).toThrow(invalid);
  });

  it("writes a whole number given in code as the double that it is", () => {
    expect(p.float().type.serialize(p.float().check(1, "T.x"))).toBe("1.0");
    expect(() => p.float().check("1", "T.x")).toThrow(invalid);
  });
});

describe("p.bool", () => {
  it.each([
    ["true", "True"],
    ["True", "True"],
    ["FALSE", "False"],
  ])("reads %j as %s", (text, expected) => {
    expect(canonical(p.bool(), text)).toBe(expected);
  });

  it.each(["", "1", "yes", " true", "None"])("refuses the text %j", (text) => {
    expect(() => p.bool().parse(text, "T.x")).toThrow(invalid);
  });

  it.each([["true"], [1], [null]])("refuses the value %j", (value) => {
    expect(() => p.bool().check(value, "T.x")).toThrow(invalid);
  });

  it("is false unless another default is given", () => {
    expect(p.bool().default).toBe(false);
    expect(p.bool({ description: "Whether." }).default).toBe(false);
    expect(p.bool({ default: true }).default).toBe(true);
  });
});

describe("p.numerical", () => {
  it("keeps within its bounds, whether they are included or not", () => {
    const halfOpen = p.numerical("int", { minimum: 1, exclusiveMaximum: 10 });
    for (const text of ["1", "9"]) expect(canonical(halfOpen, text)).toBe(text);
    for (const text of ["0", "10"]) expect(() => halfOpen.parse(text, "T.x")).toThrow(invalid);
    const other = p.numerical("float", { exclusiveMinimum: -0.5, maximum: 7.2 });
    expect(canonical(other, "7.2")).toBe("7.2");
    expect(canonical(other, "5")).toBe("5.0");
    for (const text of ["-0.5", "7.3"]) expect(() => other.parse(text, "T.x")).toThrow(invalid);
  });

  it("is open at the end that has no bound, and has no place for nan", () => {
    const positive = p.numerical("float", { exclusiveMinimum: 0 });
    expect(canonical(positive, "inf")).toBe("inf");
    expect(() => positive.parse("nan", "T.x")).toThrow(invalid);
    expect(canonical(p.numerical("float", { maximum: 0 }), "-inf")).toBe("-inf");
  });

  it("checks values given in code, of its kind too", () => {
    const param = p.numerical("int", { minimum: 0, maximum: 9 });
    expect(() => param.check(10, "T.x")).toThrow(
      leatError("PARAMETER_INVALID", "the number 10", "≥ 0 and ≤ 9"),
    );
    expect(() => param.check(2.5, "T.x")).toThrow(invalid);
  });

  it("refuses bounds that leave nothing", () => {
    expect(() => p.numerical("int", { minimum: 5, maximum: 4 })).toThrow(
      leatError("PARAMETER_DECLARATION_INVALID", "≥ 5 and ≤ 4"),
    );
    expect(() => p.numerical("float", { minimum: Number.NaN })).toThrow(
      leatError("PARAMETER_DECLARATION_INVALID"),
    );
  });

  it("has a default within its bounds, or refuses it", () => {
    expect(p.numerical("int", { minimum: 1, default: 3 }).default).toBe(3);
    expect(() => p.numerical("int", { minimum: 1, default: 0 })).toThrow(
      leatError("PARAMETER_DECLARATION_INVALID", "the number 0", "≥ 1"),
    );
  });
});
