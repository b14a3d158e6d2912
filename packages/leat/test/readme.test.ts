import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Temporal } from "@leat/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { run } from "../src/index.ts";
import { Plays, TopSongs } from "./readme-example.ts";

const before = process.cwd();
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "leat-readme-"));
  process.chdir(directory);
});

afterEach(() => {
  process.chdir(before);
  rmSync(directory, { recursive: true });
});

it("the example in the README runs as it says", async () => {
  const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");
  expect(read("../README.md")).toContain(`\`\`\`ts\n${read("readme-example.ts")}\`\`\``);

  const date = Temporal.PlainDate.from("2026-11-20");
  await new Plays({ date }).output().writeLines(["one", "two", "two"]);
  const { succeeded } = await run([new TopSongs({ date })]);
  expect(succeeded).toBe(true);
  expect(await new TopSongs({ date }).output().readText()).toBe("two\t2\none\t1\n");
});
