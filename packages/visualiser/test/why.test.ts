import type { TaskView, WorkerView } from "@leat/scheduler";
import { expect, it } from "vitest";
import { type Surroundings, whyOf } from "../src/words/why.ts";

const NOW = 1_800_000_000_000;

const retry = {
  retryCount: 3,
  retryDelaySeconds: 900,
  retryBackoff: 2,
  maxRetryDelaySeconds: 3600,
  disableWindowSeconds: 86_400,
  disableHardTimeoutSeconds: 999_999_999,
};

function task(changes: Partial<TaskView>): TaskView {
  return {
    taskId: "Load_1",
    status: "PENDING",
    family: "Load",
    module: "songs.ts",
    params: {},
    priority: 0,
    deps: [],
    resources: {},
    workers: ["night"],
    runnable: true,
    batchable: false,
    acceptsMessages: false,
    retry,
    createdAt: NOW,
    updatedAt: NOW,
    failures: 0,
    ...changes,
  };
}

function worker(changes: Partial<WorkerView>): WorkerView {
  const counts = { pending: 0, uniquePending: 0, pendingLastScheduled: 0 };
  const times = { startedAt: NOW, lastActiveAt: NOW };
  const base = {
    worker: "night",
    session: "s",
    workerState: "active",
    assistant: false,
    paused: false,
  } as const;
  return { ...base, ...counts, ...times, processes: 1, info: {}, running: [], families: [], ...changes };
}

function texts(changes: Partial<TaskView>, around: Partial<Surroundings> = {}): string[] {
  const all = { now: NOW, isPaused: false, deps: [], resources: [], workers: [worker({})], ...around };
  return whyOf(task(changes), all).map(({ text }) => text);
}

it("names the requirements that are not done, and those for which somebody has to do something", () => {
  const deps = [
    { taskId: "a", status: "DONE" },
    { taskId: "b", status: "RUNNING" },
    { taskId: "c", status: "DISABLED" },
  ] as const;
  const [first, second] = whyOf(task({}), { now: NOW, isPaused: false, deps, resources: [], workers: [] });
  expect(first).toEqual({ text: "It waits for 2 of 3 requirements:", tasks: deps.slice(1) });
  expect(second?.text).toBe("1 of them is disabled: somebody has to do something first.");
});

it("tells what keeps a ready task from running", () => {
  expect(texts({})).toEqual(["It is ready: the next free worker takes it."]);
  expect(texts({}, { isPaused: true })).toEqual([
    "It is ready, but the scheduler is paused: nothing new is started.",
  ]);
  expect(texts({ runnable: false })[0]).toMatch(/^It is external data/);
  expect(texts({}, { workers: [] })).toEqual(["No worker that can run it is connected. Start one."]);
  expect(texts({}, { workers: [worker({ running: ["x"] })] })).toEqual([
    "It is ready; night could run it and is busy.",
  ]);
  expect(texts({}, { workers: [worker({ paused: true })] })).toEqual([
    "1 worker could run it, but all are paused or drain.",
  ]);
});

it("tells who goes on with a task that waits in the middle of its run", () => {
  const suspended = { suspendedBy: "day", workers: ["night", "day"] };
  const deps = [{ taskId: "b", status: "RUNNING" }] as const;
  expect(texts(suspended, { deps })).toEqual([
    "day began it and goes on with it when it has what it needs.",
    "It waits for 1 requirement:",
  ]);
  const day = worker({ worker: "day" });
  expect(texts(suspended, { workers: [worker({}), day] })).toEqual(["It is ready: day takes it."]);
  expect(texts(suspended, { workers: [worker({}), { ...day, running: ["x"] }] })).toEqual([
    "day began it and goes on with it when it has what it needs.",
    "It is ready; day could run it and is busy.",
  ]);
});

it("names the resource that is used up and who holds it", () => {
  const resources = [
    { resource: "db", limit: 2, used: 2, holders: ["x", "y"], waiting: [], waitingTotal: 0 },
  ];
  const [reason] = whyOf(task({ resources: { db: 1 } }), {
    now: NOW,
    isPaused: false,
    deps: [],
    resources,
    workers: [worker({})],
  });
  expect(reason?.text).toBe("It needs 1 of the resource db; 2 of 2 are in use by:");
  expect(reason?.tasks?.map(({ taskId }) => taskId)).toEqual(["x", "y"]);
});

it("tells when a failed task is tried again, and what is left until it is disabled", () => {
  const [text] = texts({ status: "FAILED", failures: 2, retryAt: NOW + 90_000 });
  expect(text).toMatch(
    /^It failed 2 times\. It is tried again in 1 min 30 s, at .*\. After 1 more failure it is disabled\.$/,
  );
  expect(texts({ status: "FAILED", failures: 1 })).toEqual([
    "It failed once. It is not tried again by itself.",
  ]);
});

it("tells who disabled a task", () => {
  const note = { action: "disable", reason: "broken", at: NOW } as const;
  expect(texts({ status: "DISABLED", disabledBy: "operator", note })[0]).toContain(
    "An operator disabled it: “broken”.",
  );
  expect(texts({ status: "DISABLED", disabledBy: "worker" })).toEqual([
    "Its worker says that it is not to be run.",
  ]);
  expect(
    texts({ status: "DISABLED", disabledBy: "scheduler", failures: 3, disabledUntil: NOW + 3_600_000 })[0],
  ).toMatch(/^It failed 3 times, so the scheduler disabled it\. That ends in 1 h/);
});
