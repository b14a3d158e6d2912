import { expect, it } from "vitest";
import { openServer, type TestServer } from "./support.ts";

/** Ten songs that need one artist, of which two failed to be loaded. */
async function openExample(): Promise<TestServer> {
  const server = await openServer({ config: { retryCount: 99, doneCooldownSeconds: 0 } });
  const songs = Array.from({ length: 10 }, (_, n) => ({
    taskId: `Song_${n}`,
    family: "Song",
    params: { n: String(n), secret: "s3cret" },
    paramVisibilities: { secret: 1 },
    deps: ["Artist_1"],
    priority: n % 3,
  }));
  await server.command("addTasks", {
    worker: "w",
    tasks: [{ taskId: "Artist_1", family: "Artist" }, ...songs],
  });
  await run(server, "DONE");
  await run(server, "FAILED");
  await run(server, "FAILED");
  return server;
}

async function run(server: TestServer, outcome: string): Promise<void> {
  const { assignments } = await server.command("getWork", { worker: "w" });
  const [{ taskId, token }] = assignments;
  await server.command("report", {
    worker: "w",
    taskId,
    token,
    outcome,
    explanation: `${taskId}: ${outcome}`,
  });
}

const idsOf = (body: any): string[] => body.tasks.map((task: any) => task.taskId);

it("counts tasks by status and by family", async () => {
  const server = await openExample();
  expect((await server.get("/api/v1/counts")).body).toEqual({
    byStatus: { DONE: 1, PENDING: 8, FAILED: 2 },
    blocked: {},
    families: [
      { family: "Artist", byStatus: { DONE: 1 } },
      { family: "Song", byStatus: { PENDING: 8, FAILED: 2 } },
    ],
  });
});

it("lists tasks page by page, each once", async () => {
  const server = await openExample();
  const seen: string[] = [];
  let cursor = "";
  for (let pages = 0; pages < 4; pages++) {
    const { body } = await server.get(`/api/v1/tasks?limit=3&sort=priority&order=desc${cursor}`);
    expect(body.total).toBe(11);
    seen.push(...idsOf(body));
    cursor = `&cursor=${body.nextCursor}`;
    expect(body.nextCursor === null).toBe(pages === 3);
  }
  expect(seen).toHaveLength(11);
  expect(new Set(seen).size).toBe(11);
  expect(seen.slice(0, 2)).toEqual(["Song_8", "Song_5"]);
});

it("filters by status, family and words", async () => {
  const server = await openExample();
  expect(idsOf((await server.get("/api/v1/tasks?status=FAILED&status=DONE&sort=taskId")).body)).toEqual([
    "Artist_1",
    "Song_2",
    "Song_5",
  ]);
  expect((await server.get("/api/v1/tasks?family=Song&status=PENDING")).body.total).toBe(8);
  expect(idsOf((await server.get("/api/v1/tasks?search=n%3D7%20SONG")).body)).toEqual(["Song_7"]);
  expect((await server.get("/api/v1/tasks?search=s3cret")).body.total).toBe(0);
});

it("shows a task with what it waits for", async () => {
  const server = await openExample();
  const { body } = await server.get("/api/v1/tasks/Artist_1");
  expect(body).toMatchObject({ status: "DONE", upstreamStatus: "" });
  expect(body.dependents).toHaveLength(10);
  const missing = await server.get("/api/v1/tasks/Nobody");
  expect(missing).toMatchObject({ status: 404, body: { error: { code: "TASK_NOT_FOUND" } } });
});

it("shows the surroundings of a task in both directions, up to a limit", async () => {
  const server = await openExample();
  const up = (await server.get("/api/v1/tasks/Song_1/graph")).body;
  expect(up.nodes).toMatchObject([
    { taskId: "Song_1", depth: 0, deps: ["Artist_1"] },
    { taskId: "Artist_1", depth: 1, status: "DONE" },
  ]);
  const down = (await server.get("/api/v1/tasks/Artist_1/graph?direction=down&limit=5")).body;
  expect(down.nodes).toHaveLength(5);
  expect(down.isTruncated).toBe(true);
  expect((await server.get("/api/v1/tasks/Song_1/graph?includeDone=false")).body.nodes).toHaveLength(1);
});

it("remembers the attempts that ended, newest first", async () => {
  const server = await openExample();
  const first = (await server.get("/api/v1/attempts?limit=2")).body;
  expect(first.attempts).toMatchObject([
    { taskId: "Song_5", outcome: "FAILED", reason: "reported", worker: "w", explanation: "Song_5: FAILED" },
    { taskId: "Song_2", outcome: "FAILED" },
  ]);
  const second = (await server.get(`/api/v1/attempts?limit=2&cursor=${first.nextCursor}`)).body;
  expect(second).toMatchObject({ attempts: [{ taskId: "Artist_1", outcome: "DONE" }], nextCursor: null });
  expect((await server.get("/api/v1/attempts?taskId=Song_2")).body.attempts).toHaveLength(1);
});

it("counts for Prometheus under the names that luigid has", async () => {
  const server = await openExample();
  const { body } = await server.get("/metrics");
  expect(body).toContain('luigi_task_started_total{family="Song"} 2\n');
  expect(body).toContain('luigi_task_failed_total{family="Song"} 2\n');
  expect(body).toContain('luigi_task_done_total{family="Artist"} 1\n');
  expect(body).toContain('leat_tasks{status="PENDING"} 8\n');
  expect(body).toContain('leat_commands_total{type="report"} 3\n');
});

it("shows workers and resources", async () => {
  const server = await openExample();
  await server.command("setResource", { resource: "db", limit: 3 });
  expect((await server.get("/api/v1/workers")).body.workers).toMatchObject([{ worker: "w", pending: 10 }]);
  expect((await server.get("/api/v1/resources")).body.resources).toEqual([
    { resource: "db", limit: 3, used: 0, holders: [], waiting: [], waitingTotal: 0 },
  ]);
});
