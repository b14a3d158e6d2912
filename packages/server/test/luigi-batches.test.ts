import { expect, it } from "vitest";
import { luigiCaller, type LuigiCall } from "./luigi-support.ts";
import { ManualClock, openServer } from "./support.ts";

const worker = "Worker(salt=1)";

async function openBatch(more: object = {}, clock?: ManualClock): Promise<LuigiCall> {
  const config = { retryCount: 9, workerTimeoutSeconds: 30 };
  const call = luigiCaller(
    await openServer({ config, ...(clock === undefined ? {} : { clock: clock.read }) }),
  );
  await call("add_worker", { worker, info: {} });
  await call("add_task_batcher", { worker, task_family: "F", batched_args: ["n"] });
  for (const n of ["1", "2"]) await call("add_task", member(n, more));
  return call;
}

const member = (n: string, more: object = {}) => ({
  worker,
  task_id: `F${n}`,
  family: "F",
  module: "m",
  params: { n },
  batchable: true,
  ...more,
});

const getWork = (call: LuigiCall, current_tasks: readonly string[] = []) =>
  call("get_work", { worker, current_tasks });

async function statuses(call: LuigiCall): Promise<object> {
  const tasks: { [id: string]: { status: string } } = await call("task_list");
  return Object.fromEntries(Object.entries(tasks).map(([id, { status }]) => [id, status]));
}

/** The worker runs the batch as a new task, or as one of the members. */
const RUNNERS = ["F12", "F2"];

it.each(RUNNERS)(
  "a batch that runs as %s ends for all members, however often it is announced",
  async (runner) => {
    const call = await openBatch();
    const { batch_id } = await getWork(call);
    const announcement = { worker, task_id: runner, status: "RUNNING", batch_id, family: "F" };
    for (let times = 0; times < 3; times++) await call("add_task", announcement);
    expect(await statuses(call)).toEqual({ F1: "BATCH_RUNNING", F2: "BATCH_RUNNING" });
    await call("add_task", {
      worker,
      task_id: runner,
      status: "DONE",
      family: "F",
      new_deps: [],
      runnable: null,
    });
    expect(await statuses(call)).toEqual({ F1: "DONE", F2: "DONE" });
  },
);

it.each(RUNNERS)("a batch that failed as %s has failed all members, with its error", async (runner) => {
  const call = await openBatch();
  const { batch_id } = await getWork(call);
  await call("add_task", { worker, task_id: runner, status: "RUNNING", batch_id, family: "F" });
  const end = { worker, task_id: runner, status: "FAILED", family: "F", new_deps: [], expl: '"no luck"' };
  await call("add_task", end);
  expect(await statuses(call)).toEqual({ F1: "FAILED", F2: "FAILED" });
  for (const task_id of ["F1", "F2"]) {
    expect((await call("fetch_error", { task_id })).error).toBe('"no luck"');
  }
});

it.each([...RUNNERS, "nothing"])(
  "a batch that runs as %s fails when its worker is silent",
  async (runner) => {
    const clock = new ManualClock();
    const call = await openBatch({}, clock);
    const { batch_id } = await getWork(call);
    if (runner !== "nothing")
      await call("add_task", { worker, task_id: runner, status: "RUNNING", batch_id });
    clock.pass(20);
    await call("add_task", { ...member("1"), worker: "other" });
    await call("add_task", { ...member("2"), worker: "other" });
    clock.pass(20);
    await call("prune");
    expect(await statuses(call)).toEqual({ F1: "FAILED", F2: "FAILED" });
  },
);

it.each(RUNNERS)("a batch that runs as %s is handed out again until its worker names it", async (runner) => {
  const call = await openBatch();
  const work = await getWork(call);
  await call("add_task", {
    worker,
    task_id: runner,
    status: "RUNNING",
    batch_id: work.batch_id,
    family: "F",
  });
  expect(await getWork(call)).toMatchObject({ batch_id: work.batch_id, task_family: "F" });
  expect(await getWork(call, [runner])).toMatchObject({ task_id: null });
});

it.each(RUNNERS)(
  "what the announcement of %s says of resources changes nothing of what is held",
  async (runner) => {
    const call = await openBatch({ resources: { db: 1 } });
    const { batch_id } = await getWork(call);
    const announcement = { worker, task_id: runner, status: "RUNNING", batch_id, resources: { disk: 1 } };
    await call("add_task", announcement);
    expect(await call("resource_list")).toMatchObject([{ name: "db", num_used: 1 }]);
  },
);

it("registering a member while the batch runs changes nothing", async () => {
  const call = await openBatch();
  const { batch_id } = await getWork(call);
  await call("add_task", member("1", { status: "PENDING" }));
  await call("add_task", { worker, task_id: "F12", status: "RUNNING", batch_id });
  await call("add_task", member("2", { status: "DISABLED" }));
  expect(await statuses(call)).toEqual({ F1: "BATCH_RUNNING", F2: "BATCH_RUNNING" });
});
