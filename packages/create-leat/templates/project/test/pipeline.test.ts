import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, Temporal } from "leat";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Report } from "../pipeline.ts";

const date = Temporal.PlainDate.from("2026-11-20");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "example-"));
});

afterEach(() => rm(folder, { recursive: true }));

it("adds up what each product sold", async () => {
  await writeFile(join(folder, "sales-2026-11-20.tsv"), "tea\t3.5\ncoffee\t4\ntea\t3.5\n");
  const { succeeded } = await run([new Report({ date, folder })]);
  expect(succeeded).toBe(true);
  expect(await readFile(join(folder, "out/report-2026-11-20.tsv"), "utf8")).toBe("tea\t7\ncoffee\t4\n");
});

it("waits for sales that are not there yet", async () => {
  const { succeeded, oneLineSummary } = await run([new Report({ date, folder })]);
  expect(succeeded).toBe(false);
  expect(oneLineSummary).toContain("missing external dependencies");
});
