import { expect, it } from "vitest";
import { LeatdProcess, openServer, request, temporaryFolder } from "../test/support.ts";
import { join } from "node:path";
import { logOf, openLuigid, runExample, runLuigi, startLuigi } from "./support.ts";

it.each([1, 4, 16])(
  "runs 1,000 tasks with %i worker processes, each once and after its requirements, with luigid's summary",
  async (workers) => {
    const { url } = await openServer();
    const [own, other] = [temporaryFolder(), temporaryFolder()];
    const args = ["--size", "1000", "--workers", String(workers)];
    const luigid = await openLuigid();
    const [ours, theirs] = await Promise.all([
      runLuigi(url, "Graph", own, ...args),
      runLuigi(luigid, "Graph", other, ...args),
    ]);
    expect(ours).toMatchObject({ code: 0, summary: theirs.summary });
    const order = logOf(own).map((id) => Number(id.split("_")[1]));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, n) => n + 1));
    const place = new Map(order.map((n, index) => [n, index]));
    for (const n of order) {
      for (const m of [Math.floor(n / 2), Math.floor(n / 3)].filter((m) => m > 0)) {
        expect(place.get(m)).toBeLessThan(place.get(n) as number);
      }
    }
    expect((await request(`${url}/api/v1/counts`)).body.byStatus).toEqual({ DONE: 1001 });
  },
  900_000,
);

it.each([
  ["hello_world", "examples.HelloWorldTask", []],
  ["foo", "examples.Foo", ["--workers", "2"]],
  ["dynamic_requirements", "Dynamic", ["--workers", "4"]],
  ["execution_summary_example", "examples.EntryPoint", []],
  ["wordcount", "WordCount", ["--date-interval", "2012-08"]],
  ["per_task_retry_policy", "examples.PerTaskRetryPolicy", []],
  ["top_artists", "AggregateArtists", ["--date-interval", "2012-06", "--workers", "2"]],
])("runs Luigi's example %s as luigid does", async (module, task, args) => {
  const [{ url }, luigid] = [await openServer(), await openLuigid()];
  const [ours, theirs] = await Promise.all(
    [url, luigid].map((scheduler) => runExample(scheduler, module, task, ...args)),
  );
  expect(theirs?.summary).toContain("Scheduled ");
  expect([ours?.summary, ours?.code]).toEqual([theirs?.summary, theirs?.code]);
});

it.each([
  ["Graph", ["--size", "30"]],
  ["Dynamic", []],
  ["Mixed", []],
  ["Batches", []],
])("gives %s the summary and the outcome that luigid gives it", async (task, args) => {
  const { url } = await openServer();
  const [own, other] = [temporaryFolder(), temporaryFolder()];
  const ours = await runLuigi(url, task, own, ...args);
  const theirs = await runLuigi(await openLuigid(), task, other, ...args);
  expect(ours.summary).not.toBe("");
  expect(ours.summary).toBe(theirs.summary);
  expect(ours.code).toBe(theirs.code);
  // Which of the tasks of equal rank share a batch is left to chance by luigid.
  expect(logOf(own)).toHaveLength(logOf(other).length);
});

it("keeps the error of a failed task, for both faces of leatd", async () => {
  const { url } = await openServer();
  await runLuigi(url, "Broken", temporaryFolder());
  const { body } = await request(`${url}/api/v1/tasks?family=Broken`);
  expect(body.tasks).toMatchObject([
    { status: "DISABLED", explanation: expect.stringContaining("ValueError") },
  ]);
  const data = encodeURIComponent(JSON.stringify({ task_id: body.tasks[0].taskId }));
  const { response } = (await request(`${url}/api/fetch_error?data=${data}`)).body;
  expect(JSON.parse(response.error)).toContain("it </script> does not work");
});

it("shows the progress of a task, sends it a message and gets its answer", async () => {
  const server = await openServer();
  const child = startLuigi(server.url, "Talkative", temporaryFolder(), "--workers", "2");
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const find = async () => (await server.get("/api/v1/tasks?family=Talkative")).body.tasks[0];
  while ((await find())?.progressPercentage !== 42);
  const task = await find();
  expect(task).toMatchObject({ statusMessage: "at work", trackingUrl: "http://example.org/progress" });
  expect((await server.get("/api/v1/resources")).body.resources).toMatchObject([
    { resource: "voice", used: 1 },
  ]);
  const { messageId } = await server.command("sendMessage", { taskId: task.taskId, content: "hello" });
  expect(await ended).toBe(0);
  const message = { taskId: task.taskId, messageId };
  expect(await server.command("takeResponse", message)).toEqual({ response: "heard hello" });
});

it("goes on with leatd that was killed and started again while the workers ran", async () => {
  const args = ["--state", join(temporaryFolder(), "leatd.db")];
  const first = await LeatdProcess.start([...args, "--port", "0"]);
  const folder = temporaryFolder();
  const running = runLuigi(first.url, "Graph", folder, "--size", "150", "--workers", "4");
  const done = async () => (await request(`${first.url}/api/v1/counts`)).body.byStatus.DONE ?? 0;
  while ((await done()) < 40);
  await first.end("SIGKILL");
  const second = await LeatdProcess.start([...args, "--port", new URL(first.url).port]);
  const { code, output } = await running;
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(logOf(folder)).toHaveLength(150);
  expect((await request(`${second.url}/api/v1/counts`)).body.byStatus).toEqual({ DONE: 151 });
});

it("lets workers of Luigi and of Leat work on one graph", async () => {
  const server = await openServer();
  const folder = temporaryFolder();
  await runLuigi(server.url, "Node", folder, "--n", "1");
  const [task] = (await server.get("/api/v1/tasks?family=Node")).body.tasks;
  await server.command("addTasks", { worker: "leat", tasks: [{ taskId: "After", deps: [task.taskId] }] });
  const { assignments } = await server.command("getWork", { worker: "leat" });
  expect(assignments).toMatchObject([{ taskId: "After" }]);
});
