import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

const ANSWERS = ["same", "differs", "not offered"];

/** Where the files of tests are, by the short names of the pages. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  core: ["packages/core/test/%.test.ts", "packages/core/test/%.test-d.ts"],
  worker: ["packages/worker/test/%.test.ts"],
  leat: ["packages/leat/test/%.test.ts"],
  scheduler: ["packages/scheduler/test/%.test.ts"],
  server: ["packages/server/test/%.test.ts"],
  page: ["packages/visualiser/test/%.test.ts"],
  range: ["packages/contrib/range/test/%.test.ts"],
  program: ["packages/contrib/external-program/test/%.test.ts"],
  cli: ["integration-tests/test/%.test.ts"],
  testkit: ["packages/testkit/src/file-suite/%.ts"],
  luigi: ["packages/core/test-luigi/%.luigi.ts"],
  "worker-luigi": ["packages/worker/test-luigi/%.luigi.ts"],
  "server-luigi": ["packages/server/test-luigi/%.luigi.ts"],
  "cli-luigi": ["integration-tests/test-luigi/%.luigi.ts"],
};

interface Row {
  readonly id: string;
  readonly fact: string;
  readonly status: string;
  readonly last: string;
}

/** The text of a page of the documentation. */
export function readPage(page: string): string {
  return readFileSync(join(root, "docs", page), "utf8");
}

/** Tests that a page answers so many statements about Luigi, and that the tests that it names are there. */
export function describeStatements(page: string, statements: number): void {
  const text = readPage(page);
  const rows = Array.from(
    text.matchAll(/^\| ([A-Z]-\d{2,3}) \| (.*?) \| (.*?) \| (.*) \|$/gm),
    ([, id = "", fact = "", status = "", last = ""]): Row => ({ id, fact, status, last }),
  );
  const answered = (status: string) =>
    rows.filter((row) => row.status === status).map((row) => [row.id, row.last] as const);

  it("every statement has a line, with an id of its own", () => {
    expect(rows).toHaveLength(statements);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(statements);
  });

  it("every line has a fact and one of three answers", () => {
    expect(rows.filter(({ fact, status }) => fact === "" || !ANSWERS.includes(status))).toEqual([]);
  });

  it("the page counts its answers right", () => {
    const [same, differ, missing] = ANSWERS.map((status) => answered(status).length);
    expect(text).toContain(`${same} are the same, ${differ} differ, ${missing} are not offered.`);
  });

  describe("a line that says the same", () => {
    it.each(answered("same"))("%s names a test that there is", (_, last) => {
      expect(troubleWithTest(last)).toBe("");
    });
  });

  describe("any other line", () => {
    it.each([...answered("differs"), ...answered("not offered")])(
      "%s says what there is instead, or why not",
      (_, last) => {
        expect(last).toMatch(/^\S.{10,}\.$/);
      },
    );
  });
}

/** What is wrong with the name of a test like `folder/file` “title”: nothing when there is such a test. */
export function troubleWithTest(named: string): string {
  const [, folder = "", name = "", title = ""] = /^`([\w-]+)\/([\w-]+)` “(.+)”$/.exec(named) ?? [];
  const files = (FOLDERS[folder] ?? []).map((pattern) => join(root, pattern.replace("%", name)));
  const file = files.find((each) => existsSync(each));
  if (file === undefined) return `there is no file for ${named}`;
  return hasTitle(readFileSync(file, "utf8"), title) ? "" : `there is no test ${named}`;
}

/** Whether a title stands in code as a text of its own, or is the name of a function that only types check. */
function hasTitle(code: string, title: string): boolean {
  const isText = ['"', "`", "'"].some((quote) => code.includes(quote + title + quote));
  return isText || code.includes(`function ${title}(`);
}
