import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SchedulerError } from "@leat/scheduler";
import { HttpScheduler } from "@leat/scheduler/client";
import { expect, it, onTestFinished } from "vitest";
import { Tokens } from "../src/index.ts";
import { openServer, temporaryFolder } from "./support.ts";

/** A server that is no leatd. */
async function openOther(listener: RequestListener, port = 0): Promise<string> {
  const server: Server = createServer(listener).listen(port, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A port at which nobody listens. */
async function closedUrl(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const TOKEN = "0123456789abcdef";

it("goes to the next URL when nobody answers at one", async () => {
  const server = await openServer();
  const client = new HttpScheduler({ urls: [await closedUrl(), server.url] });
  expect(await client.heartbeat({ worker: "w" })).toMatchObject({ session: "" });
  client.close();
});

it("repeats a call until the scheduler is there", async () => {
  const url = await closedUrl();
  const client = new HttpScheduler({ urls: [url] });
  const calling = client.registerWorker({ worker: "w" });
  const server = await openServer({ port: Number(new URL(url).port) });
  expect(await calling).toMatchObject({ workerState: "active" });
  expect(server.url).toBe(url);
  client.close();
});

it("goes on with a scheduler that was started anew at the same place", async () => {
  const statePath = join(temporaryFolder(), "leatd.db");
  const first = await openServer({ statePath });
  const client = new HttpScheduler({ urls: [first.url] });
  await client.addTasks({ worker: "w", tasks: [{ taskId: "A" }] });
  await first.running.stop();
  await openServer({ statePath, port: Number(new URL(first.url).port) });
  expect((await client.getWork({ worker: "w", running: [] })).assignments).toMatchObject([{ taskId: "A" }]);
  client.close();
});

it("gives up at its deadline, names the places, and hides credentials", async () => {
  const url = await closedUrl();
  const client = new HttpScheduler({ urls: [url.replace("//", "//user:s3cret@")], deadlineMs: 0 });
  const error = await client.heartbeat({ worker: "w" }).catch((thrown: SchedulerError) => thrown);
  expect(error).toMatchObject({ code: "SCHEDULER_UNAVAILABLE", retryable: true });
  expect((error as Error).message).toContain(url);
  expect((error as Error).message).not.toContain("s3cret");
});

it("shows its token, and says when it is refused", async () => {
  const tokens = Tokens.parse(`worker ${TOKEN}\nview 2${TOKEN}`, "test");
  const { url } = await openServer({ tokens });
  const worker = { worker: "w" };
  await new HttpScheduler({ urls: [url], token: TOKEN }).heartbeat(worker);
  await new HttpScheduler({ urls: [url.replace("//", `//luigi:${TOKEN}@`)] }).heartbeat(worker);
  for (const token of [`2${TOKEN}`, "unknown-0123456789"]) {
    const refused = new HttpScheduler({ urls: [url], token }).heartbeat(worker);
    await expect(refused).rejects.toMatchObject({ code: "SCHEDULER_FORBIDDEN", retryable: false });
  }
});

it.each<[string, RequestListener]>([
  ["a page", (_, response) => void response.end("<html>hello</html>")],
  ["nothing there", (_, response) => void response.writeHead(404).end("no")],
])("notices that what answers is no leatd: %s", async (_what, listener) => {
  const client = new HttpScheduler({ urls: [await openOther(listener)] });
  await expect(client.heartbeat({ worker: "w" })).rejects.toMatchObject({ code: "SCHEDULER_PROTOCOL" });
});

it("waits as long as it is told to when it asks too often", async () => {
  let asked = 0;
  const url = await openOther((_, response) => {
    asked += 1;
    if (asked === 1) response.writeHead(429, { "retry-after": "0" }).end("{}");
    else response.end('{"session":"1","workerState":"active"}');
  });
  expect(await new HttpScheduler({ urls: [url] }).registerWorker({ worker: "w" })).toMatchObject({
    session: "1",
  });
  expect(asked).toBe(2);
});

it("waits for work and stops waiting when it is told to", async () => {
  const { url } = await openServer();
  const client = new HttpScheduler({ urls: [url] });
  await client.addTasks({ worker: "w", tasks: [{ taskId: "A", deps: ["Z"] }] });
  const leaving = new AbortController();
  const waiting = client.getWork({ worker: "w" }, { waitMs: 20_000, signal: leaving.signal });
  leaving.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  client.close();
});

it("speaks to a unix socket", async () => {
  const { url } = await openServer({ socketPath: join(temporaryFolder(), "leatd.sock") });
  const client = new HttpScheduler({ urls: [url] });
  expect(await client.registerWorker({ worker: "w" })).toMatchObject({ workerState: "active" });
  client.close();
});

it("refuses what is no URL of a scheduler", () => {
  expect(() => new HttpScheduler({ urls: ["ftp://user:s3cret@host"] })).toThrow(/^"ftp:\/\/host" is no URL/);
  expect(() => new HttpScheduler({ urls: [] })).toThrow(SchedulerError);
});
