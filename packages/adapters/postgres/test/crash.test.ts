import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { runTask } from "@leat/copy-to-table/testing";
import { PostgresTarget } from "@leat/postgres";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { makeLoad } from "./make-load.ts";
import { describePostgres, query } from "./postgres-servers.ts";
import { SEED } from "./seed.ts";

const CHILD = new URL("load-child.ts", import.meta.url);
const COLUMNS = [
  ["n", "bigint"],
  ["text", "text"],
] as const;
/** Steps that a load tells: its start, 20 batches, the end of the copy, the end of the task. */
const STEPS = 23;
/** After this step comes COMMIT. */
const COPIED = 22;

/** When to kill a load: while it waits at its n-th step, or some time after that. */
interface Kill {
  readonly atStep: number;
  readonly delayMs: number | undefined;
}

/** Runs a load in a process of its own, and kills it when told to. Gives the last line of its log. */
async function loadInChild(url: string, kill?: Kill): Promise<string> {
  const child = fork(CHILD, {
    env: { ...process.env, DATABASE_URL: url },
    execArgv: ["--import", "tsx", "--conditions=@leat/source"],
  });
  let steps = 0;
  let last = "";
  child.on("message", (step: string) => {
    last = step;
    const isLast = ++steps === kill?.atStep;
    if (!isLast || kill.delayMs !== undefined) child.send("go on");
    if (isLast) setTimeout(() => child.kill("SIGKILL"), kill.delayMs ?? 0);
  });
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  // A kill may come after the end, unless the load waits for it.
  const isKilled = kill !== undefined && (kill.delayMs === undefined || signal !== null);
  expect({ code, signal }).toEqual(isKilled ? { code: null, signal: "SIGKILL" } : { code: 0, signal: null });
  return last;
}

/** Waits until the server has ended what a killed client began. */
async function untilAlone(url: string): Promise<void> {
  const others = "select count(*) as n from pg_stat_activity where application_name = 'leat'";
  while ((await query(url, others))[0]?.["n"] !== "0")
    await new Promise((resolve) => setTimeout(resolve, 20));
}

describePostgres("A load in a process of its own", (server) => {
  it("ends with its process, without being told to", async () => {
    const url = await server().createSchema();
    expect(await loadInChild(url)).toBe("Loaded 20000 rows into t.");
    expect(await query(url, "select count(*) as n from t")).toEqual([{ n: "20000" }]);
  });

  it(`leaves all rows and the marker, or none, wherever it is killed (seed ${SEED})`, async () => {
    const step = fc.integer({ min: 1, max: STEPS });
    const kills: Kill[] = [
      { atStep: COPIED, delayMs: undefined },
      { atStep: COPIED, delayMs: 0 },
      { atStep: STEPS, delayMs: undefined },
      ...fc.sample(fc.record({ atStep: step, delayMs: fc.constant(undefined) }), { seed: SEED, numRuns: 12 }),
      ...fc.sample(fc.record({ atStep: step, delayMs: fc.nat(20) }), { seed: SEED, numRuns: 35 }),
    ];
    for (const kill of kills) {
      const url = await server().createSchema();
      await loadInChild(url, kill);
      await untilAlone(url);
      // Of another name than the connections of the child, for which `untilAlone` looks.
      const connection = `${url}&application_name=test`;
      const isDone = await new PostgresTarget("t", "load", { connection }).exists();
      const [table] = await query(url, "select to_regclass('t') as name");
      const [row] = table?.["name"] === null ? [{ n: "0" }] : await query(url, "select count(*) as n from t");
      expect(row, `killed: ${JSON.stringify(kill)}`).toEqual({ n: isDone ? "20000" : "0" });
      if (kill.delayMs === undefined) assert.equal(isDone, kill.atStep > COPIED, JSON.stringify(kill));
      await runTask(makeLoad({ connection, columns: COLUMNS, rows: () => [[1, "again"]] }));
      expect(await query(url, "select count(*) as n from t")).toEqual([{ n: isDone ? "20000" : "1" }]);
    }
  }, 600_000);

  it("loads once when two processes run it at the same time", async () => {
    const url = await server().createSchema();
    const lines = await Promise.all([loadInChild(url), loadInChild(url)]);
    expect(lines.sort()).toEqual([
      "Loaded 20000 rows into t.",
      "Nothing to do for t: the marker load is there already.",
    ]);
    expect(await query(url, "select count(*) as n from t")).toEqual([{ n: "20000" }]);
  });
});
