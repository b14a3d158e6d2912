import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Scheduler, SnapshotRecord } from "@leat/scheduler";
import Database from "libsql";
import { expect, it } from "vitest";
import { Engine } from "../src/engine.ts";
import { recover, type StartConfig } from "../src/recovery.ts";
import { closeSqlite, migrate, openSqlite, SCHEMA_VERSION } from "../src/sqlite-database.ts";
import { SqliteJournal } from "../src/sqlite-journal.ts";
import { ManualClock, temporaryFolder } from "./support.ts";

interface Opened {
  readonly engine: Engine;
  readonly journal: SqliteJournal;
  readonly replayed: number;
}

async function open(path: string, clock: ManualClock, config: StartConfig = {}): Promise<Opened> {
  const journal = new SqliteJournal(openSqlite(path), path);
  try {
    const recovered = await recover(journal, config, clock.ms);
    const fail = (error: Error) => expect.fail(error.message);
    const engine = new Engine({ ...recovered, journal, clock: clock.read, listeners: [], onFailure: fail });
    return { engine, journal, replayed: recovered.replayed };
  } catch (error) {
    await journal.close();
    throw error;
  }
}

/** Two tasks, one of them done and one running. */
async function fill({ engine }: Opened): Promise<string> {
  const worker = "w";
  await engine.execute({ type: "addTasks", worker, tasks: [{ taskId: "A" }, { taskId: "B", deps: ["A"] }] });
  const first = await engine.execute({ type: "getWork", worker });
  await engine.execute({
    type: "report",
    worker,
    taskId: "A",
    token: first.assignments[0]?.token ?? "",
    outcome: "DONE",
  });
  const second = await engine.execute({ type: "getWork", worker });
  return second.assignments[0]?.token ?? "";
}

/** Changes the file while no leatd has it open. */
function tamper(path: string, sql: string): void {
  const database = new Database(path);
  database.exec(sql);
  database.close();
}

const state = (scheduler: Scheduler): SnapshotRecord[] => [...scheduler.snapshot()];

const newPath = () => join(temporaryFolder(), "state", "leatd.db");

it("gives the same state again when commands were not followed by a snapshot", async () => {
  const [path, clock] = [newPath(), new ManualClock()];
  const before = await open(path, clock);
  await fill(before);
  await before.journal.close();
  const after = await open(path, clock);
  expect(after.replayed).toBe(4);
  expect(state(after.engine.scheduler)).toEqual(state(before.engine.scheduler));
  await after.engine.close();
});

it("needs no commands again after an orderly stop", async () => {
  const [path, clock] = [newPath(), new ManualClock()];
  const before = await open(path, clock);
  await fill(before);
  await before.engine.close();
  const after = await open(path, clock);
  expect(after.replayed).toBe(0);
  expect(state(after.engine.scheduler)).toEqual(state(before.engine.scheduler));
  await after.engine.close();
});

it("does not hold the time while nobody listened against workers", async () => {
  const [path, clock] = [newPath(), new ManualClock()];
  const before = await open(path, clock, { workerTimeoutSeconds: 60 });
  const token = await fill(before);
  await before.journal.close();
  clock.pass(3600);
  const { engine } = await open(path, clock, { workerTimeoutSeconds: 60 });
  clock.pass(59);
  const reply = await engine.execute({ type: "report", worker: "w", taskId: "B", token, outcome: "DONE" });
  expect(reply).toMatchObject({ accepted: true, status: "DONE" });
  await engine.close();
});

it("never gives a token twice, also after a restart", async () => {
  const [path, clock] = [newPath(), new ManualClock()];
  const before = await open(path, clock);
  const token = await fill(before);
  await before.journal.close();
  const { engine } = await open(path, clock);
  await engine.execute({ type: "report", worker: "w", taskId: "B", token, outcome: "PENDING" });
  const { assignments } = await engine.execute({ type: "getWork", worker: "w" });
  expect(assignments[0]?.taskId).toBe("B");
  expect(assignments[0]?.token).not.toBe(token);
  await engine.close();
});

it("carries commands out again with the settings they had, and goes on with the new ones", async () => {
  const [path, clock] = [newPath(), new ManualClock()];
  const before = await open(path, clock, { resources: { db: 2, disk: 5 } });
  const tasks = ["A", "B", "C"].map((taskId) => ({ taskId, resources: { db: 1 } }));
  await before.engine.execute({ type: "addTasks", worker: "w", tasks });
  await before.engine.execute({ type: "setResource", resource: "disk", limit: 7 });
  const given = await before.engine.execute({ type: "getWork", worker: "w", slots: 3 });
  expect(given.assignments).toHaveLength(2);
  await before.journal.close();
  const { engine } = await open(path, clock, { resources: { db: 1, disk: 5 } });
  expect(engine.scheduler.resources()).toMatchObject([
    { resource: "db", limit: 1, used: 2 },
    { resource: "disk", limit: 7, used: 0 },
  ]);
  await engine.close();
});

it("keeps a paused scheduler paused", async () => {
  const [path, clock] = [newPath(), new ManualClock()];
  const before = await open(path, clock);
  await before.engine.execute({ type: "setPaused", paused: true });
  await before.journal.close();
  const { engine } = await open(path, clock);
  expect(engine.scheduler.isPaused).toBe(true);
  await engine.close();
});

it("loads a state that an earlier version of the schema wrote", async () => {
  const path = join(temporaryFolder(), "old.db");
  const old = new Database(path);
  migrate(old, 1);
  old.exec(`INSERT INTO snapshot VALUES (1, 0, '{"epoch":"old"}')`);
  old.close();
  const { engine } = await open(path, new ManualClock());
  await engine.execute({ type: "addTasks", worker: "w", tasks: [{ taskId: "A" }] });
  const { assignments } = await engine.execute({ type: "getWork", worker: "w" });
  expect(assignments[0]?.token).toMatch(/^old-/);
  await engine.close();
  const database = openSqlite(path);
  expect(database.prepare("PRAGMA user_version").raw().all()).toEqual([[SCHEMA_VERSION]]);
  closeSqlite(database);
});

it.each([
  ["a changed command", "UPDATE entries SET command = replace(command, 'DONE', 'FAILED') WHERE sequence = 3"],
  ["a command cut off", "UPDATE entries SET command = substr(command, 1, 10) WHERE sequence = 4"],
  ["a missing command", "DELETE FROM entries WHERE sequence = 2"],
  ["a changed snapshot", "UPDATE snapshot_parts SET records = replace(records, 'false', 'true')"],
  [
    "a command whose reply was another",
    "UPDATE entries SET reply_checksum = reply_checksum + 1 WHERE sequence = 4",
  ],
])("reports %s instead of going on without it", async (_what, sql) => {
  const [path, clock] = [newPath(), new ManualClock()];
  const before = await open(path, clock);
  await fill(before);
  await before.journal.close();
  tamper(path, sql);
  await expect(open(path, clock)).rejects.toMatchObject({ code: "STATE_DAMAGED" });
});

it("says which file is no state of leatd", async () => {
  const path = join(temporaryFolder(), "notes.txt");
  writeFileSync(path, "These are notes, and no database at all.\n".repeat(200));
  expect(() => openSqlite(path)).toThrow(
    expect.objectContaining({ code: "STATE_DAMAGED", message: expect.stringContaining(path) }),
  );
});

it("does not open a state that another leatd uses", async () => {
  const path = newPath();
  const { engine } = await open(path, new ManualClock());
  expect(() => openSqlite(path)).toThrow(expect.objectContaining({ code: "STATE_LOCKED" }));
  await engine.close();
});

it("puts commands that come together into one commit", async () => {
  const { engine, journal } = await open(newPath(), new ManualClock());
  const sizes: number[] = [];
  const append = journal.append.bind(journal);
  journal.append = (commit) => {
    sizes.push(commit.entries.length);
    return append(commit);
  };
  await Promise.all(
    Array.from({ length: 50 }, (_, n) => engine.execute({ type: "heartbeat", worker: `w${n}` })),
  );
  expect(sizes).toEqual([50]);
  await engine.close();
});

it("takes a snapshot by itself when the entries have grown long", async () => {
  const [path, clock] = [newPath(), new ManualClock()];
  const before = await open(path, clock);
  const explanation = "x".repeat(1_000_000);
  for (let n = 0; n < 70; n++) {
    await before.engine.execute({ type: "addTasks", worker: "w", tasks: [{ taskId: "A", explanation }] });
  }
  await before.journal.close();
  const after = await open(path, clock);
  expect(after.replayed).toBeLessThan(10);
  expect(state(after.engine.scheduler)).toEqual(state(before.engine.scheduler));
  await after.engine.close();
});
