import { expect, it } from "vitest";
import { SharedAnswers } from "../src/shared-answers.ts";
import { openServer, type TestServer } from "./support.ts";

const worker = "w";
const MANY = 6000;

async function openWith(count: number): Promise<TestServer> {
  const server = await openServer();
  const tasks = Array.from({ length: count }, (_, n) => ({ taskId: `T${n}` }));
  await server.command("addTasks", { worker, tasks });
  return server;
}

const countOf = async (server: TestServer) => (await server.get("/api/v1/tasks?limit=1")).body.total;
const add = (server: TestServer) => server.command("addTasks", { worker, tasks: [{ taskId: "New" }] });

it("answers anew each time while there are few tasks", async () => {
  const server = await openWith(10);
  expect(await countOf(server)).toBe(10);
  await add(server);
  expect(await countOf(server)).toBe(11);
});

it("makes one answer for all who ask the same about many tasks, until an operator does something", async () => {
  const answers = new SharedAnswers(() => MANY);
  let made = 0;
  const ask = async (question: string) => String(await answers.get(question, () => ++made));
  expect(await Promise.all([ask("a"), ask("a"), ask("b")])).toEqual(["1", "1", "2"]);
  const change = { sequence: 1, at: 0, reply: undefined, events: [], attempts: [], runs: [] };
  answers.applied({ ...change, command: { type: "tick" } });
  expect(await ask("a")).toBe("1");
  answers.applied({ ...change, command: { type: "setPaused", paused: true } });
  expect(await ask("a")).toBe("3");
});

it("shows at once what an operator did, among many tasks too", async () => {
  const server = await openWith(MANY);
  expect(await countOf(server)).toBe(MANY);
  await add(server);
  await server.command("setPaused", { paused: true });
  expect(await countOf(server)).toBe(MANY + 1);
});
