import { expect, it } from "vitest";
import { openServer } from "./support.ts";

it("has lines for a thousand families, and one for all others: workers name them as they like", async () => {
  const server = await openServer();
  const tasks = Array.from({ length: 1200 }, (_, n) => ({
    taskId: `T${n}`,
    family: `F${n}`,
    status: "DONE",
  }));
  await server.command("addTasks", { worker: "w", tasks });
  const lines = ((await server.get("/metrics")).body as string).split("\n");
  const done = lines.filter((line) => line.startsWith("luigi_task_done_total{"));
  expect(done).toHaveLength(1001);
  expect(done).toContain('luigi_task_done_total{family="(other)"} 200');
});

it("shows neither parameters nor labels, errors, tokens or owners, whatever they hold", async () => {
  const server = await openServer();
  const secret = "s3cret";
  const task = { taskId: `A_${secret}`, family: "A", params: { p: secret }, label: secret, owners: [secret] };
  await server.command("addTasks", { worker: secret, tasks: [task] });
  const { assignments } = await server.command("getWork", { worker: secret });
  const { taskId, token } = assignments[0];
  const report = { worker: secret, taskId, token, outcome: "FAILED", explanation: secret };
  await server.command("report", report);
  await server.get(`/api/v1/tasks/A_${secret}`);
  await server.get(`/${secret}?${secret}=1`);
  const { body } = await server.get("/metrics");
  expect(body).toContain('luigi_task_failed_total{family="A"} 1');
  expect(body).not.toContain(secret);
  expect(body).not.toContain(token);
});

it("escapes what would end a label or a line", async () => {
  const server = await openServer();
  const task = { taskId: "A", family: 'a"} 1\nhacked{x="\\', status: "DONE" };
  await server.command("addTasks", { worker: "w", tasks: [task] });
  const { body } = await server.get("/metrics");
  expect(body).toContain('luigi_task_done_total{family="a\\"} 1\\nhacked{x=\\"\\\\"} 1\n');
  expect(body).not.toMatch(/^hacked/m);
});
