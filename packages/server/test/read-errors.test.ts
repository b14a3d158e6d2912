import { expect, it } from "vitest";
import { openServer, type TestServer } from "./support.ts";

const worker = "w";

/** `Done` ended with its log, `Quiet` ended without one, `Running` has begun and written nothing yet. */
async function openExample(): Promise<{ server: TestServer; tokens: { [taskId: string]: string } }> {
  const server = await openServer({ config: { doneCooldownSeconds: 0 } });
  const tasks = ["Done", "Quiet", "Running", "Waiting"].map((taskId, index) => ({
    taskId,
    family: "F",
    priority: -index,
    deps: taskId === "Waiting" ? ["Running"] : [],
  }));
  await server.command("addTasks", { worker, tasks });
  const { assignments } = await server.command("getWork", { worker, slots: 3 });
  const tokens = Object.fromEntries(assignments.map(({ taskId, token }: any) => [taskId, token]));
  await server.command("appendLog", { worker, taskId: "Done", token: tokens["Done"], text: "begins\n" });
  for (const taskId of ["Done", "Quiet"]) {
    await server.command("report", { worker, taskId, token: tokens[taskId], outcome: "DONE" });
  }
  return { server, tokens };
}

/** What is not there is 404, with its name and where to look. */
const UNKNOWN = [
  ["tasks/Nobody", "TASK_NOT_FOUND", '"Nobody"', "/api/v1/tasks"],
  ["tasks/a%2Fb%20%22c%22", "TASK_NOT_FOUND", '"a/b \\"c\\""', "/api/v1/tasks"],
  ["tasks/Nobody/graph", "TASK_NOT_FOUND", '"Nobody"', "/api/v1/tasks"],
  ["tasks/Nobody/graph?direction=both", "TASK_NOT_FOUND", '"Nobody"', "/api/v1/tasks"],
  ["tasks/Nobody/groups", "TASK_NOT_FOUND", '"Nobody"', "/api/v1/tasks"],
  ["tasks/Nobody/run", "TASK_NOT_FOUND", '"Nobody"', "/api/v1/tasks"],
  ["attempts/1-1/log", "ATTEMPT_NOT_FOUND", '"1-1"', "/api/v1/attempts"],
  ["attempts/Done/log", "ATTEMPT_NOT_FOUND", '"Done"', "/api/v1/attempts"],
  ["attempts/1-1/log?follow=true", "ATTEMPT_NOT_FOUND", '"1-1"', "/api/v1/attempts"],
] as const;

/** What no caller can mean is 400, with the name of the parameter and what it may be. */
const REFUSED = [
  ["tasks?limit=0", "limit must be an integer from 1 to 1000, got 0"],
  ["tasks?limit=1001", "limit must be an integer from 1 to 1000, got 1001"],
  ["tasks?limit=ten", 'limit must be an integer from 1 to 1000, got "ten"'],
  ["tasks?limit=1&limit=2", '"limit" is given 2 times'],
  ["tasks?cursor=page2", "The cursor does not come from an earlier page"],
  ["tasks?cursor=WzFd", "The cursor does not come from an earlier page"],
  ["tasks?status=LOST", "status must be one of PENDING, RUNNING"],
  ["tasks?status=DONE&status=done", 'DISABLED, UNKNOWN, got "done"'],
  ["tasks?blocked=UNKNOWN", "blocked must be one of DISABLED, FAILED"],
  ["tasks?sort=colour", 'got "colour"'],
  ["tasks?order=up", "order must be one of asc, desc"],
  ["tasks?page=2", '"page" is not known here. Known are status'],
  ["tasks/Done?depth=1", '"depth" is not known here. There are no parameters'],
  ["tasks/Done/graph?direction=left", "direction must be one of up, down, both"],
  ["tasks/Done/graph?depth=-1", "depth must be an integer from 0 to 100000"],
  ["tasks/Done/groups?limit=10001", "limit must be an integer from 1 to 10000"],
  ["tasks/Done/graph?includeDone=yes", 'includeDone must be true or false, got "yes"'],
  ["history/families?since=-1", "since must be an integer of at least 0"],
  ["history/families?since=yesterday", 'got "yesterday"'],
  ["operations?cursor=0", "cursor must be an integer of at least 1"],
  ["attempts?cursor=abc", 'cursor must be an integer of at least 1, got "abc"'],
  ["attempts?limit=1.5", 'got "1.5"'],
  ["runs?cursor=99999999999999999999", 'got "99999999999999999999"'],
  ["runs?limit=-1", "limit must be an integer from 1 to 1000"],
  ["hasWork", "Give the id of the `worker`"],
  ["hasWork?worker=", 'worker must be a text that is not empty, got ""'],
  ["attempts/x/log?follow=1", 'follow must be true or false, got "1"'],
  ["status?pretty=1", '"pretty" is not known here'],
  ["session?pretty=1", '"pretty" is not known here'],
  ["events?since=1", '"since" is not known here'],
  ["workers?worker=w", '"worker" is not known here'],
  ["resources?resource=db", '"resource" is not known here'],
] as const;

/** A filter that nothing passes, or a page beyond the last, is an empty answer: names come and go. */
const EMPTY = [
  ["tasks?family=Nobody", { tasks: [], total: 0, nextCursor: null }],
  ["tasks?search=nobody", { tasks: [], total: 0, nextCursor: null }],
  ["tasks?blocked=FAILED", { tasks: [], total: 0, nextCursor: null }],
  ["attempts?taskId=Nobody", { attempts: [], nextCursor: null }],
  ["attempts?family=Nobody", { attempts: [], nextCursor: null }],
  ["attempts?worker=Nobody", { attempts: [], nextCursor: null }],
  ["attempts?cursor=1", { attempts: [], nextCursor: null }],
  ["operations?cursor=1", { operations: [], nextCursor: null }],
  ["runs?cursor=1", { runs: [], nextCursor: null }],
  ["history/families?since=999999999999999", { families: [] }],
  ["hasWork?worker=Nobody", { pending: 0, ready: false }],
] as const;

it("says of what it does not know that it is not there, what it was asked for and where to look", async () => {
  const { server } = await openExample();
  for (const [path, code, ...named] of UNKNOWN) {
    const { status, body } = await server.get(`/api/v1/${path}`);
    expect([path, status, body.error?.code]).toEqual([path, 404, code]);
    for (const text of named) expect(body.error.message).toContain(text);
  }
});

it("refuses parameters that mean nothing, and says which, what they are and what they may be", async () => {
  const { server, tokens } = await openExample();
  for (const [path, message] of REFUSED) {
    const { status, body } = await server.get(`/api/v1/${path.replace("/x/", `/${tokens["Done"]}/`)}`);
    expect([path, status, body.error?.code]).toEqual([path, 400, "INVALID_QUERY"]);
    expect(body.error.message).toContain(message);
  }
});

it("answers filters that nothing passes, and pages beyond the last, with nothing", async () => {
  const { server } = await openExample();
  for (const [path, expected] of EMPTY) {
    const { status, body } = await server.get(`/api/v1/${path}`);
    expect([path, status, body]).toEqual([path, 200, expected]);
  }
});

it("tries every view of the API that takes a name or a parameter", async () => {
  const { server } = await openExample();
  const { paths } = (await server.get("/api/v1/openapi.json")).body;
  const tried = [...UNKNOWN, ...REFUSED].map(([path]) => path.replace(/\?.*/, ""));
  const views = Object.keys(paths).filter((path) => paths[path].get?.parameters?.length > 0);
  const isTried = (view: string) => {
    const pattern = new RegExp(`^${view.replace("/api/v1/", "").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    return tried.some((path) => pattern.test(path));
  };
  expect(views.length).toBeGreaterThan(10);
  expect(views.filter((view) => !isTried(view))).toEqual([]);
});

it.each(["", "?follow=false"])(
  "gives the log of each attempt that was begun, written or not (%j)",
  async (query) => {
    const { server, tokens } = await openExample();
    const logOf = async (taskId: string) => {
      const { status, body } = await server.get(`/api/v1/attempts/${tokens[taskId]}/log${query}`);
      return [status, body];
    };
    expect(await logOf("Done")).toEqual([200, "begins\n"]);
    expect(await logOf("Quiet")).toEqual([200, ""]);
    expect(await logOf("Running")).toEqual([200, ""]);
    expect((await server.get(`/api/v1/attempts/${tokens["Running"]}9/log`)).status).toBe(404);
  },
);
