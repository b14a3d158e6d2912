import { expect, it } from "vitest";
import { type DigestOptions, EmailDigest, type Incident } from "../src/email-digest.ts";

const OPTIONS: DigestOptions = {
  receivers: ["all@example.org"],
  batchMode: "unbatchedParams",
  errorLines: 0,
  errorMessages: 0,
  groupByErrorMessages: false,
};

function incident(n: number, more: Partial<Incident> = {}): Incident {
  return {
    trouble: "failure",
    label: `Task(a=${n})`,
    family: "Task",
    params: { a: String(n) },
    batchedParams: [],
    message: `error ${n}`,
    owners: [],
    ...more,
  };
}

function digestOf(options: Partial<DigestOptions>, ...incidents: Incident[]) {
  const digest = new EmailDigest({ ...OPTIONS, ...options });
  for (const one of incidents) digest.add(one);
  return digest.take();
}

const textOf = (options: Partial<DigestOptions>, ...incidents: Incident[]) =>
  digestOf(options, ...incidents)[0]?.text;

it("tells one failure", () => {
  expect(digestOf({}, incident(5))).toMatchObject([
    { to: "all@example.org", summary: "1 failure", text: "- Task(a=5) (1 failure)\n" },
  ]);
});

it("is for nobody without receivers and owners", () => {
  expect(digestOf({ receivers: [] }, incident(5))).toEqual([]);
});

it("tells owners theirs and receivers all", () => {
  const mine = incident(1, { owners: ["me@example.org", "all@example.org"] });
  expect(digestOf({}, mine, incident(2)).map(({ to, summary }) => [to, summary])).toEqual([
    ["all@example.org", "2 failures"],
    ["me@example.org", "Your tasks have 1 failure"],
  ]);
});

it("counts failures, disables and scheduling failures, in singular and plural", () => {
  const ten = Array.from({ length: 10 }, () => incident(1));
  const disable = incident(1, { trouble: "disable", message: "" });
  const scheduling = incident(1, { trouble: "scheduling failure" });
  const [digest] = digestOf({}, ...ten, disable, scheduling);
  expect(digest?.summary).toBe("10 failures, 1 disable, 1 scheduling failure");
  expect(digest?.text).toBe("- Task(a=1) (10 failures, 1 disable, 1 scheduling failure)\n");
});

it("puts most failures first, then most disables, then names", () => {
  const disable = incident(3, { trouble: "disable" });
  expect(textOf({}, incident(2), disable, incident(1), incident(9), incident(9))).toBe(
    "- Task(a=9) (2 failures)\n\n- Task(a=1) (1 failure)\n\n- Task(a=2) (1 failure)\n\n- Task(a=3) (1 disable)\n",
  );
});

it.each([
  ["family", "- Task (2 failures)\n"],
  ["all", "- Task(a=1) (1 failure)\n\n- Task(a=2) (1 failure)\n"],
  ["unbatchedParams", "- Task(b=x) (2 failures)\n"],
] as const)("makes lines by %s", (batchMode, expected) => {
  const [one, two] = [1, 2].map((n) =>
    incident(n, { params: { a: String(n), b: "x" }, batchedParams: ["a"] }),
  ) as [Incident, Incident];
  expect(textOf({ batchMode }, one, two)).toBe(expected);
});

it("keeps the newest errors, oldest first, and their last lines", () => {
  const errors = ["one", "two", "three\nlines\nhere", "two"].map((message) => incident(1, { message }));
  expect(textOf({ errorMessages: 1 }, ...errors)).toBe("- Task(a=1) (4 failures)\n\n      two\n");
  expect(textOf({ errorMessages: 2, errorLines: 2 }, ...errors)).toBe(
    "- Task(a=1) (4 failures)\n\n      lines\n      here\n\n      two\n",
  );
});

it("lets lines with the same errors share them", () => {
  const same = [1, 2].map((n) => incident(n, { message: "same" }));
  expect(textOf({ errorMessages: 1, groupByErrorMessages: true }, ...same)).toBe(
    "- Task(a=1) (1 failure)\n  Task(a=2) (1 failure)\n\n      same\n",
  );
});

it("escapes what it shows as HTML", () => {
  const [digest] = digestOf({ errorMessages: 1 }, incident(1, { params: { a: "<b>ü&" }, message: "x < y" }));
  expect(digest?.html).toBe(
    "<ul>\n<li>Task(a=&lt;b&gt;ü&amp;) (1 failure)\n<pre>x &lt; y</pre></li>\n</ul>\n",
  );
});

it("holds nothing after it was taken", () => {
  const digest = new EmailDigest(OPTIONS);
  digest.add(incident(1));
  expect(digest.take()).toHaveLength(1);
  expect(digest.take()).toEqual([]);
});

it("shows a thousand lines of very many, and counts the others", () => {
  const many = Array.from({ length: 1500 }, (_, n) => incident(n, { message: `error ${n}` }));
  const [digest] = digestOf(
    { batchMode: "all", errorMessages: 1 },
    ...many,
    incident(3, { message: "again" }),
  );
  expect(digest?.summary).toBe("1501 failures");
  expect(digest?.text).toContain("and others (500 failures)\n");
  expect(digest?.text).toContain("again");
  expect(digest?.text.match(/ failures?\)/g)).toHaveLength(1001);
});
