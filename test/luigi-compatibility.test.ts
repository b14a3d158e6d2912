import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const page = readFileSync(join(root, "docs/luigi-compatibility.md"), "utf8");

/** What Luigi's own tests say about its core, of which the page has a line for each. */
const STATEMENTS = 292;

const ANSWERS = ["same", "differs", "not offered"];

/** Where the files of tests are, by the short names of the page. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  core: ["packages/core/test/%.test.ts", "packages/core/test/%.test-d.ts"],
  worker: ["packages/worker/test/%.test.ts"],
  leat: ["packages/leat/test/%.test.ts"],
  scheduler: ["packages/scheduler/test/%.test.ts"],
  range: ["packages/contrib/range/test/%.test.ts"],
  program: ["packages/contrib/external-program/test/%.test.ts"],
  cli: ["integration-tests/test/%.test.ts"],
  testkit: ["packages/testkit/src/file-suite/%.ts"],
  luigi: ["packages/core/test-luigi/%.luigi.ts"],
  "worker-luigi": ["packages/worker/test-luigi/%.luigi.ts"],
};

interface Row {
  readonly id: string;
  readonly fact: string;
  readonly status: string;
  readonly last: string;
}

const rows = Array.from(
  page.matchAll(/^\| ([A-Z]-\d\d) \| (.*?) \| (.*?) \| (.*) \|$/gm),
  ([, id = "", fact = "", status = "", last = ""]): Row => ({ id, fact, status, last }),
);

/** Lines with an answer, for a table of tests. */
const answered = (status: string) =>
  rows.filter((row) => row.status === status).map((row) => [row.id, row] as const);

/** The file of a test that a line names, and its title. */
function testOf({ last }: Row): { readonly file: string | undefined; readonly title: string } {
  const [, folder = "", name = "", title = ""] = /^`([\w-]+)\/([\w-]+)` “(.+)”$/.exec(last) ?? [];
  const files = (FOLDERS[folder] ?? []).map((pattern) => join(root, pattern.replace("%", name)));
  return { file: files.find((file) => existsSync(file)), title };
}

/** Whether a title stands in code as a text of its own, or is the name of a function that only types check. */
function hasTitle(code: string, title: string): boolean {
  const isText = ['"', "`", "'"].some((quote) => code.includes(quote + title + quote));
  return isText || code.includes(`function ${title}(`);
}

it("every statement has a line, with an id of its own", () => {
  expect(rows).toHaveLength(STATEMENTS);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(STATEMENTS);
});

it("every line has a fact and one of three answers", () => {
  expect(rows.filter(({ fact, status }) => fact === "" || !ANSWERS.includes(status))).toEqual([]);
});

it("the page counts its answers right", () => {
  const [same, differ, missing] = ANSWERS.map((status) => answered(status).length);
  expect(page).toContain(`${same} are the same, ${differ} differ, ${missing} are not offered.`);
});

describe("a line that says the same", () => {
  it.each(answered("same"))("%s names a test that there is", (_, row) => {
    const { file, title } = testOf(row);
    expect(file, row.last).toBeDefined();
    expect(hasTitle(readFileSync(file as string, "utf8"), title), row.last).toBe(true);
  });
});

describe("any other line", () => {
  it.each([...answered("differs"), ...answered("not offered")])(
    "%s says what there is instead, or why not",
    (_, { last }) => {
      expect(last).toMatch(/^\S.{10,}\.$/);
    },
  );
});
