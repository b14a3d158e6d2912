import { mkdtempSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalTarget, p, removeOutputs, Target, Task } from "@leat/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Job } from "./support.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "leat-remove-"));
});

afterEach(() => rmSync(directory, { recursive: true }));

/** A target that Leat cannot remove. */
class Mail extends Target {
  override async exists(): Promise<boolean> {
    return true;
  }
  override toString(): string {
    return "mail to ops";
  }
}

class Made extends Task.with({ directory: p.string() }) {
  override output() {
    const file = (name: string) => new LocalTarget(join(this.directory, name));
    return { file: file("a.txt"), parts: [file("parts"), file("absent.txt")], mail: new Mail() };
  }
  override async run(): Promise<void> {
    const { file, parts } = this.output();
    await file.writeText("a");
    await mkdir(parts[0]?.path as string);
    await new LocalTarget(join(parts[0]?.path as string, "1")).writeText("1");
  }
}

it("removeOutputs() removes files and whole directories, and tells what was absent and what it cannot remove", async () => {
  const task = new Made({ directory });
  await task.run();
  const { file, parts } = task.output();
  expect(await removeOutputs(task)).toEqual({
    removed: [String(file), String(parts[0])],
    absent: [String(parts[1])],
    kept: ["mail to ops"],
  });
  expect(await file.exists()).toBe(false);
  expect(await parts[0]?.exists()).toBe(false);
});

it("removeOutputs() has nothing to do for a task without outputs", async () => {
  class Nothing extends Job {}
  expect(await removeOutputs(new Nothing())).toEqual({ removed: [], absent: [], kept: [] });
});
