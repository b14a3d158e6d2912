import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isTemporaryPath, LocalTarget } from "@leat/core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { randomNumbers } from "./random-numbers.ts";

const KILLS = 50;
/** Pieces that a child writes before it is killed, at most: some files, and a part of one. */
const MOST_PIECES = 70;
const FILE_BYTES = 16 * 512 * 1024;

const seed = Number(process.env["LEAT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const left = { files: 0, temporary: 0 };
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "leat-end-"));
});

afterEach(() => rm(directory, { recursive: true }));

it(`a process killed at any of ${KILLS} moments leaves a whole file or none (LEAT_SEED=${seed})`, async () => {
  console.info(`LEAT_SEED=${seed}`);
  const random = randomNumbers(seed);
  const moments = Array.from({ length: KILLS }, () => 1 + Math.floor(random() * MOST_PIECES));
  const work = async (lane: number): Promise<void> => {
    for (let moment = moments.pop(); moment !== undefined; moment = moments.pop()) {
      await killAndLook(join(directory, `${lane}`, `${moments.length}`), moment);
    }
  };
  await Promise.all([work(1), work(2)]);
  console.info(`${KILLS} kills: ${left.files} left a file, ${left.temporary} left one in the making`);
  expect(left.files).toBeGreaterThan(0);
  expect(left.temporary).toBeGreaterThan(0);
}, 600_000);

it("a process that exits takes what it was writing with it", async () => {
  const child = start("./exiting-child.ts", join(directory, "a.bin"));
  await once(child, "exit");
  expect(child.exitCode).toBe(0);
  expect(await readdir(directory)).toEqual([]);
});

async function killAndLook(place: string, moment: number): Promise<void> {
  const target = new LocalTarget(join(place, "result.bin"));
  await mkdir(place, { recursive: true });
  const child = start("./rewriting-child.ts", target.path);
  await killedAt(child, moment);

  const names = await readdir(place);
  const leftovers = names.filter((name) => name !== "result.bin");
  expect(
    leftovers.every((name) => isTemporaryPath(name) && name.includes(`.result.bin.leat-tmp-${child.pid}-`)),
  ).toBe(true);
  expect(leftovers.length).toBeLessThanOrEqual(1);
  expect(!names.includes("result.bin") || (await isWhole(target.path))).toBe(true);
  left.temporary += leftovers.length;
  left.files += names.length - leftovers.length;

  await target.writeText("the next run");
  expect(await target.readText()).toBe("the next run");
  await rm(place, { recursive: true });
}

function start(module: string, path: string): ChildProcess {
  const execArgv = ["--conditions=@leat/source", "--import=tsx"];
  return fork(fileURLToPath(new URL(module, import.meta.url)), [path], { execArgv });
}

/** Kills the child when it has told of so many pieces. */
async function killedAt(child: ChildProcess, pieces: number): Promise<void> {
  const ended = once(child, "exit");
  let seen = 0;
  child.on("message", () => {
    if (++seen === pieces) child.kill("SIGKILL");
  });
  await ended;
  expect(child.signalCode).toBe("SIGKILL");
}

/** Of full length, and of one generation. */
async function isWhole(path: string): Promise<boolean> {
  const content = await readFile(path);
  return content.length === FILE_BYTES && content.equals(Buffer.alloc(FILE_BYTES, content[0]));
}
