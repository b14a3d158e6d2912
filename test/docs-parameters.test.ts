import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { p, Param, Task } from "@leat/core";
import { describe, expect, it } from "vitest";

const page = readFileSync(fileURLToPath(new URL("../docs/parameters.md", import.meta.url)), "utf8");

class TopSongs extends Task {
  override output(): undefined {
    return undefined;
  }
  override run(): void {}
}

/** Rows of the table of types: builder as it is called, and an example of its text. */
const rows = Array.from(
  page.matchAll(/^\| `(p\.(\w+)\(.*\))` \|.*\| `(.*)` \|$/gm),
  ([, call, name, text]) => ({ call, name, text }) as { call: string; name: string; text: string },
);

describe("docs/parameters.md", () => {
  it("has a row for each type, and each once", () => {
    expect(rows.map(({ name }) => name).toSorted()).toEqual(Object.keys(p).toSorted());
  });

  it.each(rows)("$call reads and writes $text", ({ call, text }) => {
    // oxlint-disable-next-line typescript/no-implied-eval -- the calls are those of our own page
    const param = new Function("p", `return ${call}`)(p) as Param<unknown>;
    const value = param.parse(text, "example", { taskClass: () => TopSongs });
    expect(param.type.serialize(value)).toBe(text);
  });

  it("quotes the message for a value that is not accepted", () => {
    const parse = () => p.int().parse("ten", "Report.top");
    const [, message] = /^(Parameter Report\.top .*)$/m.exec(page) ?? [];
    expect(message).toBeDefined();
    expect(parse).toThrow(expect.objectContaining({ message }));
  });
});
