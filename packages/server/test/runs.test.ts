import { expect, it } from "vitest";
import { ManualClock, openServer } from "./support.ts";

const worker = "etl-1";

it("keeps what an attempt made, as its worker says", async () => {
  const server = await openServer();
  await server.command("addTasks", { worker, tasks: [{ taskId: "A", family: "Load" }, { taskId: "B" }] });
  const made = { outputs: ["out/a.tsv"], bytes: 120, rows: 3 };
  for (const [taskId, more] of [
    ["A", { made }],
    ["B", {}],
  ] as const) {
    const { assignments } = await server.command("getWork", { worker });
    await server.command("report", { worker, taskId, token: assignments[0].token, outcome: "DONE", ...more });
  }
  const { attempts } = (await server.get("/api/v1/attempts?worker=etl-1")).body;
  expect(attempts).toMatchObject([
    { taskId: "B", outputs: null, bytes: null, rows: null },
    { taskId: "A", family: "Load", ...made },
  ]);
  expect((await server.get("/api/v1/attempts?worker=other")).body.attempts).toEqual([]);
});

it("keeps who ran, from when to when, and what came of it", async () => {
  const clock = new ManualClock();
  const server = await openServer({ clock: clock.read, config: { workerTimeoutSeconds: 60 } });
  const startedAt = clock.ms;
  await server.command("addTasks", { worker, tasks: [{ taskId: "A" }, { taskId: "B" }, { taskId: "C" }] });
  await server.command("registerWorker", { worker, info: { host: "h1", first_task: "A" } });
  for (const outcome of ["DONE", "FAILED"]) {
    const { assignments } = await server.command("getWork", { worker });
    const [{ taskId, token }] = assignments;
    await server.command("report", { worker, taskId, token, outcome });
  }
  const alive = (await server.get("/api/v1/runs")).body;
  const run = { worker, info: { host: "h1", first_task: "A" }, startedAt };
  expect(alive).toEqual({ runs: [{ ...run, endedAt: null, attempts: 2, failures: 1 }], nextCursor: null });
  // It dies with a third attempt under way.
  await server.command("getWork", { worker });
  clock.pass(61);
  await server.command("registerWorker", { worker: "later" });
  const { runs } = (await server.get("/api/v1/runs")).body;
  expect(runs).toMatchObject([
    { worker: "later", endedAt: null, attempts: 0 },
    { ...run, endedAt: startedAt + 60_000, attempts: 3, failures: 2 },
  ]);
  const page = (await server.get("/api/v1/runs?limit=1")).body;
  expect(page.runs).toHaveLength(1);
  expect((await server.get(`/api/v1/runs?limit=1&cursor=${page.nextCursor}`)).body.runs).toEqual([runs[1]]);
});

it("ends the run of a worker that says good-bye at once, also while a call of its waits for work", async () => {
  const clock = new ManualClock();
  const server = await openServer({ clock: clock.read, config: { resources: { r: 0 } } });
  const startedAt = clock.ms;
  const tasks = [{ taskId: "A" }, { taskId: "B", resources: { r: 1 } }];
  await server.command("addTasks", { worker, tasks });
  await server.command("getWork", { worker });
  const waiting = server.command("getWork", { worker, waitMs: 60_000 });
  clock.pass(1);
  expect(await server.command("unregisterWorker", { worker })).toEqual({ accepted: true });
  await waiting;
  expect((await server.get("/api/v1/workers")).body.workers).toEqual([]);
  expect((await server.get("/api/v1/runs")).body.runs).toMatchObject([
    { worker, startedAt, endedAt: startedAt + 1000, attempts: 1, failures: 0 },
  ]);
  expect((await server.get("/api/v1/attempts")).body.attempts).toMatchObject([
    { taskId: "A", outcome: "PENDING", reason: "worker left" },
  ]);
});
