import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { randomOf, seedOf } from "@leat-internal/dev-servers/vitest";
import { expect, it } from "vitest";
import { ask, configFile, LeatdProcess, linesOf, temporaryFolder } from "./shared-support.ts";
import { fixture, until, useWorkspace } from "./support.ts";

const KILLS = process.env["LEAT_SLOW_TESTS"] === "1" ? 60 : 4;
const TASKS = process.env["LEAT_SLOW_TESTS"] === "1" ? 2000 : 200;
const workspace = useWorkspace();

function startWorker(leatd: LeatdProcess, task: readonly string[], ...flags: readonly string[]) {
  const args = ["run", fixture("shared-graph.ts"), ...task, "--scheduler", leatd.url, ...flags];
  return workspace.start([...args, "--log-level", "warn"]);
}

it(`${TASKS} tasks on two workers run once each while leatd is killed ${KILLS} times`, async () => {
  const random = randomOf(seedOf());
  const leatd = await new LeatdProcess().start();
  const folder = temporaryFolder();
  const task = ["AllSlow", "--count", String(TASKS), "--ms", "20", "--folder", folder];
  const workers = [1, 2].map(() => startWorker(leatd, task, "--workers", "4"));
  await until(() => linesOf(join(folder, "log")).length > 0);
  for (let kill = 0; kill < KILLS; kill++) {
    // Real time: the moment of the kill is what the test is about.
    await sleep(random() * 150);
    await leatd.kill();
    await leatd.start();
  }
  const ended = await Promise.all(workers.map((worker) => worker.ended));
  expect(ended.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toMatchObject([
    { exitCode: 0 },
    { exitCode: 0 },
  ]);
  const ran = linesOf(join(folder, "log"));
  expect(ran).toHaveLength(TASKS);
  expect(new Set(ran).size).toBe(TASKS);
  expect((await ask(leatd, "/api/v1/counts")).byStatus).toEqual({ DONE: TASKS + 1 });
});

it("gives the task of a worker that was killed to another one", async () => {
  const config = configFile({ workerTimeoutSeconds: 1, retryDelaySeconds: 0 });
  const leatd = await new LeatdProcess("--config", config).start();
  const folder = temporaryFolder();
  const first = startWorker(leatd, ["AllSlow", "--count", "1", "--ms", "60000", "--folder", folder]);
  await until(() => linesOf(join(folder, "begun")).length === 1);
  first.process.kill("SIGKILL");
  const second = startWorker(
    leatd,
    ["Slow", "--n", "0", "--ms", "60000", "--folder", folder],
    "--heartbeat",
    "0.2",
    "--keep-alive",
  );
  await until(() => linesOf(join(folder, "begun")).length === 2);
  const [one, two] = linesOf(join(folder, "begun")).map((line) => line.split(" ")[1]);
  expect(one).not.toBe(two);
  second.process.kill("SIGKILL");
});
