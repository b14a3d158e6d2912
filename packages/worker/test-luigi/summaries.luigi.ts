import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { luigiPrograms } from "@leat-internal/dev-servers";
import { EventBus, type Task } from "@leat/core";
import { LocalScheduler, Scheduler } from "@leat/scheduler";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { InlineRunner } from "../src/inline-runner.ts";
import { plan } from "../src/plan.ts";
import { RunGraph } from "../src/run-graph.ts";
import { summarize, type Summary } from "../src/summary.ts";
import { summaryText } from "../src/summary-text.ts";
import { Worker } from "../src/worker.ts";
import { tasksOf } from "./graph-tasks.ts";
import { type Graph, graphs, OUTCOMES } from "./random-graphs.ts";

const COUNT = Number(process.env["LEAT_GRAPHS"] ?? 100);
const seed = Number(process.env["LEAT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const log = { debug() {}, info() {}, warn() {}, error() {} };

describe(`execution summaries of ${COUNT} random graphs, seed ${seed}`, () => {
  const samples = fc.sample(graphs, { numRuns: COUNT, seed });
  let luigis: readonly string[];

  beforeAll(async () => {
    luigis = await summarizeWithLuigi(samples);
  });

  it("are those of Luigi, line for line", async () => {
    const differences: object[] = [];
    for (const [index, graph] of samples.entries()) {
      const ours = summaryText((await runGraph(graph)).summary);
      if (ours !== luigis[index])
        differences.push({ ours, luigi: luigis[index], graph: JSON.stringify(graph) });
    }
    expect(differences.slice(0, 3)).toEqual([]);
  });

  it("have every part of a summary", () => {
    const all = luigis.join("\n");
    for (const part of [
      "complete ones were encountered:",
      "ran successfully:",
      "failed:",
      "failed scheduling:",
      "were missing external dependencies:",
      "were being run by another worker:",
      "had failed dependencies:",
      "had missing dependencies:",
      "had dependencies that were being run by other worker:",
      "had dependencies whose scheduling failed:",
      "was not granted run permission by the scheduler:",
      "The other workers were:",
      "...",
      "(...)",
    ]) {
      expect(all).toContain(part);
    }
  });

  it("come of every outcome of tasks", () => {
    const outcomes = new Set(samples.flatMap(({ tasks }) => tasks.map(({ outcome }) => outcome)));
    expect(outcomes).toEqual(new Set(OUTCOMES));
  });
});

/** One Python process for all: graphs go in as lines of JSON, summaries come out. */
async function summarizeWithLuigi(samples: readonly Graph[]): Promise<string[]> {
  const script = join(import.meta.dirname, "luigi_summaries.py");
  const python = spawn(join(luigiPrograms(), "python"), [script], { stdio: ["pipe", "pipe", "inherit"] });
  const [lines, [exitCode]] = await Promise.all([
    text(python.stdout),
    once(python, "close") as Promise<[number]>,
    pipeline(Readable.from(samples.map((graph) => `${JSON.stringify(graph)}\n`)), python.stdin),
  ]);
  if (exitCode !== 0) throw new Error(`Python ended with exit code ${exitCode}`);
  const answers = lines.trimEnd().split("\n");
  return answers.map((line) => (JSON.parse(line) as { readonly summary: string }).summary);
}

async function runGraph(graph: Graph): Promise<{ readonly summary: Summary }> {
  const tasks = tasksOf(graph);
  const scheduler = new LocalScheduler(new Scheduler({ retryDelaySeconds: -1 }), () => 0);
  for (const [worker, place] of graph.elsewhere) {
    await scheduler.addTasks({ worker, tasks: [{ taskId: (tasks[place] as Task).id }] });
    await scheduler.getWork({ worker });
  }
  const events = new EventBus(log);
  const planned = await plan(
    graph.roots.map((place) => tasks[place] as Task),
    { log, events, concurrency: 8 },
  );
  const outcomes = await new Worker(new RunGraph(planned), {
    id: "own_worker",
    slots: 1,
    scheduler,
    runner: new InlineRunner(),
    events,
    log,
    planning: { log, events, concurrency: 8 },
  }).run();
  return { summary: summarize(planned, outcomes) };
}
