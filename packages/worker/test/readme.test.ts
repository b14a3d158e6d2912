import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { result } from "./readme-example.ts";

it("the example in the README runs as it says", () => {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
  expect(read("../README.md")).toContain(`\`\`\`ts\n${read("readme-example.ts")}\`\`\``);
  expect(result.summary.succeeded.map(String)).toEqual(["Square(of=1)", "Square(of=2)", "Square(of=3)"]);
});
