import { expect, it } from "vitest";
import { openServer, request } from "../test/support.ts";
import { openLuigid } from "./support.ts";

/** Calls a scheduler as Luigi's workers do. */
type Call = (method: string, data?: object) => Promise<unknown>;

function caller(url: string): Call {
  return async (method, data = {}) => {
    const body = new URLSearchParams({ data: JSON.stringify(data) }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const answer = await request(`${url}/api/${method}`, { method: "POST", headers, body });
    if (answer.status !== 200) throw new Error(`${method} ${JSON.stringify(data)}: ${answer.status}`);
    return answer.body.response;
  };
}

const task = (worker: string, task_id: string, more: object = {}) => ({
  worker,
  task_id,
  family: task_id.split("_")[0],
  module: "jobs",
  params: { n: "1", secret: "x" },
  param_visibilities: { n: 0, secret: 1 },
  deps: [],
  ...more,
});

const result = (worker: string, task_id: string, status: string, more: object = {}) =>
  task(worker, task_id, { status, runnable: null, new_deps: [], deps: null, ...more });

/** Tasks in every status, some behind others, two workers and two resources. */
async function makeState(call: Call): Promise<void> {
  const info = { host: "h", workers: 1, first_task: "Top_1" };
  await call("add_worker", { worker: "w1", info });
  await call("add_worker", { worker: "w2", info: { host: "i", workers: 2 } });
  await call("update_resource", { resource: "db", amount: 2 });
  await call("update_resource", { resource: "disk", amount: 5 });
  const failing = { retry_policy_dict: { retry_count: 9 } };
  const disabling = { retry_policy_dict: { retry_count: 1 } };
  await call("add_task", task("w1", "Fails_1", { priority: 9, ...failing }));
  await call("get_work", { worker: "w1", current_tasks: [] });
  await call("add_task", result("w1", "Fails_1", "FAILED", { expl: '"it broke"', ...failing }));
  await call("add_task", task("w1", "Disabled_1", { priority: 8, ...disabling }));
  await call("get_work", { worker: "w1", current_tasks: [] });
  await call("add_task", result("w1", "Disabled_1", "FAILED", { expl: '"too often"', ...disabling }));
  await call("add_task", task("w1", "Done_1", { status: "DONE", runnable: false }));
  await call("add_task", task("w1", "External_1", { runnable: false }));
  await call(
    "add_task",
    task("w1", "Running_1", { priority: 7, resources: { db: 1 }, accepts_messages: true }),
  );
  await call("get_work", { worker: "w1", current_tasks: [] });
  await call("set_task_status_message", { task_id: "Running_1", status_message: "at work" });
  await call("set_task_progress_percentage", { task_id: "Running_1", progress_percentage: 42 });
  await call("add_task", task("w1", "Broken_1", { status: "UNKNOWN", runnable: false }));
  await call("add_task", task("w1", "Mid_1", { deps: ["Done_1", "Fails_1", "Missing_1"] }));
  await call("add_task", task("w1", "Low_1", { deps: ["Disabled_1", "Broken_1"] }));
  await call("add_task", task("w1", "Ext_1", { deps: ["External_1"] }));
  await call(
    "add_task",
    task("w1", "Top_1", { deps: ["Mid_1", "Low_1", "Ext_1", "Running_1"], priority: 3 }),
  );
  await call("add_task", task("w2", "Ext_1", { deps: ["External_1"] }));
}

const SEARCHES = ["", "mid", "n=1 TOP", "Top_1"];
const BOXES = [
  ["RUNNING", ""],
  ["BATCH_RUNNING", ""],
  ["FAILED", ""],
  ["PENDING", "UPSTREAM_FAILED"],
  ["PENDING", "UPSTREAM_MISSING_INPUT"],
  ["PENDING", "UPSTREAM_RUNNING"],
  ["DISABLED", ""],
  ["PENDING", "UPSTREAM_DISABLED"],
  ["PENDING", ""],
  ["DONE", ""],
  ["UNKNOWN", ""],
  ["", ""],
] as const;

const IDS = ["Top_1", "Mid_1", "Fails_1", "Done_1", "Running_1", "Missing_1", "nobody_1"];

/** What the page reads. */
const READS: [method: string, data: object][] = [
  ...BOXES.map(([status, upstream_status]): [string, object] => [
    "task_list",
    { status, upstream_status, search: "" },
  ]),
  ...SEARCHES.map((search): [string, object] => ["task_list", { status: "", upstream_status: "", search }]),
  ["task_list", { status: "", upstream_status: "", max_shown_tasks: 3 }],
  ["task_list", { status: "", upstream_status: "", max_shown_tasks: 3, limit: false }],
  ["task_list", { status: "PENDING", upstream_status: "UPSTREAM_FAILED", max_shown_tasks: 1 }],
  ["task_list", { status: "PENDING", upstream_status: "", search: "1", max_shown_tasks: 2 }],
  ...IDS.flatMap((task_id): [string, object][] => [
    ["dep_graph", { task_id }],
    ["dep_graph", { task_id, include_done: false }],
    ["inverse_dep_graph", { task_id }],
    ["inverse_dep_graph", { task_id, include_done: false }],
    ["fetch_error", { task_id }],
    ["get_task_status_message", { task_id }],
    ["get_task_progress_percentage", { task_id }],
    ["get_running_task_resources", { task_id }],
  ]),
  ["graph", {}],
  ["task_search", { task_str: "i" }],
  ["task_search", { task_str: "nothing" }],
  ["worker_list", {}],
  ["worker_list", { include_running: false }],
  ["resource_list", {}],
  ["is_paused", {}],
  ["is_pause_enabled", {}],
  ["has_task_history", {}],
];

/** What a page changes by its buttons, in this order. */
const ACTIONS: [method: string, data: object][] = [
  ["forgive_failures", { task_id: "Fails_1" }],
  ["forgive_failures", { task_id: "nobody_1" }],
  ["re_enable_task", { task_id: "Disabled_1" }],
  ["re_enable_task", { task_id: "Done_1" }],
  ["mark_as_done", { task_id: "Running_1" }],
  ["mark_as_done", { task_id: "Mid_1" }],
  ["update_resource", { resource: "db", amount: 7 }],
  ["update_resource", { resource: "db", amount: "7" }],
  ["set_worker_processes", { worker: "w1", n: 3 }],
  ["ping", { worker: "w1" }],
  ["ping", { worker: "w1" }],
  ["pause", {}],
  ["is_paused", {}],
  ["get_work", { worker: "w1", current_tasks: [] }],
  ["unpause", {}],
  ["count_pending", { worker: "w1" }],
  ["count_pending", { worker: "w2" }],
  ["disable_worker", { worker: "w2" }],
  ["count_pending", { worker: "w2" }],
  ["prune", {}],
  ["resource_list", {}],
];

/** What leatd counts in another way: by what is unfinished and can still be run. */
const OTHERWISE = ["num_pending", "num_uniques"];

/** Times differ, and sets have no order. */
function comparable(value: unknown): unknown {
  if (typeof value === "number") return value > 1e9 ? "a time" : value;
  if (Array.isArray(value)) {
    const items = value.map(comparable);
    return items.every((item) => typeof item === "string") ? items.toSorted() : items;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !OTHERWISE.includes(key));
  return Object.fromEntries(entries.map(([key, item]) => [key, comparable(item)]));
}

/** All answers, by what was called. */
async function answers(call: Call): Promise<{ [call: string]: unknown }> {
  const found: { [call: string]: unknown } = {};
  await makeState(call);
  for (const [index, [method, data]] of [...READS, ...ACTIONS].entries()) {
    found[`${index} ${method} ${JSON.stringify(data)}`] = comparable(await call(method, data));
  }
  return found;
}

it("answers what Luigi's page reads and does as luigid does", async () => {
  const ours = await answers(caller((await openServer()).url));
  expect(ours).toEqual(await answers(caller(await openLuigid())));
});
