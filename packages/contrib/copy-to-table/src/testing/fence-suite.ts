import assert from "node:assert/strict";
import { LeatError, messageOf, type RunContext } from "@leat/core";
import type { CopyToTable } from "../copy-to-table.ts";
import { assertWhole, type CrashLoad, crashLoad, newRows, type ProxiedWorkspace } from "./crash-loads.ts";
import { everyPointOfAll, inBatches, openAttempt, pick, type Point, randomFrom } from "./crash-points.ts";
import { runTask } from "./load-workspace.ts";
import { type TestRunner, testsWith } from "./runner.ts";

export interface FenceWorkspace extends ProxiedWorkspace {
  /** The URL of another user, who may do what loads do, but not end sessions of the user of `url`. */
  readonly otherUserUrl: string;
  /** Begins a transaction of the user's own, in which the marker of a load can be written. */
  readonly begin: (load: CrashLoad) => Promise<OwnTransaction>;
}

/** A transaction of the user's own, with a connection of its own. */
export interface OwnTransaction {
  readonly write: (token: string) => Promise<boolean>;
  readonly commit: () => Promise<void>;
  readonly rollback: () => Promise<void>;
}

export interface FenceOptions {
  /** Whether to stop loads at every message, and not at some of them. */
  readonly isThorough: boolean;
  /** Chooses the messages. */
  readonly seed: number;
}

/** When the states of three schedulers began, as they write it. */
const [BEFORE, EPOCH, LATER] = ["mhzzzzzz", "mi000000", "mi000001"] as const;

/**
 * An attempt of a shared scheduler that another one has replaced commits nothing, and the other one does not wait for it. Calls
 * `open` for each test.
 */
export function fenceSuite(
  runner: TestRunner,
  name: string,
  open: () => Promise<FenceWorkspace>,
  { isThorough, seed }: FenceOptions,
): void {
  const test = testsWith(runner, open);
  runner.describe(`${name}, replaced by a newer attempt`, () => {
    test(`is loaded by the newer one while it stands still at any message (seed ${seed})`, async (workspace) => {
      const all = await everyPointOfAll(workspace, attempt(1));
      const points = isThorough ? all : pick(all, 32, randomFrom(seed));
      await inBatches(points, (batch) => replaceAll(workspace, batch));
    });

    test("is ended while it waits for rows, and told why", async (workspace) => {
      const load = await openLoad(workspace);
      const late = gatedLoad(workspace, load);
      const ended = outcomeOf(late.task, attempt(1));
      await late.isAtGate;
      assert.equal(await outcomeOf(crashLoad(workspace, load), attempt(2)), "loaded");
      late.openGate();
      assert.equal(await ended, "TASK_LEASE_LOST");
      assert.equal(await assertWhole(workspace, load, "after both"), true);
    });

    test("is refused its commit where nobody may end its session", async (workspace) => {
      const load = await openLoad(workspace);
      const late = gatedLoad(workspace, load);
      const ended = outcomeOf(late.task, attempt(1));
      await late.isAtGate;
      const other = { ...load, url: workspace.otherUserUrl };
      const newer = outcomeOf(crashLoad(workspace, other), attempt(2));
      await fenceOf(workspace, load, 2);
      late.openGate();
      assert.equal(await ended, "TASK_LEASE_LOST");
      assert.equal(await newer, "loaded");
      assert.equal(await assertWhole(workspace, load, "after both"), true);
    });

    test("is refused at its start when the newer one began, whatever became of that", async (workspace) => {
      const load = await openLoad(workspace);
      assert.equal(await outcomeOf(crashLoad(workspace, load, badRows), attempt(2)), "bad rows");
      assert.equal(await outcomeOf(crashLoad(workspace, load, badRows), attempt(1)), "TASK_LEASE_LOST");
      assert.equal(await assertWhole(workspace, load, "after both"), false);
      assert.equal(await outcomeOf(crashLoad(workspace, load), attempt(2)), "loaded");
      assert.equal(await outcomeOf(crashLoad(workspace, load), attempt(3)), "nothing to do");
      assert.equal(await assertWhole(workspace, load, "in the end"), true);
    });

    test("is replaced by attempts of a scheduler that has lost its state, and counts anew", async (workspace) => {
      const load = await openLoad(workspace);
      const late = gatedLoad(workspace, load);
      const ended = outcomeOf(late.task, attempt(900));
      await late.isAtGate;
      assert.equal(await outcomeOf(crashLoad(workspace, load), attempt(1, LATER)), "loaded");
      late.openGate();
      assert.equal(await ended, "TASK_LEASE_LOST");
      assert.equal(await assertWhole(workspace, load, "after both"), true);
    });

    test("locks out no scheduler whose state began earlier, unless a load is under way", async (workspace) => {
      const load = await openLoad(workspace);
      const underWay = gatedLoad(workspace, load);
      const ended = outcomeOf(underWay.task, attempt(1));
      await underWay.isAtGate;
      assert.equal(await outcomeOf(crashLoad(workspace, load), attempt(1, BEFORE)), "TASK_LEASE_LOST");
      underWay.openGate(new Error("bad rows"));
      assert.equal(await ended, "bad rows");
      assert.equal(await outcomeOf(crashLoad(workspace, load), attempt(2, BEFORE)), "loaded");
      assert.equal(await assertWhole(workspace, load, "in the end"), true);
    });

    test("cannot write its marker in a transaction of its own", async (workspace) => {
      const load = await openLoad(workspace);
      const marker = crashLoad(workspace, load).output();
      await marker.fence(attempt(1).token);
      const late = await workspace.begin(load);
      await marker.fence(attempt(2).token);
      await assert.rejects(marker.fence(attempt(1).token), { code: "TASK_LEASE_LOST" });
      await assert.rejects(late.write(attempt(1).token), { code: "TASK_LEASE_LOST" });
      await late.rollback();
      const newer = await workspace.begin(load);
      assert.equal(await newer.write(attempt(2).token), true);
      assert.equal(await marker.exists(), false);
      await newer.commit();
      assert.equal(await marker.exists(), true);
      await marker.fence(attempt(3).token);
      const again = await workspace.begin(load);
      assert.equal(await again.write(attempt(3).token), false);
      await again.rollback();
    });

    test("leaves no trace of a fence when there is no shared scheduler", async (workspace) => {
      const load = await openLoad(workspace);
      assert.equal(await outcomeOf(crashLoad(workspace, load), attempt(1, "1")), "loaded");
      const marker = crashLoad(workspace, load).output();
      await marker.remove();
      await marker.fence(attempt(1, "1").token);
      const own = await workspace.begin(load);
      assert.equal(await own.write(attempt(1, "1").token), true);
      await own.commit();
      await assert.rejects(fenceOf(workspace, load, 1), workspace.isMissingTable);
    });
  });
}

/** What an attempt with this number has in its context. */
function attempt(number: number, epoch: string = EPOCH): { readonly token: string } {
  return { token: `${epoch}-${number}` };
}

/** A load whose table holds rows that it replaces, so that it holds locks. */
async function openLoad(workspace: FenceWorkspace): Promise<CrashLoad> {
  const { load, proxy } = await openAttempt(workspace, { mode: "replace" });
  proxy.close();
  return { ...load, url: workspace.url };
}

/** A load that has begun to give rows, and waits. */
function gatedLoad(workspace: FenceWorkspace, load: CrashLoad) {
  let arrive = (): void => {};
  let openGate: (error?: Error) => void = () => {};
  const isAtGate = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const gate = new Promise<void>((resolve, reject) => {
    openGate = (error) => (error === undefined ? resolve() : reject(error));
  });
  const task = crashLoad(workspace, load, async function* () {
    for await (const row of newRows()) {
      yield row;
      arrive();
      await gate;
    }
  });
  return { task, isAtGate, openGate };
}

function badRows(): never {
  throw new Error("bad rows");
}

/** Runs an attempt; gives what became of it: the code of its error, or its message. */
async function outcomeOf(task: CopyToTable, context: Partial<RunContext>): Promise<string> {
  try {
    const lines = await runTask(task, context);
    return lines.at(-1)?.startsWith("Loaded ") ? "loaded" : "nothing to do";
  } catch (error) {
    return LeatError.is(error) ? error.code : messageOf(error);
  }
}

/** Waits until an attempt of this number has raised the fence. */
async function fenceOf({ query }: FenceWorkspace, load: CrashLoad, number: number): Promise<void> {
  for (;;) {
    const [row] = await query(`select number from ${load.markerTable}_fence where update_id = 'load'`);
    if (row?.["number"] === String(number)) return;
  }
}

/** Stops attempts at their points, runs newer ones to their end, and only then lets the first go on. */
async function replaceAll(workspace: FenceWorkspace, points: readonly Point[]): Promise<void> {
  const attempts = await Promise.all(points.map((point) => openAttempt(workspace, point)));
  const late = attempts.map(({ load }) => outcomeOf(crashLoad(workspace, load), attempt(1)));
  await Promise.all(attempts.map(({ proxy }) => proxy.stopped));
  const newer = await Promise.all(
    attempts.map(({ load }) => outcomeOf(crashLoad(workspace, { ...load, url: workspace.url }), attempt(2))),
  );
  for (const { proxy } of attempts) proxy.resume();
  for (const [index, { load, proxy, what }] of attempts.entries()) {
    assertReplaced({ late: await late[index], newer: newer[index] }, what);
    assert.equal(await assertWhole(workspace, load, what), true);
    proxy.close();
  }
}

/** What may become of the late one where the newer one has loaded, or has found it loaded. */
const LATE_OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  // It finds the marker when it was stopped just before its transaction; one that was stopped while it connected may give up; one
  // that was stopped between its look at the fence and its COMMIT loses its session a moment before the fence is raised.
  loaded: ["TASK_LEASE_LOST", "nothing to do", "TARGET_TIMEOUT", "TARGET_UNAVAILABLE"],
  // It was stopped behind its COMMIT, and does not learn how that ended when its session was.
  "nothing to do": ["loaded", "TASK_LEASE_LOST"],
};

function assertReplaced({ late = "", newer = "" }, what: string): void {
  assert.ok(LATE_OUTCOMES[newer]?.includes(late), `${what}: ${late}, ${newer}`);
}
