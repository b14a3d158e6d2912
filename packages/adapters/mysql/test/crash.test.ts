import { fork } from "node:child_process";
import { once } from "node:events";
import { runTask } from "@leat/copy-to-table/testing";
import { MysqlTarget } from "@leat/mysql";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { createDatabase, describeMysql, query } from "./mysql-servers.ts";
import { SEED } from "./seed.ts";

const CHILD = new URL("load-child.ts", import.meta.url);
const COLUMNS = [
  ["n", "bigint"],
  ["text", "text"],
] as const;
/** Steps that a load tells: its start, 20 batches, the end of the copy, the end of the task. */
const STEPS = 23;

/** Runs a load in a process of its own and gives the last line of its log; kills it some time after its n-th step when told to. */
async function loadInChild(url: string, kill = { atStep: Infinity, delayMs: 0 }): Promise<string> {
  const child = fork(CHILD, {
    env: { ...process.env, MYSQL_URL: url },
    execArgv: ["--import", "tsx", "--conditions=@leat/source"],
  });
  let steps = 0;
  let last = "";
  child.on("message", (step: string) => {
    last = step;
    // A moment between two steps: most of the statements of a load are there.
    if (++steps === kill.atStep) setTimeout(() => child.kill("SIGKILL"), kill.delayMs);
  });
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  // A kill after the last step may come too late.
  const isKilled = kill.atStep < STEPS || signal !== null;
  expect({ code, signal }).toEqual(isKilled ? { code: null, signal: "SIGKILL" } : { code: 0, signal: null });
  return last;
}

/** Waits until the server has ended what a killed client began. */
async function untilAlone(url: string): Promise<void> {
  const others =
    "select count(*) as n from information_schema.processlist where db = database() and id <> connection_id()";
  while ((await query(url, others))[0]?.["n"] !== "0")
    await new Promise((resolve) => setTimeout(resolve, 20));
}

async function countRows(url: string): Promise<number> {
  const tables = await query(url, "show tables like 't'");
  if (tables.length === 0) return 0;
  const [row] = await query(url, "select count(*) as n from t");
  return Number(row?.["n"]);
}

describeMysql("A load in a process of its own", () => {
  it("ends with its process, without being told to", async () => {
    const url = await createDatabase();
    expect(await loadInChild(url)).toBe("Loaded 20000 rows into t.");
    expect(await countRows(url)).toBe(20_000);
  });

  it(`leaves all rows and the marker, or none, wherever it is killed (seed ${SEED})`, async () => {
    const anyKill = fc.record({
      atStep: fc.integer({ min: 1, max: STEPS }),
      delayMs: fc.integer({ min: 0, max: 60 }),
    });
    const kills = [
      { atStep: 1, delayMs: 0 },
      { atStep: 22, delayMs: 0 },
      { atStep: 23, delayMs: 0 },
      ...fc.sample(anyKill, { seed: SEED, numRuns: 8 }),
    ];
    for (const kill of kills) {
      const url = await createDatabase();
      const last = await loadInChild(url, kill);
      await untilAlone(url);
      const shown = `killed ${kill.delayMs} ms after step ${kill.atStep}`;
      const isDone = await new MysqlTarget("t", "load", { connection: { uri: url } }).exists();
      expect(await countRows(url), `it was ${shown}`).toBe(isDone ? 20_000 : 0);
      // COMMIT was sent some time after the copy, and answered before the last step.
      const possible = last === "copied" ? [true, false] : [last.startsWith("Loaded")];
      expect(possible, `it was ${shown}`).toContain(isDone);
      await runTask(makeLoad({ connection: url, columns: COLUMNS, rows: () => [[1, "again"]] }));
      expect(await countRows(url), `it was ${shown}`).toBe(isDone ? 20_000 : 1);
    }
  }, 120_000);

  it("loads once when two processes run it at the same time", async () => {
    const url = await createDatabase();
    const lines = await Promise.all([loadInChild(url), loadInChild(url)]);
    expect(lines.sort()).toEqual([
      "Loaded 20000 rows into t.",
      "Nothing to do for t: the marker load is there already.",
    ]);
    expect(await countRows(url)).toBe(20_000);
  });
});
