import { join } from "node:path";
import { expect, it } from "vitest";
import { ask, command, configFile, LeatdProcess, linesOf, temporaryFolder } from "./shared-support.ts";
import { fixture, until, useWorkspace } from "./support.ts";

const workspace = useWorkspace();

function startWorker(leatd: LeatdProcess, task: readonly string[], ...flags: readonly string[]) {
  const args = ["run", fixture("shared-graph.ts"), ...task, "--scheduler", leatd.url];
  return workspace.start([...args, "--heartbeat", "0.2", ...flags]);
}

/** Workers that are silent for a second have lost their attempts. */
async function startStrictLeatd(): Promise<LeatdProcess> {
  const config = configFile({ workerTimeoutSeconds: 1, retryDelaySeconds: 0, retryCount: 10 });
  return new LeatdProcess("--config", config).start();
}

it("keeps the lease of a task that computes for longer than a worker may be silent", async () => {
  const leatd = await startStrictLeatd();
  const folder = temporaryFolder();
  // Real time: three times as long as the scheduler waits.
  const { exitCode } = await startWorker(leatd, ["Busy", "--ms", "3000", "--folder", folder]).ended;
  expect(exitCode).toBe(0);
  const { attempts } = await ask(leatd, "/api/v1/attempts");
  expect(attempts).toMatchObject([{ outcome: "DONE" }]);
});

it("tells a worker that was away for too long, whose result then changes nothing", async () => {
  const leatd = await startStrictLeatd();
  const folder = temporaryFolder();
  const task = ["Slow", "--n", "1", "--ms", "300", "--folder", folder];
  const zombie = startWorker(leatd, task, "--worker-id", "zombie");
  await until(() => linesOf(join(folder, "begun")).length === 1);
  zombie.process.kill("SIGSTOP");
  while ((await ask(leatd, "/api/v1/workers")).workers.length > 0);
  // Another one takes the task, and is at it when the first comes back.
  await command(leatd, "addTasks", { worker: "other", tasks: await registered(leatd) });
  const { assignments } = await command(leatd, "getWork", { worker: "other", running: [] });
  expect(assignments).toHaveLength(1);
  let said = "";
  zombie.process.stderr?.on("data", (text: string) => (said += text));
  zombie.process.kill("SIGCONT");
  await until(() => /Slow\(.*\) ended, and that changes nothing\./.test(said));
  const [{ taskId, token }] = assignments;
  await command(leatd, "report", { worker: "other", taskId, token, outcome: "DONE" });
  const { exitCode } = await zombie.ended;
  expect(exitCode).toBe(0);
  const { attempts } = await ask(leatd, "/api/v1/attempts");
  expect(attempts.map(({ worker, outcome }: any) => [worker, outcome])).toEqual([
    ["other", "DONE"],
    ["zombie", "FAILED"],
  ]);
});

async function registered(leatd: LeatdProcess): Promise<readonly object[]> {
  const { tasks } = await ask(leatd, "/api/v1/tasks");
  return tasks.map(({ taskId }: any) => ({ taskId }));
}
