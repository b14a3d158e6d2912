import assert from "node:assert/strict";
import { LocalScheduler, Scheduler, type SchedulerApi, type SchedulerConfig } from "@leat/scheduler";
import { HttpScheduler } from "@leat/scheduler/client";
import { describe, expect, it, onTestFinished } from "vitest";
import { ManualClock, openServer } from "./support.ts";

const config: Partial<SchedulerConfig> = {
  retryCount: 2,
  retryDelaySeconds: 100,
  retryBackoff: 1,
  workerTimeoutSeconds: 30,
  doneCooldownSeconds: 0,
};

type Open = (clock: ManualClock) => Promise<SchedulerApi>;

async function openLocal(clock: ManualClock): Promise<SchedulerApi> {
  return new LocalScheduler(new Scheduler(config), clock.read);
}

async function openHttp(clock: ManualClock): Promise<SchedulerApi> {
  const { url } = await openServer({ config, clock: clock.read });
  const client = new HttpScheduler({ urls: [url], deadlineMs: 0 });
  onTestFinished(() => client.close());
  return client;
}

const worker = "w";

describe.each<[string, Open]>([
  ["in the same process", openLocal],
  ["behind HTTP", openHttp],
])("a scheduler %s", (_where, open) => {
  async function take(api: SchedulerApi, by = worker): Promise<{ taskId: string; token: string }> {
    const { assignments } = await api.getWork({ worker: by });
    assert.ok(assignments[0] !== undefined, "there is no work");
    const { taskId, token } = assignments[0];
    return { taskId, token };
  }

  it("runs requirements first, and the rest by priority", async () => {
    const api = await open(new ManualClock());
    const tasks = [
      { taskId: "top", deps: ["low", "high"] },
      { taskId: "low" },
      { taskId: "high", priority: 5 },
    ];
    await api.addTasks({ worker, tasks });
    const order: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { taskId, token } = await take(api);
      order.push(taskId);
      await api.report({ worker, taskId, token, outcome: "DONE" });
    }
    expect(order).toEqual(["high", "low", "top"]);
  });

  it("tells a worker what it waits for", async () => {
    const api = await open(new ManualClock());
    await api.addTasks({ worker, tasks: [{ taskId: "A" }] });
    await api.addTasks({ worker: "other", tasks: [{ taskId: "A" }] });
    await take(api, "other");
    expect(await api.getWork({ worker })).toMatchObject({
      assignments: [],
      runningElsewhere: [{ taskId: "A", worker: "other" }],
      nextReadyAt: null,
      paused: false,
    });
  });

  it("sends an assignment again that was lost on the way", async () => {
    const api = await open(new ManualClock());
    await api.addTasks({ worker, tasks: [{ taskId: "A" }] });
    const { token } = await take(api);
    const again = await api.getWork({ worker, running: [] });
    expect(again.assignments).toMatchObject([{ taskId: "A", token }]);
    expect((await api.getWork({ worker, running: [token] })).assignments).toEqual([]);
  });

  it("retries a failed task after its delay and disables it when it fails too often", async () => {
    const clock = new ManualClock();
    const api = await open(clock);
    await api.addTasks({ worker, tasks: [{ taskId: "A" }] });
    const first = await api.report({
      worker,
      ...(await take(api)),
      outcome: "FAILED",
      explanation: "no luck",
    });
    expect(first).toMatchObject({ accepted: true, status: "FAILED", retryAt: clock.ms + 100_000 });
    expect((await api.getWork({ worker })).assignments).toEqual([]);
    for (let n = 0; n < 10; n++) {
      clock.pass(10);
      await api.heartbeat({ worker });
    }
    const second = await api.report({ worker, ...(await take(api)), outcome: "FAILED" });
    expect(second).toMatchObject({ status: "DISABLED", retryAt: null });
    expect(await api.reEnable({ taskId: "A" })).toEqual({ status: "FAILED" });
    expect(await api.forgive({ taskId: "A" })).toEqual({ status: "PENDING" });
  });

  it("takes the attempts of a silent worker away and refuses what it reports later", async () => {
    const clock = new ManualClock();
    const api = await open(clock);
    await api.addTasks({ worker, tasks: [{ taskId: "A" }] });
    const { token } = await take(api);
    clock.pass(31);
    const stale = await api.heartbeat({ worker, running: [token] });
    expect(stale).toMatchObject({ session: "", stale: [token] });
    const late = await api.report({ worker, taskId: "A", token, outcome: "DONE" });
    expect(late).toMatchObject({ accepted: false, status: "FAILED" });
  });

  it("goes on after requirements that were found while running", async () => {
    const api = await open(new ManualClock());
    await api.addTasks({ worker, tasks: [{ taskId: "A" }] });
    const { token } = await take(api);
    await api.addTasks({ worker, tasks: [{ taskId: "B" }] });
    await api.report({ worker, taskId: "A", token, outcome: "PENDING", newDeps: ["B"] });
    expect((await take(api)).taskId).toBe("B");
  });

  it("hands out batches with one token", async () => {
    const api = await open(new ManualClock());
    await api.registerBatcher({ worker, family: "F", batchedParams: ["n"] });
    const tasks = ["1", "2"].map((n) => ({ taskId: `F${n}`, family: "F", params: { n }, batchable: true }));
    await api.addTasks({ worker, tasks });
    const { assignments } = await api.getWork({ worker });
    expect(assignments).toMatchObject([
      { batch: { taskIds: ["F1", "F2"], batchedParams: { n: ["1", "2"] } } },
    ]);
  });

  it("keeps to the limits of resources", async () => {
    const api = await open(new ManualClock());
    await api.setResource({ resource: "db", limit: 2 });
    const tasks = ["A", "B", "C"].map((taskId) => ({ taskId, resources: { db: 1 } }));
    await api.addTasks({ worker, tasks });
    const { assignments } = await api.getWork({ worker, slots: 3 });
    expect(assignments).toHaveLength(2);
    const [first] = assignments;
    const run = { worker, taskId: first?.taskId ?? "", token: first?.token ?? "" };
    expect(await api.updateRun({ ...run, statusMessage: "half", decreaseResources: { db: 1 } })).toEqual({
      accepted: true,
    });
    expect((await api.getWork({ worker })).assignments).toHaveLength(1);
  });

  it("carries messages to a running task and its answer back", async () => {
    const api = await open(new ManualClock());
    await api.addTasks({ worker, tasks: [{ taskId: "A", acceptsMessages: true }] });
    await take(api);
    const { messageId } = await api.sendMessage({ taskId: "A", content: "hello" });
    const { messages } = await api.heartbeat({ worker });
    expect(messages).toMatchObject([{ name: "taskMessage", taskId: "A", messageId, content: "hello" }]);
    await api.heartbeat({ worker, acknowledge: messages[0]?.number ?? 0 });
    expect((await api.heartbeat({ worker })).messages).toEqual([]);
    const message = { taskId: "A", messageId: messageId ?? "" };
    expect(await api.respond({ ...message, response: "hi" })).toEqual({ accepted: true });
    expect(await api.takeResponse(message)).toEqual({ response: "hi" });
    expect(await api.takeResponse(message)).toEqual({ response: null });
  });

  it("obeys operators", async () => {
    const api = await open(new ManualClock());
    await api.registerWorker({ worker, processes: 2, info: { host: "here" } });
    await api.addTasks({ worker, tasks: [{ taskId: "A" }] });
    expect(await api.setPaused({ paused: true })).toBeUndefined();
    expect(await api.getWork({ worker })).toMatchObject({ assignments: [], paused: true });
    await api.setPaused({ paused: false });
    expect(await api.setWorkerProcesses({ worker, processes: 3 })).toEqual({ accepted: true });
    expect(await api.disableWorker({ worker })).toEqual({ accepted: true });
    expect(await api.getWork({ worker })).toMatchObject({ assignments: [], workerState: "disabled" });
    expect(await api.markDone({ taskId: "nobody" })).toEqual({ status: null });
  });

  it("lets a worker go that says good-bye", async () => {
    const api = await open(new ManualClock());
    await api.addTasks({ worker, tasks: [{ taskId: "A" }] });
    await take(api);
    expect(await api.unregisterWorker({ worker })).toEqual({ accepted: true });
    expect(await api.unregisterWorker({ worker })).toEqual({ accepted: false });
    expect(await api.heartbeat({ worker })).toMatchObject({ session: "" });
  });

  it("refuses a command that makes no sense", async () => {
    const api = await open(new ManualClock());
    const itself = api.addTasks({ worker, tasks: [{ taskId: "A", deps: ["A"] }] });
    await expect(itself).rejects.toMatchObject({
      name: "SchedulerError",
      code: "INVALID_COMMAND",
      retryable: false,
    });
  });
});
