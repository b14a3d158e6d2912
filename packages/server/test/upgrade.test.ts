import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Scheduler } from "@leat/scheduler";
import Database from "libsql";
import { expect, it } from "vitest";
import { Engine } from "../src/engine.ts";
import { recover } from "../src/recovery.ts";
import { openSqlite, SCHEMA_VERSION } from "../src/sqlite-database.ts";
import { SqliteJournal } from "../src/sqlite-journal.ts";
import { ManualClock, temporaryFolder } from "./support.ts";

/**
 * A state as version 3 of the schema left it when it was killed: a snapshot, the commands after it, and the records to
 * which they lead. Never made anew: a state that was written once must be readable for ever.
 */
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");

async function openOld(): Promise<{ engine: Engine; replayed: number }> {
  const path = join(temporaryFolder(), "leatd.db");
  const database = new Database(path);
  database.exec(fixture("state-v3.sql"));
  database.close();
  const clock = new ManualClock();
  const journal = new SqliteJournal(openSqlite(path), path);
  const config = { resources: { db: 2 }, retryDelaySeconds: 100, retryCount: 2 };
  const recovered = await recover(journal, config, clock.ms);
  const fail = (error: Error) => expect.fail(error.message);
  const engine = new Engine({ ...recovered, journal, clock: clock.read, listeners: [], onFailure: fail });
  return { engine, replayed: recovered.replayed };
}

/** Members that the records had then; later ones have defaults. */
function asThen(scheduler: Scheduler, then: readonly Record<string, unknown>[]): unknown[] {
  const records = [...scheduler.snapshot()] as unknown as Record<string, unknown>[];
  return records.map((record, index) => {
    const known = Object.keys(then[index] ?? {});
    return Object.fromEntries(Object.entries(record).filter(([name]) => known.includes(name)));
  });
}

it("goes on with a state that the previous version wrote, commands included", async () => {
  const { engine, replayed } = await openOld();
  const then = JSON.parse(fixture("state-v3.json"));
  expect(replayed).toBe(9);
  expect(asThen(engine.scheduler, then)).toEqual(then);
  expect(SCHEMA_VERSION).toBeGreaterThan(3);
  await engine.close();
});

it("carries out reports of attempts that began under the previous version", async () => {
  const { engine } = await openOld();
  const { attempt } = engine.scheduler.task("Running") ?? {};
  const report = { type: "report", worker: "w", taskId: "Running", token: attempt?.token ?? "" } as const;
  expect(await engine.execute({ ...report, outcome: "DONE" })).toMatchObject({ accepted: true });
  await engine.execute({ type: "act", action: "retry", taskIds: ["Disabled"], reason: "mended" });
  expect(engine.scheduler.task("Disabled")).toMatchObject({ status: "PENDING", note: { reason: "mended" } });
  await engine.close();
});
