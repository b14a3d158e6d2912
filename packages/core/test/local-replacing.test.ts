import { spawnSync } from "node:child_process";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalTarget } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** Large enough to be freed later than it is replaced. */
const LARGE = Buffer.alloc(17 * 1024 * 1024, "large");

const warnings: Error[] = [];
const note = (warning: Error): void => void warnings.push(warning);

let directory: string;
beforeEach(async () => {
  process.on("warning", note);
  directory = await fs.mkdtemp(join(tmpdir(), "leat-core-"));
});
afterEach(() => {
  process.off("warning", note);
  return fs.rm(directory, { recursive: true });
});

const at = (name: string): LocalTarget => new LocalTarget(join(directory, name));

/** What replaces a file, by how. */
const ways: Readonly<Record<string, (to: LocalTarget) => Promise<void>>> = {
  writing: (to) => to.writeBytes(LARGE),
  copying: async (to) => {
    await at("other").writeBytes(LARGE);
    await at("other").copyTo(to);
  },
  moving: async (to) => {
    await at("other").writeBytes(LARGE);
    await at("other").moveTo(to);
  },
};

// Only there can be seen what a process has open.
describe.runIf(process.platform === "linux")("on Linux", () => {
  it.each(Object.keys(ways))("%s replaces a large file, which those who read it keep", async (way) => {
    const to = at("to");
    await to.writeBytes(Buffer.from(LARGE).fill("old"));
    const reader = await fs.open(to.path);
    await ways[way]?.(to);
    expect((await to.readBytes()).equals(LARGE)).toBe(true);
    expect((await reader.readFile()).subarray(0, 6).toString()).toBe("oldold");
    await reader.close();
    await expect.poll(removedButOpen).toEqual([]);
    // Node closes what was forgotten, some time later, and warns of it.
    expect(warnings).toEqual([]);
  });

  it.each(Object.keys(ways))("%s replaces a pipe that nobody writes to", async (way) => {
    expect(spawnSync("mkfifo", [at("to").path]).status).toBe(0);
    await ways[way]?.(at("to"));
    expect((await at("to").readBytes()).equals(LARGE)).toBe(true);
  });
});

/** The files below the directory of the test that this process has open and that have no name any more. */
async function removedButOpen(): Promise<string[]> {
  const numbers = await fs.readdir("/proc/self/fd");
  const paths = await Promise.all(
    numbers.map((number) => fs.readlink(`/proc/self/fd/${number}`).catch(() => "")),
  );
  return paths.filter((path) => path.startsWith(directory) && path.endsWith(" (deleted)"));
}
