import { p } from "@leat/core";
import { describe, expect, it } from "vitest";
import { canonical, leatError } from "./support.ts";

const invalid = leatError("PARAMETER_INVALID");
const declaration = (...parts: string[]) => leatError("PARAMETER_DECLARATION_INVALID", ...parts);

describe("p.choice", () => {
  const country = p.choice(["se", "rs", ""]);

  it("takes one of its texts and nothing else", () => {
    for (const text of ["se", "rs", ""]) expect(canonical(country, text)).toBe(text);
    for (const text of ["SE", " se", "hr"]) expect(() => country.parse(text, "T.x")).toThrow(invalid);
    expect(() => country.check(null, "T.x")).toThrow(leatError("PARAMETER_INVALID", "null", "one of se, rs"));
  });

  it("takes one of its whole numbers, read as p.int reads them", () => {
    const size = p.choice([1, 2, 30]);
    expect(size.parse("+1", "T.x")).toBe(1);
    expect(canonical(size, "30")).toBe("30");
    for (const text of ["3", "1.0", "one"]) expect(() => size.parse(text, "T.x")).toThrow(invalid);
    expect(() => size.check("1", "T.x")).toThrow(invalid);
  });

  it("takes one of its doubles, read as p.float reads them", () => {
    expect(canonical(p.choice([0.5, 1]), "1")).toBe("1.0");
  });

  it("refuses to be declared without choices or with choices of several kinds", () => {
    expect(() => p.choice([])).toThrow(declaration("nothing to choose from"));
    expect(() => p.choice(["1", 2])).toThrow(declaration("1, 2", "several kinds"));
    expect(() => p.choice([true as never])).toThrow(declaration());
    expect(() => p.choice(["se"], { default: "hr" as never })).toThrow(declaration('"hr"', "one of se"));
  });
});

describe("p.choiceList", () => {
  const countries = p.choiceList(["se", "rs", "hr"]);

  it.each([
    ["", []],
    ["se", ["se"]],
    ["rs,se", ["rs", "se"]],
    ["se,se", ["se", "se"]],
  ])("reads %j in its order", (text, expected) => {
    expect(countries.parse(text, "T.x")).toEqual(expected);
    expect(canonical(countries, text)).toBe(text);
  });

  it.each(["x", "se, rs", "se,", ","])("refuses %j and says which element is wrong", (text) => {
    expect(() => countries.parse(text, "T.x")).toThrow(leatError("PARAMETER_INVALID", "of element "));
  });

  it("takes numbers", () => {
    expect(canonical(p.choiceList([1, 2]), "2,1")).toBe("2,1");
  });

  it("copies what it is given and freezes the copy", () => {
    const given = ["se"];
    const value = countries.check(given, "T.x");
    expect(value).not.toBe(given);
    expect(Object.isFrozen(value)).toBe(true);
    expect(() => countries.check("se", "T.x")).toThrow(invalid);
    expect(() => countries.check(["xx"], "T.x")).toThrow(invalid);
  });

  it("refuses choices that commas cannot separate", () => {
    expect(() => p.choiceList(["a,b"])).toThrow(declaration('"a,b"', "commas"));
    expect(() => p.choiceList(["a", ""])).toThrow(declaration('""'));
  });
});

const Color = { Red: "#f00", Green: "#0f0", Grass: "#0f0" } as const;
const Level = { Low: { weight: 1 }, High: { weight: 9 } };
/** What TypeScript makes of `enum Size { Small, Large = 5 }`. */
const Size = { 0: "Small", Small: 0, 5: "Large", Large: 5 };

describe("p.enumOf", () => {
  it("reads and writes the name of a value", () => {
    expect(p.enumOf(Color).parse("Red", "T.x")).toBe("#f00");
    expect(canonical(p.enumOf(Color), "Red")).toBe("Red");
    expect(p.enumOf(Level).parse("High", "T.x")).toBe(Level.High);
  });

  it("writes the first name of a value that has several", () => {
    expect(canonical(p.enumOf(Color), "Grass")).toBe("Green");
  });

  it.each(["", "red", " Red", "#f00", "toString"])("refuses the text %j", (text) => {
    expect(() => p.enumOf(Color).parse(text, "T.x")).toThrow(invalid);
  });

  it("refuses a value that is no member", () => {
    expect(() => p.enumOf(Color).check("Red", "T.x")).toThrow(invalid);
    expect(() => p.enumOf(Level).check({ weight: 1 }, "T.x")).toThrow(invalid);
  });

  it("knows the names of a numeric enum of TypeScript from its numbers", () => {
    expect(p.enumOf(Size).type.expects).toBe("one of Small, Large");
    expect(p.enumOf(Size).parse("Large", "T.x")).toBe(5);
    expect(() => p.enumOf(Size).parse("5", "T.x")).toThrow(invalid);
  });

  it("refuses an enum without members", () => {
    expect(() => p.enumOf({})).toThrow(declaration("no members"));
  });
});

describe("p.enumListOf", () => {
  it("reads and writes names, separated by commas", () => {
    const colors = p.enumListOf(Color);
    expect(colors.parse("Green,Red", "T.x")).toEqual(["#0f0", "#f00"]);
    expect(canonical(colors, "Green,Red")).toBe("Green,Red");
    expect(canonical(colors, "")).toBe("");
    expect(() => colors.parse("Red,", "T.x")).toThrow(leatError("PARAMETER_INVALID", "of element 2"));
  });

  it("takes a default", () => {
    expect(p.enumListOf(Color, { default: ["#f00"] }).default).toEqual(["#f00"]);
  });
});
