import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { expect, it, onTestFinished } from "vitest";
import { parseWebhooks } from "../src/webhooks.ts";
import { openServer, type TestServer } from "./support.ts";

interface Delivery {
  readonly authorization: string | undefined;
  readonly body: any;
}

interface Receiver {
  readonly url: string;
  /** Resolves to the next delivery. */
  readonly next: () => Promise<Delivery>;
}

/** Takes deliveries, the first ones with the statuses given. */
async function openReceiver(...statuses: number[]): Promise<Receiver> {
  const deliveries: Delivery[] = [];
  let wake = () => {};
  const server = createServer((request, response) => {
    const take = async () => {
      deliveries.push({ authorization: request.headers.authorization, body: await json(request) });
      response.writeHead(statuses.shift() ?? 200).end();
      wake();
    };
    void take();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const next = async () => {
    while (deliveries.length === 0) await new Promise<void>((resolve) => (wake = resolve));
    return deliveries.shift() as Delivery;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=s3cret`, next };
}

async function fail(server: TestServer, taskId: string): Promise<void> {
  await server.command("addTasks", {
    worker: "w",
    tasks: [{ taskId, family: "F", owners: ["me@example.org"] }],
  });
  const { assignments } = await server.command("getWork", { worker: "w" });
  const report = {
    worker: "w",
    taskId,
    token: assignments[0].token,
    outcome: "FAILED",
    explanation: "no luck",
  };
  await server.command("report", report);
}

it("tells of failures, those that come together in one delivery", async () => {
  const receiver = await openReceiver();
  const webhook = { url: receiver.url, headers: { authorization: "Bearer abc" } };
  const server = await openServer({ webhooks: [webhook] });
  await fail(server, "A");
  await fail(server, "B");
  const { authorization, body } = await receiver.next();
  expect(authorization).toBe("Bearer abc");
  expect(body.omitted).toBe(0);
  expect(body.notices).toMatchObject([
    {
      taskId: "A",
      family: "F",
      label: "F()",
      status: "FAILED",
      explanation: "no luck",
      owners: ["me@example.org"],
    },
    { taskId: "B" },
  ]);
});

it("tells only of the statuses that are wanted", async () => {
  const receiver = await openReceiver();
  const server = await openServer({
    webhooks: [{ url: receiver.url, statuses: ["DISABLED"] }],
    config: { retryCount: 2 },
  });
  await fail(server, "A");
  await fail(server, "A");
  const { body } = await receiver.next();
  expect(body.notices).toMatchObject([{ taskId: "A", status: "DISABLED" }]);
});

it("repeats a delivery that was not taken", async () => {
  const receiver = await openReceiver(503);
  const server = await openServer({ webhooks: [{ url: receiver.url }] });
  await fail(server, "A");
  const first = await receiver.next();
  expect(await receiver.next()).toEqual(first);
});

it("says what it could not deliver when it stops, and not the secret of the URL", async () => {
  const receiver = await openReceiver(500, 500);
  const errors: unknown[] = [];
  const server = await openServer({
    webhooks: [{ url: receiver.url }],
    onError: (error) => errors.push(error),
  });
  await fail(server, "A");
  await server.running.stop();
  expect(String(errors[0])).toMatch(/did not take 1 notices: it gave status 500/);
  expect(String(errors[0])).not.toContain("s3cret");
});

it.each([
  ["{", "it is not JSON"],
  ['{"url": "http://x"}', "webhooks must be a list"],
  ['[{"url": "s3cret"}]', "webhooks[0].url is no URL"],
  ['[{"url": "http://x/", "statuses": ["BAD"]}]', "webhooks[0].statuses[0] must be one of"],
])("refuses the webhooks %s", (text, message) => {
  expect(() => parseWebhooks(text, "the test")).toThrow(message);
  expect(() => parseWebhooks(text, "the test")).not.toThrow("s3cret");
});
