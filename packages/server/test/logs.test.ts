import { HttpScheduler } from "@leat/scheduler/client";
import { expect, it, onTestFinished } from "vitest";
import { ManualClock, openServer, type TestServer } from "./support.ts";

interface Opened {
  readonly server: TestServer;
  readonly client: HttpScheduler;
  readonly run: { readonly worker: string; readonly taskId: string; readonly token: string };
  readonly clock: ManualClock;
}

/** A task that runs. */
async function open(): Promise<Opened> {
  const clock = new ManualClock();
  const server = await openServer({ clock: clock.read });
  const client = new HttpScheduler({ urls: [server.url] });
  onTestFinished(() => client.close());
  await client.addTasks({ worker: "w", tasks: [{ taskId: "A" }] });
  const { assignments } = await client.getWork({ worker: "w" });
  return { server, client, run: { worker: "w", taskId: "A", token: assignments[0]?.token ?? "" }, clock };
}

const logOf = async ({ server, run }: Opened, query = "") =>
  (await server.get(`/api/v1/attempts/${run.token}/log${query}`)).body as string;

it("keeps what an attempt writes, also after its end", async () => {
  const opened = await open();
  const { client, run } = opened;
  await client.appendLog({ ...run, text: "one\n" });
  await client.appendLog({ ...run, text: "two\n" });
  await client.report({ ...run, outcome: "DONE" });
  expect(await logOf(opened)).toBe("one\ntwo\n");
});

it("lets readers follow until the attempt ends", async () => {
  const opened = await open();
  const { server, client, run } = opened;
  await client.appendLog({ ...run, text: "one\n" });
  const response = await fetch(`${server.url}/api/v1/attempts/${run.token}/log?follow=true`);
  await client.appendLog({ ...run, text: "two\n" });
  await client.report({ ...run, outcome: "DONE" });
  expect(await response.text()).toBe("one\ntwo\n");
  expect(await logOf(opened, "?follow=true")).toBe("one\ntwo\n");
});

it("accepts nothing from an attempt that is over or belongs to another worker", async () => {
  const opened = await open();
  const { client, run } = opened;
  expect(await client.appendLog({ ...run, worker: "other", text: "x" })).toEqual({ accepted: false });
  await client.report({ ...run, outcome: "FAILED" });
  expect(await client.appendLog({ ...run, text: "x" })).toEqual({ accepted: false });
  expect(await logOf(opened)).toBe("");
});

it("keeps the end of a log that is too long", async () => {
  const opened = await open();
  const { client, run } = opened;
  for (let n = 0; n < 30; n++) await client.appendLog({ ...run, text: `${n}:${"x".repeat(100_000)}\n` });
  const log = await logOf(opened);
  expect(log.length).toBeLessThanOrEqual(1024 * 1024);
  expect(log.length).toBeGreaterThan(256 * 1024);
  expect(log).toContain("\n29:x");
});
