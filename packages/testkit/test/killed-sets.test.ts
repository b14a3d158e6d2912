import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sweepOrphans } from "@leat/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { randomNumbers } from "./random-numbers.ts";

const KILLS = Number(process.env["LEAT_KILLS"] ?? 5);
/** A set takes about a millisecond: any moment within some of them. */
const MOST_MS = 30;

const seed = Number(process.env["LEAT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "leat-sets-"));
});

afterEach(() => rm(directory, { recursive: true }));

it(`a process killed at any of ${KILLS} moments leaves a whole set or one without its last file (LEAT_SEED=${seed})`, async () => {
  const random = randomNumbers(seed);
  const mixed: unknown[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const child = await publishing();
    // The kill may come at any moment, so it follows no event.
    await passed(random() * MOST_MS);
    await killed(child);

    const contents = await contentsOfSet();
    if (contents.at(-1) !== undefined && new Set(contents).size > 1) mixed.push(contents);
  }
  expect(mixed).toEqual([]);
}, 300_000);

it("a sweep removes what killed processes were making, and nothing of those that live", async () => {
  const dead = await killedHalfway();
  const living = await publishing();
  const isOf = (child: ChildProcess) => (path: string) => path.includes(`.leat-tmp-${child.pid}-`);

  const early = await sweepOrphans(directory);
  expect(early.removed).toEqual([]);
  expect(early.kept.find(({ path }) => isOf(dead)(path))?.reason).toBe(
    "it was written to less than 3600 s ago",
  );

  const { removed, kept } = await sweepOrphans(directory, { olderThanSeconds: 0 });
  expect(removed.length).toBeGreaterThan(0);
  expect(removed.every(isOf(dead))).toBe(true);
  expect(kept.every(({ path }) => isOf(living)(path))).toBe(true);
  // What it was making has not been taken from it.
  await once(living, "message");
  expect(living.exitCode).toBeNull();
  await killed(living);
  await sweepOrphans(directory, { olderThanSeconds: 0 });
  expect((await readdir(directory)).filter((name) => name.startsWith("."))).toEqual([]);
}, 300_000);

/** A child that has published a set. */
async function publishing(): Promise<ChildProcess> {
  const module = fileURLToPath(new URL("./publishing-child.ts", import.meta.url));
  const child = fork(module, [directory], { execArgv: ["--conditions=@leat/source", "--import=tsx"] });
  await once(child, "message");
  return child;
}

/** A child that was killed in the middle of something, and has left that. */
async function killedHalfway(): Promise<ChildProcess> {
  for (;;) {
    const child = await publishing();
    await untilOrphans(child);
    // What the system was doing for it when it was stopped may have come to an end.
    if (await hasOrphans(child)) return child;
  }
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** Stops the child again and again until it stands in the middle of something, and kills it there. */
async function untilOrphans(child: ChildProcess): Promise<void> {
  for (;;) {
    child.kill("SIGSTOP");
    if (await hasOrphans(child)) return killed(child);
    child.kill("SIGCONT");
    await passed(1);
  }
}

async function hasOrphans(child: ChildProcess): Promise<boolean> {
  return (await readdir(directory)).some((name) => name.includes(`.leat-tmp-${child.pid}-`));
}

async function contentsOfSet(): Promise<(string | undefined)[]> {
  const read = (name: string) => readFile(join(directory, name), "utf8").catch(() => undefined);
  return Promise.all(["a.txt", "b.txt", "c.txt"].map(read));
}
