import type { Scheduler, SnapshotRecord } from "@leat/scheduler";
import { createPostgresDatabase, describeWith, type TestDatabase } from "@leat-internal/dev-servers/vitest";
import { Client } from "pg";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { Engine } from "../src/engine.ts";
import { History } from "../src/history.ts";
import { readOperations } from "../src/operations.ts";
import { POSTGRES_SCHEMA_VERSION } from "../src/postgres-schema.ts";
import { recover } from "../src/recovery.ts";
import { openStore, type Standby, type Store } from "../src/store.ts";
import { ManualClock } from "./support.ts";

const clock = new ManualClock();

let database: TestDatabase;

interface Opened {
  readonly store: Store;
  readonly engine: Engine;
  readonly replayed: number;
  readonly failures: Error[];
}

/** A store that waits in vain for the leadership ends with the test. */
async function openNew(
  onStandby: (standby: Standby) => void = () => undefined,
  url = "http://a",
): Promise<Opened> {
  const failures: Error[] = [];
  const fail = (error: Error) => void failures.push(error);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const options = { statePath: database.url, url, signal: stop.signal, onStandby, onDeposed: fail };
  const store = await openStore(options);
  onTestFinished(() => store.journal.close().catch(() => undefined));
  const recovered = await recover(store.journal, {}, clock.ms);
  const engine = new Engine({
    ...recovered,
    journal: store.journal,
    clock: clock.read,
    listeners: [],
    onFailure: fail,
  });
  return { store, engine, replayed: recovered.replayed, failures };
}

async function runOne(
  { engine }: Opened,
  taskId: string,
  outcome: "DONE" | "FAILED" = "DONE",
): Promise<void> {
  await engine.execute({ type: "addTasks", worker: "w", tasks: [{ taskId, family: "F" }] });
  const { assignments } = await engine.execute({ type: "getWork", worker: "w" });
  const token = assignments[0]?.token ?? "";
  await engine.execute({ type: "report", worker: "w", taskId, token, outcome, explanation: "e\0e" });
}

async function sql(text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(database.url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Ends the connections of the leatd that leads, as a crash of its machine would. */
const cutLeader = () =>
  sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted");

const state = (scheduler: Scheduler): SnapshotRecord[] => [...scheduler.snapshot()];

describeWith("postgres")("a journal in PostgreSQL", () => {
  beforeEach(async () => {
    database = await createPostgresDatabase();
    return () => database.drop();
  });

  it("gives the same state again when commands were not followed by a snapshot", async () => {
    const before = await openNew();
    await runOne(before, "A");
    await runOne(before, "B\0ü", "FAILED");
    const expected = state(before.engine.scheduler);
    await before.store.journal.close();
    const after = await openNew();
    expect(after.replayed).toBe(6);
    expect(state(after.engine.scheduler)).toEqual(expected);
  });

  it("needs no commands again after an orderly stop", async () => {
    const before = await openNew();
    await runOne(before, "A");
    const expected = state(before.engine.scheduler);
    await before.engine.close();
    const after = await openNew();
    expect(after.replayed).toBe(0);
    expect(state(after.engine.scheduler)).toEqual(expected);
  });

  it("reads a long journal page by page", async () => {
    const before = await openNew();
    const beats = Array.from({ length: 5001 }, (_, n) => ({
      type: "heartbeat" as const,
      worker: `w${n % 3}`,
    }));
    await Promise.all(beats.map((command) => before.engine.execute(command)));
    await before.store.journal.close();
    expect((await openNew()).replayed).toBe(5001);
  });

  it("keeps the attempts that ended and what operators did", async () => {
    const opened = await openNew();
    await runOne(opened, "A");
    await runOne(opened, "B\0", "FAILED");
    await opened.engine.execute({ type: "act", action: "retry", taskIds: ["B\0"], reason: "again" });
    const history = new History(opened.store.database);
    const { attempts } = await history.attempts({ limit: 10 });
    expect(attempts.map(({ outcome, taskId }) => [taskId, outcome])).toEqual([
      ["B\u2400", "FAILED"],
      ["A", "DONE"],
    ]);
    expect(await history.attemptsAt(["A"])).toMatchObject([{ taskId: "A", startedAt: clock.ms }]);
    expect(await history.familyTimes(0)).toMatchObject([
      { family: "F", attempts: 2, failures: 1, medianMs: 0 },
    ]);
    expect((await history.runs(10)).runs).toMatchObject([
      { startedAt: clock.ms, endedAt: null, attempts: 2, failures: 1 },
    ]);
    const { operations } = await readOperations(opened.store.database, 10);
    expect(operations).toMatchObject([{ name: "retry", reason: "again", tasks: 1 }]);
  });

  it("refuses a damaged entry and a missing one", async () => {
    const before = await openNew();
    await runOne(before, "A");
    await before.store.journal.close();
    await sql("UPDATE leatd.entries SET command = replace(command, 'A', 'B') WHERE sequence = 1");
    await expect(openNew()).rejects.toMatchObject({ code: "STATE_DAMAGED" });
    await cutLeader();
    await sql("DELETE FROM leatd.entries WHERE sequence = 1");
    await expect(openNew()).rejects.toMatchObject({ code: "STATE_DAMAGED" });
  });

  it("refuses a state that a later version wrote", async () => {
    await (await openNew()).engine.close();
    await sql(`UPDATE leatd.schema_version SET version = ${POSTGRES_SCHEMA_VERSION + 1}`);
    await expect(openNew()).rejects.toMatchObject({ code: "STATE_TOO_NEW" });
  });

  it("names neither user nor password when it cannot be reached", async () => {
    const [user, password] = ["somebody", "hunter2"];
    const statePath = `postgres://${user}:${password}@127.0.0.1:1/db`;
    const refused = openStore({
      statePath,
      url: "",
      signal: new AbortController().signal,
      onStandby: () => undefined,
      onDeposed: () => undefined,
    });
    const error: Error = await refused.then(
      () => expect.fail("it opened"),
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: "STATE_UNUSABLE" });
    expect(error.message).not.toMatch(/somebody|hunter2/);
    expect(error.message).toContain("127.0.0.1:1/db");
  });

  it("lets one lead at a time; the next one knows everything the one before promised", async () => {
    const first = await openNew();
    await runOne(first, "A");
    const told: Standby[] = [];
    const second = openNew((standby) => told.push(standby), "http://b");
    await expect.poll(() => told).toEqual([{ leader: "http://a" }]);
    await runOne(first, "B");
    await cutLeader();
    const opened = await second;
    expect(opened.engine.scheduler.task("B")?.status).toBe("DONE");
    await expect.poll(() => first.failures[0]).toMatchObject({ code: "STATE_LOST" });
    await expect(runOne(first, "C")).rejects.toMatchObject({ code: expect.stringMatching(/^STATE_/) });
    await runOne(opened, "C");
  });

  it("lets no deposed leader write, even over a connection that still works", async () => {
    const first = await openNew();
    await runOne(first, "A");
    // Somebody released the lock behind its back, and the next one began an epoch.
    await sql("UPDATE leatd.leader SET epoch = epoch + 1");
    await expect(runOne(first, "B")).rejects.toMatchObject({ code: "STATE_LOST" });
    await expect(
      first.store.journal.saveSnapshot({ sequence: 99, config: {}, records: [] }),
    ).rejects.toMatchObject({ code: "STATE_LOST" });
    expect(await sql("SELECT max(sequence)::int AS last FROM leatd.entries")).toEqual([{ last: 3 }]);
    expect(first.failures).toHaveLength(1);
  });

  it("ends the waiting for the leadership when it is told to stop", async () => {
    await openNew();
    const stop = new AbortController();
    const waiting = openStore({
      statePath: database.url,
      url: "",
      signal: stop.signal,
      onStandby: () => stop.abort(),
      onDeposed: () => undefined,
    });
    await expect(waiting).rejects.toThrow(/abort/i);
  });
});
