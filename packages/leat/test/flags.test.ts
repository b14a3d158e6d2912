import { describe, expect, it } from "vitest";
import {
  choiceFlag,
  countFlag,
  type Flag,
  leadingPositionals,
  parseFlags,
  refuseExtra,
  switchFlag,
} from "../src/flags.ts";
import { canonicalKey } from "@leat/core";
import { leatError } from "./support.ts";

const FLAGS: readonly Flag[] = [
  { name: "date", placeholder: "DATE", description: "" },
  { name: "workers", placeholder: "N", description: "" },
  { name: "json", description: "" },
  { name: "help", short: "h", description: "" },
];

const parse = (...args: string[]) => parseFlags(args, FLAGS);
const valuesOf = (...args: string[]) => Object.fromEntries(parse(...args).values);

describe("flags", () => {
  it("take their value after a blank or an equals sign; the last one counts", () => {
    expect(valuesOf("--date", "2026-11-20", "--workers=2")).toEqual({ date: "2026-11-20", workers: "2" });
    expect(valuesOf("--workers=2", "--workers", "3")).toEqual({ workers: "3" });
  });

  it("take values that begin with one dash, and with an equals sign any", () => {
    expect(valuesOf("--workers", "-5", "--date=--json")).toEqual({ workers: "-5", date: "--json" });
  });

  it("may be switches, on or off", () => {
    expect(valuesOf("--json")).toEqual({ json: "true" });
    expect(valuesOf("--no-json")).toEqual({ json: "false" });
    expect(valuesOf("--json=false", "-h")).toEqual({ json: "false", help: "true" });
  });

  it("leave what is no flag as positionals, also all after --", () => {
    expect(parse("a", "--date", "x", "b", "--", "--json").positionals).toEqual(["a", "b", "--json"]);
    expect(leadingPositionals(["a", "b", "--unknown", "c"], FLAGS)).toEqual(["a", "b", "c"]);
  });

  const refused: [args: string[], code: string, part: string][] = [
    [["--dat", "x"], "FLAG_UNKNOWN", 'There is no flag "--dat". Did you mean --date? See --help.'],
    [["--no-date"], "FLAG_UNKNOWN", '"--no-date"'],
    [["-x"], "FLAG_UNKNOWN", '"-x"'],
    [["--date"], "FLAG_INVALID", "The flag --date needs a value: --date DATE."],
    [["--date", "--json"], "FLAG_INVALID", "needs a value. If --json is meant, write --date=--json."],
  ];

  it.each(refused)("%j is refused (%s)", (args, code, part) => {
    expect(() => parse(...args)).toThrow(leatError(code, part));
  });
});

describe("values of flags", () => {
  it("are one of some choices, or the one without the flag", () => {
    expect(choiceFlag(parse("--date", "b"), "date", ["a", "b"], "a")).toBe("b");
    expect(choiceFlag(parse(), "date", ["a", "b"], "a")).toBe("a");
    expect(() => choiceFlag(parse("--date", "c"), "date", ["a", "b"], "a")).toThrow(
      leatError("FLAG_INVALID", '--date does not accept "c". Give one of a, b.'),
    );
  });

  it.each(["0", "-1", "1.5", "two", "", "1e3", "99999999999"])("count from 1: %j is refused", (text) => {
    expect(() => countFlag(parse(`--workers=${text}`), "workers", 1)).toThrow(
      leatError("FLAG_INVALID", `--workers does not accept "${text}". Give a whole number of at least 1.`),
    );
  });

  it("count as they are written, or as without the flag", () => {
    expect(countFlag(parse("--workers", "12"), "workers", 1)).toBe(12);
    expect(countFlag(parse(), "workers", 4)).toBe(4);
  });

  it("switch on or off", () => {
    expect([switchFlag(parse("--json"), "json"), switchFlag(parse(), "json")]).toEqual([true, false]);
    expect(() => switchFlag(parse("--json=yes"), "json")).toThrow(leatError("FLAG_INVALID", '"yes"'));
  });
});

describe("arguments beyond those of a command", () => {
  it("are refused", () => {
    expect(() => refuseExtra(parse("a", "b"), 1, "One is enough.")).toThrow(
      leatError("FLAG_INVALID", '"b" is one argument too many. One is enough.'),
    );
    expect(() => refuseExtra(parse("a"), 1, "")).not.toThrow();
  });
});

describe("names of parameters as flags", () => {
  it.each([
    ["top", "top"],
    ["minCount", "min-count"],
    ["min_count", "min-count"],
    ["sha256Sum", "sha256-sum"],
  ])("%s is --%s", (name, flag) => {
    expect(canonicalKey(name)).toBe(flag);
  });
});
