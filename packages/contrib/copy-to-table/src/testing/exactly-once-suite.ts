import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { assertWhole, CRASH_MODES, crashLoad, type CrashWorkspace } from "./crash-loads.ts";
import {
  AT_ONCE,
  type CrashAttempt,
  everyPoint,
  everyPointOfAll,
  inBatches,
  openAttempt,
  pick,
  type Point,
  randomFrom,
} from "./crash-points.ts";
import { runTask } from "./load-workspace.ts";
import type { LoadReport } from "./load-server.ts";
import { type TestRunner, testsWith } from "./runner.ts";

export interface ExactlyOnceOptions {
  /** Whether to take the minutes that it takes to kill the server at every message, and to end loads at 200 random moments. */
  readonly isThorough: boolean;
  /** Chooses the moments. */
  readonly seed: number;
}

/**
 * What ends a load by force leaves all of it or nothing, and the next run of the task loads it once. Calls `open` for each
 * test.
 */
export function exactlyOnceSuite(
  runner: TestRunner,
  name: string,
  open: () => Promise<CrashWorkspace>,
  { isThorough, seed }: ExactlyOnceOptions,
): void {
  const moments = isThorough ? 200 : 24;
  const test = testsWith(runner, open);
  runner.describe(`${name}, ended by force`, () => {
    for (const mode of CRASH_MODES) {
      test(`is whole or absent when its connection is cut at any message (${mode})`, async (workspace) => {
        const points = await everyPoint(workspace, mode);
        await inBatches(points, (batch) => cutAll(workspace, batch));
      });
    }

    test("is whole or absent when its process is killed at any message", async (workspace) => {
      const points = await everyPointOfAll(workspace);
      // Of a process that dies before it sends a message, the server has what it has after the message before.
      const sent = points.filter(({ stop }) => stop.sent === 1);
      await inBatches(sent, (batch) => killProcess(workspace, batch));
    });

    if (isThorough) {
      test("is whole or absent when the server is killed at any message", async (workspace) => {
        await inBatches(await everyPointOfAll(workspace), (batch) => killServer(workspace, batch));
      });
    }

    test(`is whole or absent when all ends at ${moments} random moments (seed ${seed})`, async (workspace) => {
      const random = randomFrom(seed);
      const points = pick(await everyPointOfAll(workspace), moments, random);
      const shares = points.map((point) => ({ ...point, stop: { ...point.stop, sent: random() } }));
      await inBatches(shares, (batch) => cutAll(workspace, batch));
      await inBatches(shares, (batch) => killProcess(workspace, batch));
      await inBatches(shares, (batch) => killServer(workspace, batch));
    });

    test("is loaded once when an attempt goes on whose place another one has taken, at any message", async (workspace) => {
      const all = await everyPointOfAll(workspace);
      const points = isThorough ? all : pick(all, 2 * AT_ONCE, randomFrom(seed));
      await inBatches(points, (batch) => outliveAll(workspace, batch));
    });

    test("is loaded once by two processes that run it at the same time, and both end by themselves", async (workspace) => {
      await raceProcesses(workspace);
    });
  });
}

/** Cuts the connection of each load at its point. */
async function cutAll(workspace: CrashWorkspace, points: readonly Point[]): Promise<void> {
  await Promise.all(
    points.map(async (point) => {
      const attempt = await openAttempt(workspace, point);
      void attempt.proxy.stopped.then(() => attempt.proxy.cut());
      const claim = await claimOf(workspace, attempt);
      attempt.proxy.close();
      await assertOnce(workspace, attempt, claim);
    }),
  );
}

/** Time for a second attempt to load, or to come to where it waits for the first. Either way the outcome is the same. */
const HEAD_START_MS = 300;

/**
 * Stops attempts at their points, as if their machine were asleep, and runs the same loads again. Then the first attempts go
 * on: the marker decides which one of two has loaded.
 */
async function outliveAll(workspace: CrashWorkspace, points: readonly Point[]): Promise<void> {
  const attempts = await Promise.all(points.map((point) => openAttempt(workspace, point)));
  const late = attempts.map(({ load }) => lineOf(runTask(crashLoad(workspace, load))));
  await Promise.all(attempts.map(({ proxy }) => proxy.stopped));
  const second = attempts.map(({ load }) =>
    lineOf(runTask(crashLoad(workspace, { ...load, url: workspace.url }))),
  );
  await Promise.race([Promise.all(second), sleep(HEAD_START_MS)]);
  for (const { proxy } of attempts) proxy.resume();
  for (const [index, { load, proxy, what }] of attempts.entries()) {
    const lines = [await late[index], await second[index]];
    const loaded = lines.filter((line) => line?.startsWith("Loaded "));
    assert.equal(loaded.length, 1, `${what}: ${lines.join("; ")}`);
    assert.equal(await assertWhole(workspace, load, what), true);
    proxy.close();
  }
}

/** What a load logged last. */
async function lineOf(lines: Promise<readonly string[]>): Promise<string | undefined> {
  return (await lines).at(-1);
}

/** Kills the server when all loads have come to their points. */
async function killServer(workspace: CrashWorkspace, points: readonly Point[]): Promise<void> {
  const attempts = await Promise.all(points.map((point) => openAttempt(workspace, point)));
  const claims = attempts.map((attempt) => claimOf(workspace, attempt));
  await Promise.all(attempts.map((attempt) => attempt.proxy.stopped));
  await workspace.killServer();
  for (const { proxy } of attempts) proxy.close();
  const claimed = await Promise.all(claims);
  await workspace.restartServer();
  await Promise.all(attempts.map((attempt, index) => assertOnce(workspace, attempt, claimed[index])));
}

/** Kills a process when all of its loads have come to their points. */
async function killProcess(workspace: CrashWorkspace, points: readonly Point[]): Promise<void> {
  const attempts = await Promise.all(points.map((point) => openAttempt(workspace, point)));
  const child = workspace.forkLoader();
  const ended = once(child, "exit");
  const failure = collectReports(child, 1).then(([report]) => {
    throw new Error(`A load ended before its process was killed: ${JSON.stringify(report)}`);
  });
  failure.catch(() => {});
  child.send(attempts.map(({ load }) => load));
  const stopped = attempts.map((attempt) => attempt.proxy.stopped);
  await Promise.race([Promise.all(stopped), failure]).finally(() => child.kill("SIGKILL"));
  await ended;
  for (const { proxy } of attempts) proxy.close();
  await Promise.all(attempts.map((attempt) => assertOnce(workspace, attempt)));
}

/** Whether the load says that it is done. */
async function claimOf(workspace: CrashWorkspace, { load }: CrashAttempt): Promise<boolean> {
  return runTask(crashLoad(workspace, load)).then(
    () => true,
    () => false,
  );
}

/**
 * Says that a load is whole or absent, and in the end there once.
 *
 * @param claim whether the load itself said that it was done; `undefined` when it was killed
 */
async function assertOnce(
  workspace: CrashWorkspace,
  { load, what }: CrashAttempt,
  claim?: boolean,
): Promise<void> {
  const isDone = await assertWhole(workspace, load, what);
  if (claim === true) assert.equal(isDone, true, `${what} said that it is done, and is not`);
  await runTask(crashLoad(workspace, { ...load, url: workspace.url }));
  assert.equal(await assertWhole(workspace, load, `${what}, run again`), true);
}

/** Sends the same loads to two processes. */
async function raceProcesses(workspace: CrashWorkspace): Promise<void> {
  const opened = CRASH_MODES.map((mode) => openAttempt(workspace, { mode }));
  const attempts = await Promise.all(opened);
  const loads = attempts.map(({ load }) => ({ ...load, url: workspace.url }));
  const children = [workspace.forkLoader(), workspace.forkLoader()];
  const reports = children.map((child) => collectReports(child, loads.length));
  await Promise.all(children.map((child) => Promise.race([once(child, "message"), failAtEnd(child)])));
  for (const child of children) child.send(loads);
  const lines = (await Promise.all(reports)).flat();
  const ends = await Promise.all(children.map(endOf));
  assert.deepEqual(ends, [0, 0]);
  for (const { proxy, load } of attempts) {
    proxy.close();
    assert.equal(await assertWhole(workspace, load, load.mode), true);
    const own = lines.filter(({ table }) => table === load.table).map(({ line }) => line);
    assert.equal(own.filter((line) => line.startsWith("Loaded ")).length, 1, own.join("; "));
    assert.equal(own.filter((line) => line.startsWith("Nothing to do ")).length, 1, own.join("; "));
  }
}

/** Lets a process end, which pools of connections must not hinder; gives its exit code. */
async function endOf(child: ChildProcess): Promise<number | null> {
  const ended = once(child, "exit") as Promise<[number | null]>;
  child.disconnect();
  const [code] = await ended;
  return code;
}

async function collectReports(child: ChildProcess, count: number): Promise<LoadReport[]> {
  const reports: LoadReport[] = [];
  const all = new Promise<void>((resolve) => {
    child.on("message", (report: LoadReport | "ready") => {
      if (report !== "ready" && reports.push(report) === count) resolve();
    });
  });
  await Promise.race([all, failAtEnd(child)]);
  return reports;
}

/** Rejects when a process ends before its time. */
function failAtEnd(child: ChildProcess): Promise<never> {
  const failure = once(child, "exit").then(([code, signal]) => {
    throw new Error(`The process of the loads ended before its time: ${code ?? signal}.`);
  });
  // Who waits for it hears of it; at the end, nobody does.
  failure.catch(() => {});
  return failure;
}
