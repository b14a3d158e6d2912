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

/** Answers that a receiver does not give before they are called. */
interface Held {
  readonly hold: (() => void)[];
}

/** Takes deliveries, the first ones with the statuses given, or holds back its answers. */
async function openReceiver(...answers: (number | Held)[]): Promise<Receiver> {
  const deliveries: Delivery[] = [];
  let wake = () => {};
  const server = createServer((request, response) => {
    const take = async () => {
      deliveries.push({ authorization: request.headers.authorization, body: await json(request) });
      const answer = answers[0];
      if (typeof answer === "object") answer.hold.push(() => response.end());
      else response.writeHead((answers.shift() as number | undefined) ?? 200).end();
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

/** Answers of a receiver that takes nothing, however often it is tried. */
const REFUSALS: readonly number[] = Array.from({ length: 10 }, () => 500);

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
  ]);
  const tasks = ["B", "C"].map((taskId) => ({ taskId, status: "FAILED" }));
  await server.command("addTasks", { worker: "w", tasks });
  expect((await receiver.next()).body.notices).toMatchObject([{ taskId: "B" }, { taskId: "C" }]);
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
  const receiver = await openReceiver(...REFUSALS);
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

it("sends user and password of the URL as such, and shows neither", async () => {
  const receiver = await openReceiver(...REFUSALS);
  const errors: unknown[] = [];
  const url = receiver.url.replace("http://", "http://me:s3cret%20word@");
  const server = await openServer({ webhooks: [{ url }], onError: (error) => errors.push(error) });
  await fail(server, "A");
  await server.running.stop();
  const { authorization } = await receiver.next();
  expect(authorization).toBe(`Basic ${Buffer.from("me:s3cret word").toString("base64")}`);
  expect(String(errors)).toContain("did not take 1 notices: it gave status 500");
  expect(String(errors)).not.toMatch(/s3cret|c2VjcmV0|bWU6/);
});

it("shows nothing of headers that cannot be sent", async () => {
  const receiver = await openReceiver();
  const errors: unknown[] = [];
  const webhook = { url: receiver.url, headers: { authorization: "s3cret\nx: y" } };
  const server = await openServer({ webhooks: [webhook], onError: (error) => errors.push(error) });
  await fail(server, "A");
  await server.running.stop();
  expect(String(errors)).toContain("its URL or headers cannot be used");
  expect(String(errors)).not.toContain("s3cret");
});

it("holds up nothing while a receiver hangs, keeps no more than one delivery for it, and tells what it left out", async () => {
  const release: (() => void)[] = [];
  const receiver = await openReceiver({ hold: release });
  const server = await openServer({ webhooks: [{ url: receiver.url }] });
  await fail(server, "First");
  await receiver.next();
  // It has not answered yet.
  const tasks = Array.from({ length: 1500 }, (_, n) => ({ taskId: `T${n}`, status: "FAILED" }));
  await server.command("addTasks", { worker: "w", tasks });
  expect((await server.get("/api/v1/counts")).body.byStatus.FAILED).toBe(1501);
  for (const answer of release.splice(0)) answer();
  const { body } = await receiver.next();
  expect([body.notices.length, body.omitted]).toEqual([1000, 500]);
  expect(body.notices[0].taskId).toBe("T0");
  for (const answer of release.splice(0)) answer();
});

it.each([
  ["{", "it is not JSON"],
  ['{"url": "http://x"}', "webhooks must be a list"],
  ['[{"url": "s3cret"}]', "webhooks[0].url is no URL"],
  ['[{"url": "http://x/", "statuses": ["BAD"]}]', "webhooks[0].statuses[0] must be one of"],
  [
    '[{"url": "http://x/", "headers": {"authorization": "s3cret\\nx: y"}}]',
    "webhooks[0].headers has a name or a value",
  ],
])("refuses the webhooks %s", (text, message) => {
  expect(() => parseWebhooks(text, "the test")).toThrow(message);
  expect(() => parseWebhooks(text, "the test")).not.toThrow("s3cret");
});
