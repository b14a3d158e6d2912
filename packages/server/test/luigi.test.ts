import { expect, it } from "vitest";
import { luigiCaller, sendForm } from "./luigi-support.ts";
import { openServer, type TestServer } from "./support.ts";

const call = (server: TestServer, method: string, data: object = {}): Promise<any> =>
  luigiCaller(server)(method, data);

const worker = "Worker(salt=1)";

const task = (task_id: string, more: object = {}) => ({
  worker,
  task_id,
  family: "F",
  module: "m",
  params: { n: "1" },
  deps: [],
  new_deps: null,
  ...more,
});

const result = (task_id: string, status: string, more: object = {}) =>
  task(task_id, { status, runnable: null, new_deps: [], ...more });

it("runs tasks after their requirements", async () => {
  const server = await openServer();
  await call(server, "add_task", task("A", { deps: ["B"] }));
  await call(server, "add_task", task("B"));
  await call(server, "add_worker", {
    worker,
    info: [
      ["workers", 2],
      ["host", "here"],
    ],
  });
  const work = await call(server, "get_work", { worker, host: "here", assistant: false, current_tasks: [] });
  expect(work).toEqual({
    n_pending_tasks: 2,
    n_unique_pending: 2,
    n_pending_last_scheduled: 2,
    worker_state: "active",
    running_tasks: [],
    task_id: "B",
    task_family: "F",
    task_module: "m",
    task_params: { n: "1" },
  });
  expect(await call(server, "add_task", result("B", "DONE"))).toBeNull();
  expect(await call(server, "get_work", { worker, current_tasks: [] })).toMatchObject({ task_id: "A" });
});

it("sends an assignment again that the worker does not run", async () => {
  const server = await openServer();
  await call(server, "add_task", task("A"));
  await call(server, "get_work", { worker, current_tasks: [] });
  expect(await call(server, "get_work", { worker, current_tasks: [] })).toMatchObject({ task_id: "A" });
  expect(await call(server, "get_work", { worker, current_tasks: ["A"] })).toMatchObject({ task_id: null });
});

it("tells others what runs where", async () => {
  const server = await openServer();
  await call(server, "add_task", task("A"));
  await call(server, "add_task", { ...task("A"), worker: "other" });
  await call(server, "add_worker", { worker, info: { host: "here" } });
  await call(server, "get_work", { worker, current_tasks: [] });
  const work = await call(server, "get_work", { worker: "other", current_tasks: [] });
  expect(work.running_tasks).toEqual([{ task_id: "A", worker, host: "here" }]);
});

it("goes on after requirements that were found while running", async () => {
  const server = await openServer();
  await call(server, "add_task", task("A"));
  await call(server, "get_work", { worker, current_tasks: [] });
  await call(server, "add_task", task("B"));
  await call(server, "add_task", result("A", "PENDING", { new_deps: ["B"] }));
  expect(await call(server, "get_work", { worker, current_tasks: [] })).toMatchObject({ task_id: "B" });
});

it("lets the failure of an attempt that is over change nothing", async () => {
  const server = await openServer();
  await call(server, "add_task", task("A"));
  await call(server, "get_work", { worker, current_tasks: [] });
  await call(server, "mark_as_done", { task_id: "A" });
  await call(server, "add_task", result("A", "FAILED", { expl: '"too late"' }));
  expect((await server.get("/api/v1/tasks/A")).body).toMatchObject({ status: "DONE", failures: 0 });
});

it("keeps settings of a task when it gives its tracking URL", async () => {
  const server = await openServer();
  await call(server, "add_task", task("A", { resources: { db: 1 }, accepts_messages: true }));
  await call(server, "get_work", { worker, current_tasks: [] });
  await call(server, "add_task", { worker, task_id: "A", status: "RUNNING", tracking_url: "http://x/" });
  const { body } = await server.get("/api/v1/tasks/A");
  expect(body).toMatchObject({ trackingUrl: "http://x/", resources: { db: 1 }, acceptsMessages: true });
});

async function takeBatch(server: TestServer): Promise<any> {
  await sendForm(
    server,
    "add_task_batcher",
    `{"worker": "${worker}", "task_family": "F", "batched_args": ["n"], "max_batch_size": Infinity}`,
  );
  await call(server, "add_task", task("F1", { batchable: true }));
  await call(server, "add_task", task("F2", { params: { n: "2" }, batchable: true }));
  return call(server, "get_work", { worker, current_tasks: [] });
}

it("hands out a batch, whose runner stands for its members", async () => {
  const server = await openServer();
  const work = await takeBatch(server);
  expect(work).toMatchObject({
    task_id: null,
    task_params: { n: ["1", "2"] },
    batch_id: "3e289f3243c8af1ab91ad4a1bec44357",
    batch_task_ids: ["F1", "F2"],
  });
  await call(server, "add_task", { worker, task_id: "F12", status: "RUNNING", batch_id: work.batch_id });
  await call(server, "set_task_progress_percentage", { task_id: "F12", progress_percentage: 50 });
  expect((await server.get("/api/v1/tasks/F2")).body.progressPercentage).toBe(50);
  expect(await call(server, "get_work", { worker, current_tasks: ["F12"] })).toMatchObject({ task_id: null });
  await call(server, "add_task", result("F12", "DONE"));
  expect((await server.get("/api/v1/counts")).body.byStatus).toEqual({ DONE: 2 });
});

it("knows the runner of a batch that was announced before leatd was started anew", async () => {
  const server = await openServer();
  await takeBatch(server);
  await call(server, "add_task", result("F12", "FAILED", { expl: '"no luck"' }));
  expect((await server.get("/api/v1/tasks/F2")).body).toMatchObject({
    status: "FAILED",
    explanation: "no luck",
  });
});

it("gives a worker its messages, each once", async () => {
  const server = await openServer();
  await call(server, "add_worker", { worker, info: {} });
  await call(server, "set_worker_processes", { worker, n: 3 });
  expect(await call(server, "ping", { worker })).toEqual({
    rpc_messages: [{ name: "set_worker_processes", kwargs: { n: 3 } }],
  });
  expect(await call(server, "ping", { worker })).toEqual({ rpc_messages: [] });
});

it("shows lists and graphs as luigid does", async () => {
  const server = await openServer();
  await call(
    server,
    "add_task",
    task("A", { deps: ["B", "C_x"], params: { n: "1", h: "2" }, param_visibilities: { h: 1 } }),
  );
  await call(server, "add_task", task("B", { status: "DONE" }));
  expect(await call(server, "task_list", { status: "PENDING", upstream_status: "" })).toMatchObject({
    A: { display_name: "F(n=1)", name: "F", params: { n: "1" }, status: "PENDING", workers: [worker] },
  });
  expect(Object.keys(await call(server, "task_list", { search: "n=1 F" })).toSorted()).toEqual(["A", "B"]);
  expect(await call(server, "task_list", { max_shown_tasks: 1 })).toEqual({ num_tasks: 3 });
  const up = await call(server, "dep_graph", { task_id: "A" });
  expect(up).toMatchObject({
    A: { deps: ["B", "C_x"] },
    B: { deps: [] },
    C_x: { status: "UNKNOWN", name: "C" },
  });
  expect(Object.keys(await call(server, "dep_graph", { task_id: "A", include_done: false }))).toEqual([
    "A",
    "C_x",
  ]);
  expect(await call(server, "inverse_dep_graph", { task_id: "B" })).toMatchObject({
    B: { deps: ["A"] },
    A: { deps: [] },
  });
  expect(await call(server, "dep_graph", { task_id: "nobody" })).toEqual({});
  expect(await call(server, "worker_list")).toMatchObject([
    { name: worker, state: "active", num_pending: 1, running: {} },
  ]);
});

it("does what operators ask for", async () => {
  const server = await openServer({ config: { retryCount: 1 } });
  await call(server, "add_task", task("A"));
  await call(server, "get_work", { worker, current_tasks: [] });
  await call(server, "add_task", result("A", "FAILED", { expl: '"a </b>"' }));
  expect(await call(server, "fetch_error", { task_id: "A" })).toMatchObject({
    error: '"a </b>"',
    displayName: "F(n=1)",
  });
  expect(await call(server, "re_enable_task", { task_id: "A" })).toMatchObject({
    status: "FAILED",
    deps: [],
  });
  expect(await call(server, "re_enable_task", { task_id: "A" })).toEqual({});
  expect(await call(server, "forgive_failures", { task_id: "A" })).toEqual({
    task_id: "A",
    status: "PENDING",
  });
  expect(await call(server, "update_resource", { resource: "db", amount: 3 })).toBe(true);
  expect(await call(server, "update_resource", { resource: "db", amount: -1 })).toBe(false);
  expect(await call(server, "resource_list")).toMatchObject([{ name: "db", num_total: 3, num_used: 0 }]);
  await call(server, "pause");
  expect(await call(server, "is_paused")).toEqual({ paused: true });
});

it("shows the whole graph, and finds tasks by a part of the id", async () => {
  const server = await openServer();
  await call(server, "add_task", task("Load_1", { deps: ["Raw_1"] }));
  await call(server, "add_task", task("Raw_1", { status: "DONE" }));
  const graph = await call(server, "graph");
  expect(graph).toMatchObject({
    Load_1: { status: "PENDING", deps: ["Raw_1"] },
    Raw_1: { status: "DONE", deps: [] },
  });
  const found = await call(server, "task_search", { task_str: "_1" });
  expect(Object.entries<object>(found).map(([status, tasks]) => [status, Object.keys(tasks)])).toEqual(
    expect.arrayContaining([
      ["PENDING", ["Load_1"]],
      ["DONE", ["Raw_1"]],
    ]),
  );
  expect(await call(server, "task_search", { task_str: "load" })).toEqual({});
});

it("sets several limits at once, all or none of them", async () => {
  const server = await openServer();
  await call(server, "update_resources", { db: 3, disk: 0 });
  expect((await sendForm(server, "update_resources", '{"db":1,"disk":-1}')).status).toBe(400);
  const limits = (await call(server, "resource_list")).map(({ name, num_total }: any) => [name, num_total]);
  expect(limits).toEqual([
    ["db", 3],
    ["disk", 0],
  ]);
});

it("has every method that the scheduler of Luigi 3.8.1 exports", async () => {
  const methods = [
    "add_scheduler_message_response",
    "add_task",
    "add_task_batcher",
    "add_worker",
    "announce_scheduling_failure",
    "count_pending",
    "decrease_running_task_resources",
    "dep_graph",
    "disable_worker",
    "fetch_error",
    "forgive_failures",
    "get_running_task_resources",
    "get_scheduler_message_response",
    "get_task_progress_percentage",
    "get_task_status_message",
    "get_work",
    "graph",
    "has_task_history",
    "inverse_dep_graph",
    "is_pause_enabled",
    "is_paused",
    "mark_as_done",
    "pause",
    "ping",
    "prune",
    "re_enable_task",
    "report_task_statistics",
    "resource_list",
    "send_scheduler_message",
    "set_task_progress_percentage",
    "set_task_status_message",
    "set_worker_processes",
    "task_list",
    "task_search",
    "unpause",
    "update_metrics_task_started",
    "update_resource",
    "update_resources",
    "worker_list",
  ];
  const server = await openServer();
  for (const method of methods) {
    expect([method, (await sendForm(server, method, "{}")).status]).not.toEqual([method, 404]);
  }
  for (const hidden of ["load", "dump", "__init__", "constructor"]) {
    expect((await sendForm(server, hidden, "{}")).status).toBe(404);
  }
});

it("escapes what would end a script in a page", async () => {
  const server = await openServer();
  await call(server, "add_task", task("A", { params: { n: "</script>" } }));
  const response = await fetch(`${server.url}/api/task_list`);
  expect(await response.text()).toContain("<\\/script>");
});

it("reads by GET, and changes nothing by GET", async () => {
  const server = await openServer();
  const data = encodeURIComponent('{"task_id": "A"}');
  expect((await server.get(`/api/dep_graph?data=${data}`)).body).toEqual({ response: {} });
  expect((await server.get("/api/pause")).status).toBe(405);
  expect((await server.get("/api/v1/status")).body.paused).toBe(false);
});

it.each([
  ["add_task", "[]", 400],
  ["add_task", "{", 400],
  ["add_task", "{}", 400],
  ["add_task", `{"worker": "w", "task_id": 7}`, 400],
  ["add_task", `{"worker": "w", "task_id": "A", "status": "ODD"}`, 400],
  ["add_task", `{"worker": "w", "task_id": "A", "deps": ["A"]}`, 400],
  ["dump", "{}", 404],
])("refuses %s with %s", async (method, data, status) => {
  const server = await openServer();
  expect((await sendForm(server, method, data)).status).toBe(status);
  expect((await server.get("/api/v1/status")).body.tasks).toBe(0);
});
