import { expect, it } from "vitest";
import { Tokens } from "../src/index.ts";
import { ManualClock, openServer, type TestServer } from "./support.ts";

const worker = "w";

/** A chain of three, of which two ran, and a task that failed. */
async function openBusy(options: Parameters<typeof openServer>[0] = {}): Promise<TestServer> {
  const server = await openServer(options);
  await server.command("addTasks", {
    worker,
    tasks: [
      { taskId: "A", family: "Load", params: { day: "1" }, priority: 2 },
      { taskId: "B", family: "Report", deps: ["A"], priority: 2 },
      { taskId: "C", family: "Report", deps: ["B"] },
      { taskId: "F", family: "Check", priority: 9 },
    ],
  });
  await run(server, "F", "FAILED");
  await run(server, "A", "DONE");
  await run(server, "B", "DONE");
  return server;
}

async function run(server: TestServer, taskId: string, outcome: string): Promise<void> {
  const { assignments } = await server.command("getWork", { worker });
  expect(assignments[0].taskId).toBe(taskId);
  await server.command("report", { worker, taskId, token: assignments[0].token, outcome });
}

const act = (server: TestServer, body: object) => server.post("/api/v1/act", body);

it("an action changes what its preview said, and is remembered with its reason", async () => {
  const server = await openBusy();
  const request = { action: "retry", filter: { status: ["FAILED", "DONE"] }, reason: "source is back" };
  const preview = await act(server, { ...request, dryRun: true });
  expect(preview.body.changes).toEqual([{ taskId: "F", from: "FAILED", to: "PENDING", label: "Check()" }]);
  expect(preview.body.skipped.map(({ taskId }: { taskId: string }) => taskId).toSorted()).toEqual(["A", "B"]);
  expect((await server.get("/api/v1/tasks/F")).body.status).toBe("FAILED");
  expect((await act(server, request)).body).toEqual(preview.body);
  const { body: task } = await server.get("/api/v1/tasks/F");
  expect(task).toMatchObject({ status: "PENDING", note: { action: "retry", reason: "source is back" } });
  const { body } = await server.get("/api/v1/operations");
  expect(body).toMatchObject({
    operations: [{ name: "retry", reason: "source is back", taskIds: ["F"], tasks: 1 }],
    nextCursor: null,
  });
});

it("finds the tasks of an action by family and words", async () => {
  const server = await openBusy();
  const found = async (filter: object) => {
    const { body } = await act(server, { action: "rerun", filter, dryRun: true });
    return body.changes.map(({ taskId }: { taskId: string }) => taskId);
  };
  expect(await found({ family: ["Report"] })).toEqual(["B"]);
  expect(await found({ search: "load DAY=1" })).toEqual(["A"]);
});

it("runs a task again with all that depends on it", async () => {
  const server = await openBusy();
  const { body } = await act(server, { action: "rerun", taskIds: ["A"], withDependents: true });
  expect(body.changes.map(({ taskId }: { taskId: string }) => taskId)).toEqual(["A", "B"]);
  await run(server, "A", "DONE");
  await run(server, "B", "DONE");
  await run(server, "C", "DONE");
});

it.each([
  [{ action: "retry" }, "INVALID_COMMAND"],
  [{ action: "retry", taskIds: ["A"], filter: {} }, "INVALID_COMMAND"],
  [{ action: "burn", taskIds: ["A"] }, "INVALID_COMMAND"],
  [{ action: "retry", taskIds: [""] }, "INVALID_COMMAND"],
  [{ action: "retry", taskIds: Array.from({ length: 10_001 }, (_, n) => `t${n}`) }, "TOO_MANY_TASKS"],
])("refuses the action %#, which is none", async (body, code) => {
  const server = await openServer();
  expect(await act(server, body)).toMatchObject({ status: 400, body: { error: { code } } });
});

it("lets only operators act, pause and set", async () => {
  const tokens = Tokens.parse("view see-see-see-see-see-see\nworker work-work-work-work-work", "test");
  const server = await openServer({ tokens });
  for (const token of ["see-see-see-see-see-see", "work-work-work-work-work"]) {
    const headers = { authorization: `Bearer ${token}` };
    for (const [path, body] of [
      ["act", { action: "retry", taskIds: ["A"] }],
      ["setWorkerPaused", { worker, paused: true }],
      ["setPaused", { paused: true }],
      ["setResource", { resource: "r", limit: 1 }],
    ] as const) {
      expect((await server.post(`/api/v1/${path}`, body, headers)).status).toBe(403);
    }
  }
});

it("a paused worker gets nothing and is shown as paused until it is let", async () => {
  const server = await openBusy();
  expect(await server.command("setWorkerPaused", { worker, paused: true })).toEqual({ accepted: true });
  expect(await server.command("getWork", { worker })).toMatchObject({ assignments: [], paused: true });
  expect((await server.get("/api/v1/workers")).body.workers).toMatchObject([{ worker, paused: true }]);
  const waiting = server.command("getWork", { worker, waitMs: 10_000 });
  await server.command("setWorkerPaused", { worker, paused: false });
  expect((await waiting).assignments).toMatchObject([{ taskId: "C" }]);
});

it("shows a part of the graph in both directions, and with families folded", async () => {
  const server = await openBusy();
  const graph = await server.get("/api/v1/tasks/B/graph?direction=both&depth=1");
  const shown = graph.body.nodes.map(({ taskId, depth, label }: any) => [taskId, depth, label]);
  expect(shown).toEqual([
    ["A", -1, "Load(day=1)"],
    ["B", 0, "Report()"],
    ["C", 1, "Report()"],
  ]);
  const { body } = await server.get("/api/v1/tasks/C/groups");
  expect(body).toEqual({
    groups: [
      { family: "Report", count: 2, byStatus: { PENDING: 1, DONE: 1 }, requires: { Report: 1, Load: 1 } },
      { family: "Load", count: 1, byStatus: { DONE: 1 }, requires: {} },
    ],
    isTruncated: false,
  });
});

it("tells when a task and all upstream of it ran, and which of them it waited for", async () => {
  const clock = new ManualClock();
  const server = await openServer({ clock: clock.read });
  await server.command("addTasks", {
    worker,
    tasks: [{ taskId: "A" }, { taskId: "X" }, { taskId: "B", deps: ["A", "X"] }],
  });
  const { assignments } = await server.command("getWork", { worker, slots: 2 });
  clock.pass(5);
  await server.command("report", { worker, taskId: "X", token: assignments[1].token, outcome: "DONE" });
  clock.pass(5);
  await server.command("report", { worker, taskId: "A", token: assignments[0].token, outcome: "DONE" });
  await server.command("getWork", { worker });
  const { body } = await server.get("/api/v1/tasks/B/run");
  expect(body.criticalPath).toEqual(["A", "B"]);
  const times = body.tasks.map(({ taskId, attempts }: any) => [
    taskId,
    attempts.map(({ startedAt, endedAt }: any) => (endedAt ?? Infinity) - startedAt),
  ]);
  expect(times).toEqual([
    ["B", [Infinity]],
    ["A", [10_000]],
    ["X", [5000]],
  ]);
  expect((await server.get("/api/v1/tasks/nothing/run")).status).toBe(404);
  const families = await server.get(`/api/v1/history/families?since=${clock.ms - 1000}`);
  expect(families.body.families).toEqual([
    { family: "", attempts: 1, failures: 0, medianMs: 10_000, p95Ms: 10_000, lastEndedAt: clock.ms },
  ]);
});

it("tells whether a worker has work without making it known", async () => {
  const server = await openBusy();
  expect((await server.get(`/api/v1/hasWork?worker=${worker}`)).body).toEqual({ pending: 2, ready: true });
  expect((await server.get("/api/v1/hasWork?worker=ghost")).body).toEqual({ pending: 0, ready: false });
  expect((await server.get("/api/v1/hasWork")).status).toBe(400);
  expect((await server.get("/api/v1/workers")).body.workers).toHaveLength(1);
});

it("remembers settings that operators changed, page by page", async () => {
  const server = await openServer();
  await server.command("setPaused", { paused: true });
  await server.command("setResource", { resource: "db", limit: 3 });
  const first = await server.get("/api/v1/operations?limit=1");
  expect(first.body.operations).toMatchObject([
    { name: "setResource", settings: { resource: "db", limit: 3 } },
  ]);
  const second = await server.get(`/api/v1/operations?limit=1&cursor=${first.body.nextCursor}`);
  expect(second.body).toMatchObject({ operations: [{ name: "setPaused" }], nextCursor: null });
});
