import { expect, it } from "vitest";
import { quoteIdentifier, quoteTable } from "../src/identifiers.ts";

it("quotes names whatever is in them", () => {
  expect(quoteIdentifier('a"b')).toBe('"a""b"');
  expect(quoteTable({ schema: "My Schema", name: "x; drop table y" })).toBe('"My Schema"."x; drop table y"');
});

it("refuses names that PostgreSQL would cut or cannot hold", () => {
  expect(quoteIdentifier("é".repeat(31))).toContain("é");
  for (const name of ["", "a\0b", "x".repeat(64), "é".repeat(32)]) {
    expect(() => quoteIdentifier(name)).toThrow(expect.objectContaining({ code: "OPTION_INVALID" }));
  }
});
