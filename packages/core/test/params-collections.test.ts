import { p, type StandardSchema } from "@leat/core";
import { describe, expect, it } from "vitest";
import { canonical, Job, leatError } from "./support.ts";

const invalid = leatError("PARAMETER_INVALID");

describe("p.list", () => {
  it("writes JSON as Python does", () => {
    const texts: Record<string, string> = {
      '[1,"one",true,null]': '[1, "one", true, null]',
      "[]": "[]",
      " [1.5, 1e-7, [[]], {}] ": "[1.5, 1e-07, [[]], {}]",
      '["é😀\\u007f/\\n"]': '["\\u00e9\\ud83d\\ude00\\u007f/\\n"]',
      "[-0]": "[0]",
    };
    for (const [text, expected] of Object.entries(texts)) expect(canonical(p.list(), text)).toBe(expected);
  });

  it.each(["{}", '"abc"', "5", "null", "(1,2)", "[1", "", "[NaN]", "[9007199254740992]"])(
    "refuses the text %j",
    (text) => {
      expect(() => p.list().parse(text, "T.x")).toThrow(invalid);
    },
  );

  const circular: unknown[] = [];
  circular.push(circular);
  it.each<[string, unknown, string]>([
    ["a date", [new Date(0)], "it[0] is an object of class Date"],
    ["undefined", [1, undefined], "it[1] is undefined"],
    ["a hole", Array(2), "it[0] is undefined"],
    ["a function", [() => 1], "it[0] is the function"],
    ["a bigint", [{ n: 5n }], "it[0].n is the bigint 5"],
    ["infinity", [Infinity], "it[0] is Infinity"],
    ["2^53", [2 ** 53], "too large to be exact"],
    ["a circle", circular, "contains itself"],
    ["a text", "[1]", "it is not a list"],
  ])("refuses %s and says where it is", (_what, value, reason) => {
    expect(() => p.list().check(value, "T.x")).toThrow(leatError("PARAMETER_INVALID", reason));
  });

  it("copies what it is given and freezes the copy, all through", () => {
    const given = [{ a: [1] }];
    const value = p.list().check(given, "T.x");
    expect(value).toEqual(given);
    given[0]?.a.push(2);
    expect(value).toEqual([{ a: [1] }]);
    expect(() => Object.assign(value[0] as object, { b: 1 })).toThrow(TypeError);
  });
});

describe("p.tuple", () => {
  it("reads JSON lists and Python's tuples, and writes JSON", () => {
    const texts: Record<string, string> = {
      "[[1,2],[3,4]]": "[[1, 2], [3, 4]]",
      "((1,2),(3,4))": "[[1, 2], [3, 4]]",
      "(1,2)": "[1, 2]",
      "[(1,2), [3]]": "[[1, 2], [3]]",
      '("abcd",)': '["abcd"]',
      "[]": "[]",
      "()": "[]",
      "((1),)": "[1]",
      " ( True , False,None, ) ": "[true, false, null]",
      "(-1.5e3, .5, +2, 1_000, 'it\\'s \\x41\\u00e9\\n', \"\")":
        '[-1500, 0.5, 2, 1000, "it\'s A\\u00e9\\n", ""]',
    };
    for (const [text, expected] of Object.entries(texts)) expect(canonical(p.tuple(), text)).toBe(expected);
  });

  it.each([
    "(1)",
    "1",
    '("abcd")',
    '(("abcd"))',
    "((1,2),(3,4",
    "(1 2)",
    "(,)",
    "(1,,2)",
    "null",
    '"abc"',
    "(x,)",
    "(1,) 2",
    "('a",
    "('\\q',)",
    "{1: 2}",
    "(toString,)",
    "",
  ])("refuses the text %j", (text) => {
    expect(() => p.tuple().parse(text, "T.x")).toThrow(invalid);
  });
});

describe("p.dict", () => {
  it("keeps the order of names, which is part of the id", () => {
    class D extends Job.with({ d: p.dict() }) {}
    expect(new D({ d: { a: 1, b: 2 } }).id).toBe("D___a___1___b___2__bf4782a14b");
    expect(new D({ d: { b: 2, a: 1 } }).id).toBe("D___b___2___a___1__07b12f5738");
  });

  it("prints as JSON", () => {
    class Login extends Job.with({ param: p.dict() }) {}
    expect(String(new Login({ param: { username: "me", age: 5 } }))).toBe(
      'Login(param={"username": "me", "age": 5})',
    );
  });

  it.each(["[1]", "5", '"x"', "null", "{a: 1}", ""])("refuses the text %j", (text) => {
    expect(() => p.dict().parse(text, "T.x")).toThrow(invalid);
  });

  it("refuses instances of classes", () => {
    expect(() => p.dict().check(new Map([["a", 1]]), "T.x")).toThrow(
      leatError("PARAMETER_INVALID", "class Map"),
    );
  });

  it("takes a name that means something to JavaScript as any other", () => {
    const value = p.dict().parse('{"__proto__": {"a": 1}, "constructor": 2}', "T.x");
    expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(p.dict().type.serialize(value)).toBe('{"__proto__": {"a": 1}, "constructor": 2}');
  });
});

describe("a schema", () => {
  const numbers = (value: unknown[]): number[] => {
    for (const item of value)
      if (typeof item !== "number") throw new TypeError(`${String(item)} is not a number`);
    return value as number[];
  };

  it("that is a function checks values from every source", () => {
    const param = p.list({ schema: numbers, default: [1] });
    expect(param.default).toEqual([1]);
    expect(param.parse("[1, 2]", "T.x")).toEqual([1, 2]);
    const wrong = leatError("PARAMETER_INVALID", "a is not a number", "that its schema accepts");
    expect(() => param.parse('["a"]', "T.x")).toThrow(wrong);
    expect(() => param.check(["a"], "T.x")).toThrow(wrong);
    expect(() => p.list({ schema: numbers, default: ["a"] as never })).toThrow(
      leatError("PARAMETER_DECLARATION_INVALID", "a is not a number"),
    );
  });

  it("may fill in what is missing", () => {
    const withPort = (value: { host: string; port?: number }) => ({ port: 21, ...value });
    const param = p.dict({ schema: withPort });
    const value = param.parse('{"host": "ftp.example"}', "T.x");
    expect(param.type.serialize(value)).toBe('{"port": 21, "host": "ftp.example"}');
    expect(Object.isFrozen(value)).toBe(true);
  });

  it("gets a copy that it may change", () => {
    const sorted = (value: number[]) => value.sort((a, b) => a - b);
    expect(p.list({ schema: sorted }).check(Object.freeze([2, 1]), "T.x")).toEqual([1, 2]);
  });

  it("must give JSON of the same kind", () => {
    const toText = p.list({ schema: (value: unknown[]) => value.join() as never });
    expect(() => toText.check([1], "T.x")).toThrow(leatError("PARAMETER_INVALID", "not a list"));
    const toDates = p.dict({ schema: () => ({ at: new Date(0) }) });
    expect(() => toDates.check({}, "T.x")).toThrow(leatError("PARAMETER_INVALID", "it.at", "class Date"));
  });

  it("of the Standard Schema interface tells all that is wrong, and where", () => {
    const schema: StandardSchema<{ host: string }> = {
      "~standard": {
        version: 1,
        vendor: "test",
        validate: (value) =>
          typeof (value as { host?: unknown }).host === "string"
            ? { value: value as { host: string } }
            : { issues: [{ message: "must be text", path: ["host", { key: 0 }] }, { message: "sorry" }] },
      },
    };
    const param = p.dict({ schema });
    expect(param.parse('{"host": "a"}', "T.x").host).toBe("a");
    expect(() => param.parse("{}", "T.x")).toThrow(
      leatError("PARAMETER_INVALID", "host.0: must be text; sorry"),
    );
  });

  it("may also be callable, as those of arktype are", () => {
    const validate = (value: unknown) => ({ value: value as unknown[] });
    const schema = Object.assign(() => expect.unreachable(), {
      "~standard": { version: 1 as const, vendor: "test", validate },
    });
    expect(p.list({ schema: schema as StandardSchema<unknown[]> }).parse("[1]", "T.x")).toEqual([1]);
  });

  it("cannot be asynchronous", () => {
    const schema: StandardSchema<unknown[]> = {
      "~standard": { version: 1, vendor: "test", validate: async (value) => ({ value: value as unknown[] }) },
    };
    expect(() => p.list({ schema }).parse("[]", "T.x")).toThrow(
      leatError("PARAMETER_INVALID", "asynchronous"),
    );
  });
});
