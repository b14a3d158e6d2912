import assert from "node:assert/strict";
import { join } from "node:path";
import { expect, it } from "vitest";
import { LeatdProcess, randomOf, request, seedOf, temporaryFolder } from "./support.ts";

const KILLS = 6;
const CLIENTS = 4;
const TASKS_A_CLIENT = 60;

type Random = () => number;

/** What the clients were told: it must be true after every kill. */
class Acknowledged {
  readonly registered = new Set<string>();
  readonly done = new Set<string>();
  /** Attempts that were handed out, by token, with task and worker. */
  readonly attempts = new Map<string, string>();
}

/** Registers, takes and reports tasks until all are done, over whichever leatd is there. */
class Client {
  readonly #worker: string;
  readonly #url: () => string;
  readonly #told: Acknowledged;
  readonly #random: Random;

  constructor(worker: string, url: () => string, told: Acknowledged, random: Random) {
    this.#worker = worker;
    this.#url = url;
    this.#told = told;
    this.#random = random;
  }

  async run(): Promise<void> {
    await this.#register();
    for (;;) {
      const reply = await this.#send("getWork", { running: [], slots: 1 + Math.floor(this.#random() * 3) });
      for (const { taskId, token } of reply.assignments) await this.#work(taskId, token);
      if (reply.assignments.length === 0 && reply.pending === 0) return;
    }
  }

  async #register(): Promise<void> {
    const ids = Array.from({ length: TASKS_A_CLIENT }, (_, n) => `${this.#worker}-${n}`);
    for (const [n, taskId] of ids.entries()) {
      const deps = n === 0 ? [] : [ids[Math.floor(this.#random() * n)]];
      await this.#send("addTasks", { tasks: [{ taskId, deps, resources: { slot: 1 } }] });
      this.#told.registered.add(taskId);
    }
  }

  async #work(taskId: string, token: string): Promise<void> {
    const owner = `${taskId} ${this.#worker}`;
    assert.equal(this.#told.attempts.get(token) ?? owner, owner);
    this.#told.attempts.set(token, owner);
    const { accepted, status } = await this.#send("report", { taskId, token, outcome: "DONE" });
    // A report whose reply was lost is refused when it is sent again; then the task is done all the same.
    assert.ok(accepted || status === "DONE");
    this.#told.done.add(taskId);
  }

  /** Sends until there is an answer: that is what a client does while leatd is away. */
  async #send(name: string, body: object): Promise<any> {
    for (;;) {
      try {
        const sent = { method: "POST", body: { worker: this.#worker, ...body } };
        const answer = await request(`${this.#url()}/api/v1/${name}`, sent);
        assert.equal(answer.status, 200);
        return answer.body;
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }
}

async function check(url: string, told: Acknowledged): Promise<void> {
  for (const taskId of told.registered) {
    const { status, body } = await request(`${url}/api/v1/tasks/${taskId}`);
    assert.equal(status, 200, taskId);
    if (told.done.has(taskId)) assert.equal(body.status, "DONE", taskId);
  }
}

it(`loses nothing that was acknowledged and hands nothing out twice when it is killed ${KILLS} times`, async () => {
  const random = randomOf(seedOf());
  const args = ["--port", "0", "--state", join(temporaryFolder(), "leatd.db")];
  const told = new Acknowledged();
  let leatd = await LeatdProcess.start(args);
  const clients = Array.from({ length: CLIENTS }, (_, n) =>
    new Client(`w${n}`, () => leatd.url, told, random).run(),
  );
  const running = Promise.all(clients);
  for (let kill = 0; kill < KILLS; kill++) {
    // Real time: the moment of the kill is what the test is about.
    await new Promise((resolve) => setTimeout(resolve, 20 + random() * 300));
    await leatd.end("SIGKILL");
    const { registered, done } = { registered: new Set(told.registered), done: new Set(told.done) };
    leatd = await LeatdProcess.start(args);
    await check(leatd.url, Object.assign(new Acknowledged(), { registered, done }));
  }
  await running;
  const { body } = await request(`${leatd.url}/api/v1/counts`);
  expect(body.byStatus).toEqual({ DONE: CLIENTS * TASKS_A_CLIENT });
  const resources = await request(`${leatd.url}/api/v1/resources`);
  expect(resources.body.resources).toEqual([]);
  const history = await request(`${leatd.url}/api/v1/attempts?limit=1000`);
  const ended = history.body.attempts.map(({ taskId }: { taskId: string }) => taskId);
  expect(new Set(ended).size).toBe(ended.length);
  // Processes are started seven times: seconds on a free machine, minutes on one that is very busy.
}, 600_000);
