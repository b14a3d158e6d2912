import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  ask,
  command,
  linesOf,
  openStrictLeatd,
  soon,
  STRICT_SECONDS,
  temporaryFolder,
} from "./shared-support.ts";
import { fixture, until, useWorkspace } from "./support.ts";

const workspace = useWorkspace();

interface Place {
  readonly url: string;
}

function startWorker(leatd: Place, family: string, folder: string) {
  const args = ["run", fixture("shared-graph.ts"), family, "--folder", folder, "--scheduler", leatd.url];
  return workspace.start([...args, "--heartbeat", "0.1", "--worker-id", "first"]);
}

it("keeps the lease of a task that computes for longer than a worker may be silent", async () => {
  const { leatd, clock } = await openStrictLeatd();
  const folder = temporaryFolder();
  const worker = startWorker(leatd, "Busy", folder);
  await until(() => linesOf(join(folder, "begun")).length === 1);
  for (let passed = 0; passed < 3 * STRICT_SECONDS; passed += STRICT_SECONDS / 2) {
    clock.pass(STRICT_SECONDS / 2);
    await soon(async () => (await ask(leatd, "/api/v1/workers")).workers[0].lastActiveAt === clock.ms);
  }
  writeFileSync(join(folder, "go"), "");
  expect((await worker.ended).exitCode).toBe(0);
  const { attempts } = await ask(leatd, "/api/v1/attempts");
  expect(attempts).toMatchObject([{ outcome: "DONE" }]);
});

it("tells a worker that was away for too long, whose result then changes nothing", async () => {
  const { leatd, clock } = await openStrictLeatd();
  const folder = temporaryFolder();
  const first = startWorker(leatd, "Gated", folder);
  await until(() => linesOf(join(folder, "begun")).length === 1);
  first.process.kill("SIGSTOP");
  clock.pass(STRICT_SECONDS);
  // Another one takes the task, and is at it when the first comes back.
  await command(leatd, "addTasks", { worker: "other", tasks: await registered(leatd) });
  const { assignments } = await command(leatd, "getWork", { worker: "other", running: [] });
  expect(assignments).toHaveLength(1);
  let said = "";
  first.process.stderr?.on("data", (text: string) => (said += text));
  first.process.kill("SIGCONT");
  writeFileSync(join(folder, "go"), "");
  await until(() => /Gated\(.*\) ended, and that changes nothing\./.test(said));
  const [{ taskId, token }] = assignments;
  await command(leatd, "report", { worker: "other", taskId, token, outcome: "DONE" });
  const { exitCode } = await first.ended;
  expect(exitCode).toBe(0);
  const { attempts } = await ask(leatd, "/api/v1/attempts");
  expect(attempts.map(({ worker, outcome }: any) => [worker, outcome])).toEqual([
    ["other", "DONE"],
    ["first", "FAILED"],
  ]);
});

async function registered(leatd: Place): Promise<readonly object[]> {
  const { tasks } = await ask(leatd, "/api/v1/tasks");
  return tasks.map(({ taskId }: any) => ({ taskId }));
}
