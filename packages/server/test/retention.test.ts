import { join } from "node:path";
import { expect, it } from "vitest";
import { startServer } from "../src/index.ts";
import { ManualClock, openServer, temporaryFolder, TestServer } from "./support.ts";

const worker = "w";
const DAY_SECONDS = 86_400;

async function runOne(server: TestServer, taskId: string): Promise<string> {
  await server.command("addTasks", { worker, tasks: [{ taskId }] });
  const { assignments } = await server.command("getWork", { worker });
  const { token } = assignments[0];
  await server.command("appendLog", { worker, taskId, token, text: `${taskId} begins\n` });
  await server.command("report", { worker, taskId, token, outcome: "FAILED" });
  await server.command("act", { action: "retry", taskIds: [taskId], reason: taskId });
  return token;
}

it("forgets attempts, their logs, runs and operations that are older than it is told to remember, and no others", async () => {
  const clock = new ManualClock();
  const statePath = join(temporaryFolder(), "leatd.db");
  const options = { statePath, clock: clock.read, historyDays: 30 };
  const first = await startServer({ port: 0, ...options });
  const before = new TestServer(first);
  const old = await runOne(before, "Old");
  clock.pass(25 * DAY_SECONDS);
  const young = await runOne(before, "Young");
  await first.stop();
  clock.pass(10 * DAY_SECONDS);
  const server = await openServer(options);
  const tasksOf = async (path: string, of: (item: any) => string) => {
    const { body } = await server.get(`/api/v1/${path}`);
    return body[path].map(of);
  };
  await expect.poll(() => tasksOf("attempts", ({ taskId }) => taskId)).toEqual(["Young"]);
  await expect.poll(() => tasksOf("operations", ({ reason }) => reason)).toEqual(["Young"]);
  const logOf = async (token: string) => (await server.get(`/api/v1/attempts/${token}/log`)).body;
  await expect.poll(() => logOf(old)).toBe("");
  expect(await logOf(young)).toBe("Young begins\n");
  expect(await tasksOf("runs", ({ endedAt }) => String(endedAt === null))).toEqual(["true"]);
});
