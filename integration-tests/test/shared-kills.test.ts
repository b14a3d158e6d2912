import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createPostgresDatabase, describeWith, randomOf, seedOf } from "@leat-internal/dev-servers/vitest";
import { describe, expect, it, onTestFinished } from "vitest";
import { ask, configFile, LeatdProcess, linesOf, temporaryFolder } from "./shared-support.ts";
import { fixture, type Running, useWorkspace } from "./support.ts";

/** LEAT_SLOW_TESTS=1 kills 200 times in all, while 2,000 tasks run on 8 workers. */
const { KILLS, TASKS, WORKERS, TASK_MS, MOST_MS_BETWEEN } =
  process.env["LEAT_SLOW_TESTS"] === "1"
    ? { KILLS: 100, TASKS: 2000, WORKERS: 8, TASK_MS: 2000, MOST_MS_BETWEEN: 6000 }
    : { KILLS: 8, TASKS: 120, WORKERS: 4, TASK_MS: 100, MOST_MS_BETWEEN: 800 };
/** Most units of the resource that all tasks need: fewer than could run at a time. */
const SLOTS = WORKERS + 2;

const workspace = useWorkspace();

/**
 * What a worker that is killed leaves is taken for lost after some seconds, and others try it again at once. One that lives
 * may not be heard for five, when leatd was away for long.
 */
function settings(): string {
  const config = {
    workerTimeoutSeconds: 12,
    retryDelaySeconds: 0,
    retryCount: 1000,
    resources: { slot: SLOTS },
  };
  return configFile(config);
}

/** Workers that all do the same graph. One that is killed is followed by another. */
class Crew {
  readonly #args: readonly string[];
  readonly #workers: Running[] = [];

  constructor(urls: readonly string[], folder: string) {
    const graph = ["All", "--count", String(TASKS), "--ms", String(TASK_MS), "--folder", folder];
    const flags = ["--workers", "2", "--heartbeat", "0.5", "--keep-alive", "--log-level", "warn"];
    this.#args = ["run", fixture("exclusive-graph.ts"), ...graph, "--scheduler", urls.join(), ...flags];
    for (let count = 0; count < WORKERS; count++) this.#workers.push(this.#start());
  }

  async kill(index: number): Promise<void> {
    const worker = this.#workers[index] as Running;
    worker.process.kill("SIGKILL");
    await worker.ended;
    this.#workers[index] = this.#start();
  }

  ended() {
    return Promise.all(this.#workers.map(({ ended }) => ended));
  }

  #start(): Running {
    return workspace.start(this.#args);
  }
}

async function leads(leatd: LeatdProcess): Promise<boolean> {
  const { status } = await ask(leatd, "/healthz");
  return status === "ok";
}

async function leaderOf(leatds: readonly LeatdProcess[]): Promise<LeatdProcess> {
  for (;;) {
    for (const leatd of leatds) if (await leads(leatd)) return leatd;
    await sleep(20);
  }
}

/** Kills the leading leatd or a worker, at random moments. What is killed is started again. */
async function killAtRandom(leatds: readonly LeatdProcess[], crew: Crew): Promise<void> {
  const random = randomOf(seedOf());
  for (let kill = 0; kill < KILLS; kill++) {
    // Real time: the moment of the kill is what the test is about.
    await sleep(random() * MOST_MS_BETWEEN);
    if (random() < 0.5) await crew.kill(Math.floor(random() * WORKERS));
    else {
      const leader = await leaderOf(leatds);
      await leader.kill();
      await leader.start();
    }
  }
}

/** Ids of the tasks of all attempts that ended so, newest first. */
async function attemptsOf(leatd: LeatdProcess, outcome: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page = await ask(leatd, `/api/v1/attempts?limit=1000${after}`);
    const wanted = page.attempts.filter((attempt: { outcome: string }) => attempt.outcome === outcome);
    found.push(...wanted.map(({ taskId }: { taskId: string }) => taskId));
    cursor = page.nextCursor;
  }
  return found;
}

/** What came of it when all workers have ended. */
async function endOf(leatds: readonly LeatdProcess[], crew: Crew, folder: string): Promise<object> {
  const workers = await crew.ended();
  const leader = await leaderOf(leatds);
  const done = await attemptsOf(leader, "DONE");
  // What a worker was writing when it was killed lies beside the outputs under another name.
  const outputs = readdirSync(join(folder, "out")).filter((name) => /^Exclusive_\w+$/.test(name));
  const { resources } = await ask(leader, "/api/v1/resources");
  return {
    failedWorkers: workers.filter(({ exitCode }) => exitCode !== 0),
    ranTwiceAtATime: linesOf(join(folder, "twice")),
    doneTwice: done.filter((taskId, index) => done.indexOf(taskId) !== index),
    byStatus: (await ask(leader, "/api/v1/counts")).byStatus,
    outputs: outputs.length,
    held: resources.map(({ used, holders }: { used: number; holders: object }) => [used, holders]),
  };
}

const ALL_WELL = {
  failedWorkers: [],
  ranTwiceAtATime: [],
  doneTwice: [],
  byStatus: { DONE: TASKS + 1 },
  outputs: TASKS,
  held: [[0, []]],
};

// Processes are started for each kill: a second or two on a free machine, many more on one that is very busy.
const limit = { timeout: 3_600_000 };

describe("kill -9 of leatd and of workers", () => {
  it(
    `${KILLS} times lose no task of ${TASKS} and let none run twice at a time, on ${WORKERS} workers`,
    limit,
    async () => {
      const leatd = await new LeatdProcess("--config", settings()).start();
      const folder = temporaryFolder();
      const crew = new Crew([leatd.url], folder);
      await killAtRandom([leatd], crew);
      expect(await endOf([leatd], crew, folder)).toEqual(ALL_WELL);
    },
  );
});

describeWith("postgres")("kill -9 of the leading leatd on PostgreSQL and of workers", () => {
  it(
    `${KILLS} times lose no task of ${TASKS} and let none run twice at a time, on ${WORKERS} workers`,
    limit,
    async () => {
      const database = await createPostgresDatabase();
      onTestFinished(() => database.drop());
      const args = ["--config", settings(), "--state", database.url];
      const leatds = [await new LeatdProcess(...args).start(), await new LeatdProcess(...args).start()];
      const folder = temporaryFolder();
      const crew = new Crew(
        leatds.map(({ url }) => url),
        folder,
      );
      await killAtRandom(leatds, crew);
      expect(await endOf(leatds, crew, folder)).toEqual(ALL_WELL);
    },
  );
});
