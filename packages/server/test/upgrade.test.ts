import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { describe, expect, it } from "vitest";
import { openSqlite, SCHEMA_VERSION } from "../src/sqlite-database.ts";
import { fixture, goOn, oldState, openState, sayAsThen, workOn } from "./old-states.ts";
import { temporaryFolder } from "./support.ts";

/** Versions 1 and 2 were never in any leatd that somebody else could have. */
const VERSIONS = [
  { version: 3, commands: 9 },
  { version: 4, commands: 11 },
  { version: 5, commands: 11 },
];

function writeState(sql: string): string {
  const path = join(temporaryFolder(), "leatd.db");
  const database = new Database(path);
  database.exec(sql);
  database.close();
  return path;
}

const openOld = (version: number) => openState(writeState(fixture(`state-v${version}.sql`)));

describe.each(VERSIONS)("a state file of version $version", ({ version, commands }) => {
  it("is gone on with: tasks, workers, attempts, commands after the snapshot, history, runs and logs", async () => {
    const store = await openOld(version);
    const { engine, replayed } = await goOn(store);
    const then = oldState(version);
    expect(replayed).toBe(commands);
    expect(then.attempts).toHaveLength(3);
    expect(await sayAsThen(engine, store, then)).toEqual(then);
    expect(await store.database.rows("PRAGMA user_version")).toEqual([{ user_version: SCHEMA_VERSION }]);
  });

  it("is worked on with: attempts that began before end, and are kept with those of then", async () => {
    const store = await openOld(version);
    const { engine } = await goOn(store);
    await workOn(engine);
    const kept = await store.database.rows("SELECT task_id FROM attempts ORDER BY id DESC");
    expect(kept.map((row) => row["task_id"])).toEqual(["Running", "Disabled", "Failed", "Done"]);
  });
});

it("has a state of each version that can be met, the present one included", () => {
  expect(VERSIONS.map(({ version }) => version)).toEqual([3, 4, SCHEMA_VERSION]);
});

it("leaves a state file alone that a later version wrote, and says which file, which version and what to do", () => {
  const path = writeState(`CREATE TABLE future (id INTEGER); PRAGMA user_version = ${SCHEMA_VERSION + 1};`);
  const before = readFileSync(path);
  const message =
    `The state file "${path}" has version ${SCHEMA_VERSION + 1}, and this leatd knows versions up to ` +
    `${SCHEMA_VERSION}. Use the leatd that wrote it, or a later one.`;
  expect(() => openSqlite(path)).toThrow(expect.objectContaining({ code: "STATE_TOO_NEW", message }));
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(existsSync(`${path}-wal`)).toBe(false);
});
