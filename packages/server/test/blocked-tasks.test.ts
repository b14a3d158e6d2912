import { expect, it } from "vitest";
import { openServer, type TestServer } from "./support.ts";

const worker = "w";

/** `Failed` and `Off` hold up a chain each; `Both` waits for the two chains, `Free` for nothing. */
async function openBlocked(): Promise<TestServer> {
  const server = await openServer();
  const tasks = [
    { taskId: "Failed", priority: 9 },
    { taskId: "Off", status: "DISABLED" },
    { taskId: "Free", family: "Free" },
    { taskId: "F1", family: "F", deps: ["Failed"] },
    { taskId: "F2", family: "F", deps: ["F1"] },
    { taskId: "O1", family: "O", deps: ["Off"] },
    { taskId: "Both", family: "F", deps: ["F2", "O1", "Free"] },
  ];
  await server.command("addTasks", { worker, tasks });
  const { assignments } = await server.command("getWork", { worker });
  const [{ taskId, token }] = assignments;
  await server.command("report", { worker, taskId, token, outcome: "FAILED" });
  return server;
}

async function blocked(server: TestServer, query: string): Promise<string[]> {
  const { body } = await server.get(`/api/v1/tasks?sort=taskId&${query}`);
  expect(body.total).toBe(body.tasks.length);
  return body.tasks.map(({ taskId }: { taskId: string }) => taskId);
}

it("counts and lists the tasks that others keep from being run, by the gravest", async () => {
  const server = await openBlocked();
  expect((await server.get("/api/v1/counts")).body.blocked).toEqual({ FAILED: 2, DISABLED: 2 });
  expect(await blocked(server, "blocked=FAILED")).toEqual(["F1", "F2"]);
  expect(await blocked(server, "blocked=DISABLED")).toEqual(["Both", "O1"]);
  expect(await blocked(server, "blocked=DISABLED&family=F&status=PENDING&search=bo")).toEqual(["Both"]);
  expect(await blocked(server, "blocked=FAILED&status=DONE")).toEqual([]);
});

it("says of each task the same as the task itself does", async () => {
  const server = await openBlocked();
  for (const by of ["FAILED", "DISABLED"]) {
    for (const taskId of await blocked(server, `blocked=${by}`)) {
      expect((await server.get(`/api/v1/tasks/${taskId}`)).body.upstreamStatus).toBe(`UPSTREAM_${by}`);
    }
  }
});

it("blocks nothing any more when somebody has done something", async () => {
  const server = await openBlocked();
  await server.post("/api/v1/act", { action: "markDone", taskIds: ["Failed", "Off"] });
  expect((await server.get("/api/v1/counts")).body.blocked).toEqual({});
});

it("refuses a state that blocks nothing", async () => {
  const server = await openServer();
  expect((await server.get("/api/v1/tasks?blocked=DONE")).status).toBe(400);
});
