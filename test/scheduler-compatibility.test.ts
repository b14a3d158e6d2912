import { describe, expect, it } from "vitest";
import { describeStatements, readPage, troubleWithTest } from "./support/statements.ts";

const PAGE = "scheduler-compatibility.md";

// What Luigi's own tests, and trying it out, say about its scheduler, worker and server.
describeStatements(PAGE, 342);

describe("a defect of Luigi's scheduler", () => {
  const defects = Array.from(
    readPage(PAGE).matchAll(/^\| (D-\d\d) \| ([^|]+) \| ([^|]+) \|$/gm),
    ([, id = "", , test = ""]) => [id, test] as const,
  );

  it("has a line, with an id of its own, of which there are 30", () => {
    expect(new Set(defects.map(([id]) => id)).size).toBe(30);
    expect(defects).toHaveLength(30);
  });

  it.each(defects)("%s has a test that shows that it is not there", (_, test) => {
    expect(troubleWithTest(test)).toBe("");
  });
});
