import { connect } from "node:net";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openServer, request, temporaryFolder, type TestServer } from "./support.ts";

/** Sends bytes as they are and resolves to all that comes back. */
function sendRaw(server: TestServer, text: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(Number(port), hostname, () => socket.write(text));
    socket.on("data", (chunk) => (received += chunk.toString()));
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
  });
}

it("carries out a command and gives its reply", async () => {
  const server = await openServer();
  await server.command("addTasks", {
    worker: "w",
    tasks: [{ taskId: "A", family: "Load", params: { n: "1" } }],
  });
  const { assignments } = await server.command("getWork", { worker: "w" });
  expect(assignments).toMatchObject([{ taskId: "A", family: "Load", params: { n: "1" } }]);
  const report = { worker: "w", taskId: "A", token: assignments[0].token, outcome: "DONE" };
  expect(await server.command("report", report)).toMatchObject({ accepted: true, status: "DONE" });
});

it("answers a command without reply with 204", async () => {
  const server = await openServer();
  expect(await server.post("/api/v1/setPaused", { paused: true })).toMatchObject({ status: 204, body: "" });
});

describe("what is refused", () => {
  it.each([
    ["no JSON", "{", 400, "INVALID_BODY"],
    ["another kind of value", "[]", 400, "INVALID_COMMAND"],
    ["a missing member", { tasks: [] }, 400, "INVALID_COMMAND"],
    ["a member that nobody knows", { worker: "w", tasks: [], taks: [] }, 400, "INVALID_COMMAND"],
    [
      "a wrong member deep inside",
      { worker: "w", tasks: [{ taskId: "A", deps: ["B", 7] }] },
      400,
      "INVALID_COMMAND",
    ],
    [
      "a task that requires itself",
      { worker: "w", tasks: [{ taskId: "A", deps: ["A"] }] },
      400,
      "INVALID_COMMAND",
    ],
  ])("%s", async (_what, body, status, code) => {
    const server = await openServer();
    const answer = await server.post("/api/v1/addTasks", body);
    expect(answer).toMatchObject({ status, body: { error: { code, message: expect.any(String) } } });
    expect((await server.get("/api/v1/status")).body.tasks).toBe(0);
  });

  it("names the place of a wrong value, what it is and what would be accepted", async () => {
    const server = await openServer();
    const { body } = await server.post("/api/v1/addTasks", {
      worker: "w",
      tasks: [{ taskId: "A", deps: ["B", 7] }],
    });
    expect(body.error.message).toBe("body.tasks[0].deps[1] must be a text that is not empty, got 7.");
  });

  it("a body that is too long, before it is read", async () => {
    const server = await openServer({ maxBodyBytes: 1000 });
    const answer = await server.post("/api/v1/addTasks", { worker: "w".repeat(2000), tasks: [] });
    expect(answer).toMatchObject({ status: 413, body: { error: { code: "BODY_TOO_LARGE" } } });
  });

  it("a body that grows too long without saying so", async () => {
    const server = await openServer({ maxBodyBytes: 1000 });
    const chunk = `7d0\r\n${"x".repeat(2000)}\r\n`;
    const head = "POST /api/v1/addTasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    const answer = await sendRaw(server, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it("a body of another content type", async () => {
    const server = await openServer();
    const answer = await server.post("/api/v1/setPaused", { paused: true }, { "content-type": "text/plain" });
    expect(answer.status).toBe(415);
  });

  it("an unknown path with 404 and a wrong method with 405", async () => {
    const server = await openServer();
    expect(await server.get("/api/v1/unheardOf")).toMatchObject({
      status: 404,
      body: { error: { code: "NOT_FOUND" } },
    });
    const answer = await server.get("/api/v1/setPaused");
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("POST");
  });

  it.each([
    "/api/v1/tasks/%zz",
    "//evil.example/api",
    "/api/v1/../../etc/passwd",
    "/api/v1/tasks/..%2f..%2fetc",
  ])("the path %s", async (path) => {
    const server = await openServer();
    const answer = await sendRaw(
      server,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 40[04] /);
  });

  it("more requests than one address may make", async () => {
    const server = await openServer({ requestsPerSecond: 1 });
    const statuses = await Promise.all(
      Array.from({ length: 40 }, async () => (await server.get("/api/v1/status")).status),
    );
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(statuses).toContain(429);
  });

  it("a parameter of a query that is not known or has a wrong value", async () => {
    const server = await openServer();
    expect(await server.get("/api/v1/tasks?colour=red")).toMatchObject({ status: 400 });
    expect(await server.get("/api/v1/tasks?limit=0")).toMatchObject({ status: 400 });
    expect(await server.get("/api/v1/tasks?status=FINE")).toMatchObject({ status: 400 });
    expect(await server.get("/api/v1/tasks?cursor=abc")).toMatchObject({ status: 400 });
  });
});

describe("a worker that waits for work", () => {
  it("gets it as soon as a requirement is done", async () => {
    const server = await openServer();
    await server.command("addTasks", { worker: "a", tasks: [{ taskId: "A" }] });
    await server.command("addTasks", { worker: "b", tasks: [{ taskId: "B", deps: ["A"] }] });
    const { assignments } = await server.command("getWork", { worker: "a" });
    const waiting = server.command("getWork", { worker: "b", waitMs: 20_000 });
    await server.command("report", {
      worker: "a",
      taskId: "A",
      token: assignments[0].token,
      outcome: "DONE",
    });
    expect(await waiting).toMatchObject({ assignments: [{ taskId: "B" }] });
  });

  it("is answered at once when it has nothing to wait for", async () => {
    const server = await openServer();
    const reply = await server.command("getWork", { worker: "a", waitMs: 20_000 });
    expect(reply).toMatchObject({ assignments: [], pending: 0 });
  });

  it("gets nothing once it has gone away", async () => {
    const server = await openServer();
    await server.command("addTasks", { worker: "a", tasks: [{ taskId: "A", deps: ["Z"] }] });
    const leaving = new AbortController();
    const call = fetch(`${server.url}/api/v1/getWork`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ worker: "a", waitMs: 20_000 }),
      signal: leaving.signal,
    });
    await server.metric('leat_commands_total{type="getWork"} 1');
    leaving.abort();
    await expect(call).rejects.toThrow("aborted");
    await server.metric('leat_http_requests_total{path="/api/v1/getWork",status="200"} 1');
    await server.command("addTasks", { worker: "b", tasks: [{ taskId: "Z", status: "DONE" }] });
    expect((await server.get("/api/v1/tasks/A")).body.status).toBe("PENDING");
  });

  it("is answered when leatd stops", async () => {
    const server = await openServer();
    await server.command("addTasks", { worker: "a", tasks: [{ taskId: "A", deps: ["Z"] }] });
    const waiting = server.command("getWork", { worker: "a", waitMs: 20_000 });
    await server.metric('leat_commands_total{type="getWork"} 1');
    await server.running.stop();
    expect(await waiting).toMatchObject({ assignments: [] });
  });
});

it("serves on a unix socket, again after one that was killed", async () => {
  const socketPath = join(temporaryFolder(), "leatd.sock");
  const server = await openServer({ socketPath });
  expect(server.url).toBe(`http+unix://${encodeURIComponent(socketPath)}`);
  const status = await new Promise((resolve) => {
    httpRequest({ socketPath, path: "/healthz" }, (response) => resolve(response.statusCode)).end();
  });
  expect(status).toBe(200);
});

it("gives HEAD the headers of GET", async () => {
  const server = await openServer();
  expect(await request(`${server.url}/healthz`, { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
});
