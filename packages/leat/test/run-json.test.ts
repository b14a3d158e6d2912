import { fileURLToPath } from "node:url";
import { MemoryTarget } from "@leat/core";
import { beforeEach, expect, it } from "vitest";
import { leat, useDirectory } from "./command-line.ts";

const OUTCOMES = fileURLToPath(new URL("./fixtures/outcomes.ts", import.meta.url));

/** Lines of Luigi's text, and the sets that say the same. */
const SETS: Readonly<Record<string, string>> = {
  "complete ones were encountered": "alreadyDone",
  "ran successfully": "succeeded",
  failed: "failed",
  "failed scheduling": "schedulingFailed",
  "were missing external dependencies": "missingExternal",
  "had failed dependencies": "upstreamFailed",
  "had missing dependencies": "upstreamMissing",
  "had dependencies whose scheduling failed": "upstreamSchedulingFailed",
};

interface Said {
  readonly status: string;
  readonly exitCode: number;
  readonly message: string;
  readonly summary: {
    readonly scheduled: number;
    readonly sets: Readonly<Record<string, { readonly count: number; readonly tasks: readonly string[] }>>;
  };
  readonly tasks: readonly { readonly id: string; readonly state: string; readonly error?: object }[];
}

useDirectory();
beforeEach(async () => {
  for (const name of ["1", "2"]) await new MemoryTarget(`outcomes/${name}`).remove();
});

const run = (...flags: string[]) => leat(["run", OUTCOMES, "AllOutcomes", "--log-level", "silent", ...flags]);

it("--json says what the summary says, set by set", async () => {
  const text = (await run("--summary-lines", "0")).stdout;
  await new MemoryTarget("outcomes/1").remove();
  await new MemoryTarget("outcomes/2").remove();
  const { stdout, exitCode } = await run("--json");
  const said = JSON.parse(stdout) as Said;
  const counts = [...text.matchAll(/^ *\* (\d+) (.*):$/gm)].flatMap(([, count, header = ""]) =>
    header.startsWith("were left pending") ? [] : [[SETS[header], Number(count)]],
  );
  expect(counts.map(([set]) => set)).toEqual(Object.values(SETS));
  const shown = counts.map(([set]) => [set, said.summary.sets[set as string]?.count]);
  expect(shown).toEqual(counts);
  expect(text).toContain(`Scheduled ${said.summary.scheduled} tasks of which:`);
  expect(text).toContain(said.message);
  expect(exitCode).toBe(said.exitCode);
});

it("--json names the tasks of each set by id, and tells of each task what became of it", async () => {
  const { summary, tasks } = JSON.parse((await run("--json")).stdout) as Said;
  const states = new Map(tasks.map(({ id, state }) => [id, state]));
  const statesOf = (set: string) => [...new Set(summary.sets[set]?.tasks.map((id) => states.get(id)))];
  expect(statesOf("succeeded")).toEqual(["succeeded"]);
  expect(statesOf("failed")).toEqual(["failed"]);
  expect(statesOf("missingExternal")).toEqual(["missing"]);
  expect(statesOf("upstreamFailed")).toEqual(["pending"]);
  expect(tasks.find(({ state }) => state === "failed")?.error).toEqual({
    name: "Error",
    message: "no f today",
  });
});
