import { randomOf, seedOf } from "@leat-internal/dev-servers/vitest";
import { expect, it } from "vitest";
import { Fuzz, operationsOf, urlOf } from "./request-fuzz.ts";
import { openServer, request } from "./support.ts";

it("describes every command and view, and the document can be read without a token", async () => {
  const operations = await operationsOf(await openServer());
  const paths = operations.map(({ method, path }) => `${method} ${path}`);
  expect(paths).toContain("POST /api/v1/addTasks");
  expect(paths).toContain("POST /api/v1/takeResponse");
  expect(paths).toContain("GET /api/v1/tasks/{taskId}/graph");
  expect(paths).not.toContain("POST /api/add_task");
});

it("answers 3000 requests made up from the document without failing, and goes on serving", async () => {
  const fuzz = new Fuzz(randomOf(seedOf()), 0.08);
  const failures: unknown[] = [];
  const server = await openServer({ onError: (error) => failures.push(error), maxBodyBytes: 100_000 });
  const operations = (await operationsOf(server)).filter(({ path }) => path !== "/api/v1/events");
  const statuses = new Map<number, number>();
  for (let n = 0; n < 3000; n++) {
    const operation = fuzz.pick(operations);
    const body = operation.body === undefined ? {} : { body: JSON.stringify(fuzz.value(operation.body)) };
    const { status } = await request(server.url + urlOf(operation, fuzz), {
      method: operation.method,
      ...body,
    });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  expect(failures).toEqual([]);
  expect([...statuses.keys()].filter((status) => ![200, 204, 400, 404].includes(status))).toEqual([]);
  expect(statuses.get(200)).toBeGreaterThan(100);
  expect(statuses.get(400)).toBeGreaterThan(100);
  await server.command("addTasks", { worker: "last", tasks: [{ taskId: "Last" }] });
  expect((await server.get("/api/v1/tasks/Last")).body.status).toBe("PENDING");
}, 600_000);
