import { expect, it } from "vitest";
import { LocalScheduler, Scheduler, type SchedulerApi } from "../src/index.ts";

it("passes every call on with the time of the clock", async () => {
  let now = 5000;
  const scheduler = new Scheduler({ retryDelaySeconds: 10 });
  const api: SchedulerApi = new LocalScheduler(scheduler, () => now);
  await api.registerWorker({ worker: "W", processes: 2 });
  await api.registerBatcher({ worker: "W", family: "F", batchedParams: ["a"] });
  await api.addTasks({ worker: "W", tasks: [{ taskId: "A", acceptsMessages: true }] });
  now = 6000;
  const { assignments } = await api.getWork({ worker: "W" });
  const token = assignments.at(0)?.token ?? "";
  const run = { worker: "W", taskId: "A", token };
  expect(scheduler.task("A")?.attempt?.startedAt).toBe(6000);
  expect(await api.updateRun({ ...run, statusMessage: "s" })).toEqual({ accepted: true });
  const messageId = (await api.sendMessage({ taskId: "A", content: "?" })).messageId as string;
  expect((await api.heartbeat({ worker: "W", running: [token] })).messages.length).toBe(1);
  expect(await api.respond({ taskId: "A", messageId, response: "!" })).toEqual({ accepted: true });
  expect(await api.takeResponse({ taskId: "A", messageId })).toEqual({ response: "!" });
  expect(await api.report({ ...run, outcome: "FAILED" })).toMatchObject({ accepted: true, retryAt: 16_000 });
  expect(await api.forgive({ taskId: "A" })).toEqual({ status: "PENDING" });
  expect(await api.markDone({ taskId: "A" })).toEqual({ status: "PENDING" });
  expect(await api.reEnable({ taskId: "A" })).toEqual({ status: "PENDING" });
  await api.setPaused({ paused: true });
  await api.setResource({ resource: "r", limit: 2 });
  expect(await api.setWorkerProcesses({ worker: "W", processes: 3 })).toEqual({ accepted: true });
  expect(await api.disableWorker({ worker: "W" })).toEqual({ accepted: true });
  expect(scheduler.isPaused).toBe(true);
  expect(await api.unregisterWorker({ worker: "W" })).toEqual({ accepted: true });
});

it("rejects, and does not throw, what the scheduler refuses", async () => {
  const api = new LocalScheduler(new Scheduler(), () => 0);
  await expect(api.getWork({ worker: "" })).rejects.toMatchObject({ code: "INVALID_COMMAND" });
});
