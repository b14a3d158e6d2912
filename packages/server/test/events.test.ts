import { join } from "node:path";
import { expect, it } from "vitest";
import { openServer, temporaryFolder, type TestServer } from "./support.ts";

interface Message {
  readonly id: string;
  readonly event: string;
  readonly data: any;
}

/** Reads messages of the stream until there are `count`. */
async function read(server: TestServer, count: number, lastId?: string): Promise<Message[]> {
  const headers = lastId === undefined ? {} : { "last-event-id": lastId };
  const leaving = new AbortController();
  const response = await fetch(`${server.url}/api/v1/events`, { headers, signal: leaving.signal });
  const messages: Message[] = [];
  let rest = "";
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    rest += Buffer.from(chunk).toString();
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    messages.push(...blocks.flatMap(parse));
    if (messages.length >= count) break;
  }
  leaving.abort();
  return messages.slice(0, count);
}

function parse(block: string): Message[] {
  const fields = Object.fromEntries(
    block.split("\n").map((line) => [line.split(": ")[0], line.split(": ").slice(1).join(": ")]),
  );
  return fields["event"] === undefined
    ? []
    : [{ id: fields["id"] ?? "", event: fields["event"], data: JSON.parse(fields["data"] ?? "null") }];
}

async function readersOf(server: TestServer): Promise<number> {
  return (await server.get("/healthz")).body.readers;
}

it("tells readers what happens, in order", async () => {
  const server = await openServer();
  const reading = read(server, 3);
  while ((await readersOf(server)) === 0);
  await server.command("addTasks", { worker: "w", tasks: [{ taskId: "A" }] });
  await server.command("getWork", { worker: "w" });
  const messages = await reading;
  expect(messages.map(({ event }) => event)).toEqual(["worker:added", "task:status", "task:status"]);
  expect(messages[2]?.data).toMatchObject({ taskId: "A", from: "PENDING", to: "RUNNING", worker: "w" });
});

it("goes on after the last event that a reader has seen, also after a restart without orderly stop", async () => {
  const statePath = join(temporaryFolder(), "leatd.db");
  const first = await openServer({ statePath });
  const reading = read(first, 1);
  while ((await readersOf(first)) === 0);
  await first.command("addTasks", { worker: "w", tasks: [{ taskId: "A" }, { taskId: "B" }] });
  const [seen] = await reading;
  const again = await read(first, 2, seen?.id);
  expect(again.map(({ data }) => data.taskId)).toEqual(["A", "B"]);
});

it("tells a reader to begin anew when it has missed too much or names an event that never was", async () => {
  const server = await openServer();
  await server.command("addTasks", { worker: "w", tasks: [{ taskId: "A" }] });
  for (const id of ["999-1", "nonsense"]) {
    expect(await read(server, 1, id)).toMatchObject([{ event: "reset" }]);
  }
});

it("sends each event once to a reader that comes while others still wait for it", async () => {
  const server = await openServer();
  const first = read(server, 2);
  while ((await readersOf(server)) === 0);
  await server.command("addTasks", { worker: "w", tasks: [{ taskId: "A" }] });
  const [begun] = await first;
  const waiting = read(server, 4, begun?.id);
  while ((await readersOf(server)) === 0);
  await server.command("addTasks", { worker: "w", tasks: [{ taskId: "B" }] });
  const late = read(server, 3, begun?.id);
  while ((await readersOf(server)) < 2);
  await server.command("addTasks", { worker: "w", tasks: [{ taskId: "C" }, { taskId: "D" }] });
  const tasksOf = (messages: readonly Message[]) => messages.map(({ data }) => data.taskId);
  expect(tasksOf(await waiting)).toEqual(["A", "B", "C", "D"]);
  expect(tasksOf(await late)).toEqual(["A", "B", "C"]);
});
