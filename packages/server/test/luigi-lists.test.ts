import { describe, expect, it } from "vitest";
import { type LuigiCall, luigiCaller } from "./luigi-support.ts";
import { openServer } from "./support.ts";

const task = (id: string, more: object = {}) => ({
  worker: "w",
  task_id: id,
  family: id.replace(/\d+$/, ""),
  params: { n: id, place: "Zürich" },
  deps: [],
  ...more,
});

async function openWith(...tasks: object[]): Promise<LuigiCall> {
  const call = luigiCaller(await openServer());
  for (const each of tasks) await call("add_task", each);
  return call;
}

/** The task, run and failed with an explanation. */
async function failWith(call: LuigiCall, id: string, expl: string): Promise<void> {
  await call("add_task", task(id, { priority: 9 }));
  await call("get_work", { worker: "w", current_tasks: [] });
  await call("add_task", task(id, { status: "FAILED", expl, new_deps: [], runnable: null }));
}

const idsOf = (found: object) => Object.keys(found).toSorted();

describe("a list that is longer than its limit", () => {
  const four = ["A1", "A2", "A3", "A4"].map((id) => task(id));

  it.each([
    ["gives the number of tasks instead", { max_shown_tasks: 3 }, { num_tasks: 5 }],
    ["counts the tasks of the status", { max_shown_tasks: 3, status: "PENDING" }, { num_tasks: 4 }],
    [
      "cannot tell how many have an upstream status",
      { max_shown_tasks: 3, status: "PENDING", upstream_status: "UPSTREAM_FAILED" },
      { num_tasks: -1 },
    ],
    ["gives the number that was found by a search", { max_shown_tasks: 3, search: "n=a" }, { num_tasks: 4 }],
  ])("%s", async (_, query, expected) => {
    const call = await openWith(...four, task("B1", { status: "DONE" }));
    expect(await call("task_list", query)).toEqual(expected);
  });

  it.each([
    ["when it is as long as the limit", { max_shown_tasks: 5 }, 5],
    ["when no limit is wanted", { max_shown_tasks: 3, limit: false }, 5],
    ["when a search finds fewer", { max_shown_tasks: 3, search: "b" }, 1],
    ["when few tasks have the status", { max_shown_tasks: 3, status: "DONE" }, 1],
  ])("is given %s", async (_, query, length) => {
    const call = await openWith(...four, task("B1", { status: "DONE" }));
    expect(idsOf(await call("task_list", query))).toHaveLength(length);
  });
});

describe("a search", () => {
  it.each([
    ["load", ["Load1", "Load2"]],
    ["LOAD n=load2", ["Load2"]],
    ["n=", ["Load1", "Load2", "Report1"]],
    ["zürich report", ["Report1"]],
    ["place=Zürich load1", ["Load1"]],
    ["secret", []],
    ["nothing like it", []],
  ])("for %j finds %j", async (search, expected) => {
    const params = { n: "Load1", place: "Zürich", password: "secret" };
    const hidden = task("Load1", { params, param_visibilities: { password: 1 } });
    const call = await openWith(hidden, task("Load2"), task("Report1"));
    expect(idsOf(await call("task_list", { search }))).toEqual(expected);
  });
});

it("a list has no requirements, and a listed task has its label", async () => {
  const call = await openWith(task("A1", { deps: ["B1"] }));
  const { A1 } = await call("task_list");
  expect(A1).not.toHaveProperty("deps");
  expect(A1.display_name).toBe("A(n=A1, place=Zürich)");
});

it("a list of pending tasks can be of those behind a failed one", async () => {
  const call = await openWith();
  await failWith(call, "Failed1", '"no"');
  const tasks = [
    task("External1", { runnable: false }),
    task("Behind1", { deps: ["External1"] }),
    task("Behind2", { deps: ["Failed1"] }),
    task("Behind3", { deps: ["Failed1", "Behind1"] }),
  ];
  for (const each of tasks) await call("add_task", each);
  const behind = (upstream_status: string) => call("task_list", { status: "PENDING", upstream_status });
  expect(idsOf(await behind("UPSTREAM_MISSING_INPUT"))).toEqual(["Behind1", "External1"]);
  expect(idsOf(await behind("UPSTREAM_FAILED"))).toEqual(["Behind2", "Behind3"]);
  expect(await behind("UPSTREAM_RUNNING")).toEqual({});
});

describe("a graph", () => {
  const diamond = [
    task("Top1", { deps: ["Left1", "Right1"] }),
    task("Left1", { deps: ["Base1"] }),
    task("Right1", { deps: ["Base1"] }),
    task("Base1", { status: "DONE" }),
  ];

  it("has each task once, with what it requires", async () => {
    const call = await openWith(...diamond);
    expect(await call("dep_graph", { task_id: "Top1" })).toMatchObject({
      Top1: { deps: ["Left1", "Right1"] },
      Left1: { deps: ["Base1"] },
      Right1: { deps: ["Base1"] },
      Base1: { deps: [], status: "DONE" },
    });
  });

  it("downstream has what requires each task, through several levels", async () => {
    const call = await openWith(...diamond);
    expect(await call("inverse_dep_graph", { task_id: "Base1" })).toMatchObject({
      Base1: { deps: ["Left1", "Right1"] },
      Left1: { deps: ["Top1"] },
      Right1: { deps: ["Top1"] },
      Top1: { deps: [] },
    });
  });

  it.each([
    ["dep_graph", "Top1", ["Left1", "Right1", "Top1"]],
    ["inverse_dep_graph", "Base1", ["Base1", "Left1", "Right1", "Top1"]],
  ])("without done tasks has neither them nor the way to them: %s", async (method, task_id, ids) => {
    const call = await openWith(...diamond);
    const graph = await call(method, { task_id, include_done: false });
    expect(idsOf(graph)).toEqual(ids);
    const listed = Object.values<{ deps: string[] }>(graph).flatMap(({ deps }) => deps);
    expect(listed.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it("names only the task that was asked for", async () => {
    const call = await openWith(...diamond);
    const nodes = Object.entries<object>(await call("dep_graph", { task_id: "Top1" }));
    expect(nodes.filter(([, node]) => "display_name" in node).map(([id]) => id)).toEqual(["Top1"]);
  });

  it("shows a task that could not be registered as UNKNOWN, with its family and parameters", async () => {
    const call = await openWith(
      task("Top1", { deps: ["Base1"] }),
      task("Base1", { status: "UNKNOWN", runnable: false }),
    );
    const { Base1 } = await call("dep_graph", { task_id: "Top1" });
    expect(Base1).toMatchObject({ status: "UNKNOWN", name: "Base", params: { n: "Base1" } });
  });
});

describe("the list of workers", () => {
  it("has what each told about itself, newest first, and its root task", async () => {
    const call = await openWith(task("A1", { worker: "first" }));
    await call("add_worker", { worker: "first", info: { workers: 1, first_task: "A1", host: "here" } });
    expect(await call("worker_list")).toMatchObject([
      {
        name: "first",
        state: "active",
        workers: 1,
        host: "here",
        first_task_display_name: "A(n=A1, place=Zürich)",
      },
    ]);
  });

  it("counts what runs, and what only one worker can run", async () => {
    const call = await openWith(task("A1"), task("A2"), task("A3"), task("A2", { worker: "v" }));
    await call("get_work", { worker: "w", current_tasks: [] });
    const counts = (await call("worker_list")).map(({ name, num_running, num_pending, num_uniques }: any) => [
      name,
      num_running,
      num_pending,
      num_uniques,
    ]);
    expect(counts.toSorted()).toEqual([
      ["v", 0, 1, 0],
      ["w", 1, 2, 1],
    ]);
  });

  it("shows a disabled worker as such", async () => {
    const call = await openWith(task("A1"));
    await call("disable_worker", { worker: "w" });
    expect(await call("worker_list")).toMatchObject([{ name: "w", state: "disabled" }]);
  });
});

it.each([
  ['"as JSON"', "as JSON"],
  ["as it is", "as it is"],
])("keeps an explanation that comes %j", async (expl, expected) => {
  const call = await openWith();
  await failWith(call, "A1", expl);
  expect((await call("fetch_error", { task_id: "A1" })).error).toBe(JSON.stringify(expected));
});

it("a ping may have arguments of which nothing is known", async () => {
  const call = await openWith();
  expect(await call("ping", { worker: "w", from: "the future" })).toEqual({ rpc_messages: [] });
});

it("pausing keeps the counts and hands out nothing, until it ends", async () => {
  const call = await openWith(task("A1"));
  await call("pause");
  expect([await call("is_paused"), await call("is_pause_enabled")]).toEqual([
    { paused: true },
    { enabled: true },
  ]);
  const paused = await call("get_work", { worker: "w", current_tasks: [] });
  expect(paused).toMatchObject({
    n_pending_tasks: 1,
    n_unique_pending: 1,
    worker_state: "active",
    task_id: null,
  });
  await call("unpause");
  expect(await call("get_work", { worker: "w", current_tasks: [] })).toMatchObject({ task_id: "A1" });
});

it("metrics count a task that is disabled and never ran, and go on", async () => {
  const server = await openServer();
  await luigiCaller(server)("add_task", task("A1", { status: "DISABLED" }));
  expect((await server.get("/metrics")).body).toContain('luigi_task_disabled_total{family="A"} 1\n');
  expect(await luigiCaller(server)("task_list", { status: "DISABLED" })).toHaveProperty("A1");
});

it.each([
  "/api/v1/tasks/nobody",
  "/api/v1/tasks/nobody/graph",
  "/api/v1/tasks/nobody/run",
  "/history/by_id/7",
])("%s is not found", async (path) => {
  const { status } = await (await openServer()).get(path);
  expect(status).toBe(404);
});
