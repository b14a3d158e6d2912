import { isTemporaryPath } from "@leat/core";
import { expect, it } from "vitest";
import { temporaryName } from "../src/temporary-name.ts";

it("a temporary name tells what it was to become and which process made it, and is never given twice", () => {
  expect(temporaryName("a.csv")).toMatch(new RegExp(`^\\.a\\.csv\\.leat-tmp-${process.pid}-[0-9a-f]{12}$`));
  expect(temporaryName("a.csv")).not.toBe(temporaryName("a.csv"));
});

it("a path is temporary when a name in it is", () => {
  const name = temporaryName("a.csv");
  const temporary = [name, `/x/${name}`, `/x/${name}/y/z`, `x\\${name}`];
  const ordinary = ["a.csv", ".leat-tmp-", `${name}.gz`, `x${name}`, "/leat-tmp-1/a", ""];
  expect(temporary.filter(isTemporaryPath)).toEqual(temporary);
  expect(ordinary.filter(isTemporaryPath)).toEqual([]);
});
