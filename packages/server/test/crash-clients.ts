import assert from "node:assert/strict";
import { request } from "./support.ts";

export type Random = () => number;

/** What the clients were told: it must be true after every kill. */
export class Acknowledged {
  readonly registered = new Set<string>();
  readonly done = new Set<string>();
  /** Attempts that were handed out, by token, with task and worker. */
  readonly attempts = new Map<string, string>();

  /** What they have been told so far. */
  copy(): Acknowledged {
    const copy = new Acknowledged();
    for (const id of this.registered) copy.registered.add(id);
    for (const id of this.done) copy.done.add(id);
    return copy;
  }
}

export interface ClientOptions {
  readonly worker: string;
  /** Where leatd may answer; it is asked anew for each try. */
  readonly urls: () => readonly string[];
  readonly told: Acknowledged;
  readonly random: Random;
  readonly tasks: number;
}

/** Registers, takes and reports tasks until all are done, over whichever leatd is there. */
export class Client {
  readonly #options: ClientOptions;
  #tries = 0;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    await this.#register();
    for (;;) {
      const slots = 1 + Math.floor(this.#options.random() * 3);
      const reply = await this.#send("getWork", { running: [], slots });
      for (const { taskId, token } of reply.assignments) await this.#work(taskId, token);
      if (reply.assignments.length === 0 && reply.pending === 0) return;
    }
  }

  async #register(): Promise<void> {
    const { worker, tasks, random, told } = this.#options;
    const ids = Array.from({ length: tasks }, (_, n) => `${worker}-${n}`);
    for (const [n, taskId] of ids.entries()) {
      const deps = n === 0 ? [] : [ids[Math.floor(random() * n)]];
      await this.#send("addTasks", { tasks: [{ taskId, deps, resources: { slot: 1 } }] });
      told.registered.add(taskId);
    }
  }

  async #work(taskId: string, token: string): Promise<void> {
    const { worker, told } = this.#options;
    const owner = `${taskId} ${worker}`;
    assert.equal(told.attempts.get(token) ?? owner, owner);
    told.attempts.set(token, owner);
    const { accepted, status } = await this.#send("report", { taskId, token, outcome: "DONE" });
    // A report whose reply was lost is refused when it is sent again; then the task is done all the same.
    assert.ok(accepted || status === "DONE");
    told.done.add(taskId);
  }

  /** Sends until there is an answer: that is what a client does while leatd is away or another one leads. */
  async #send(name: string, body: object): Promise<any> {
    const sent = { method: "POST", body: { worker: this.#options.worker, ...body } };
    for (;;) {
      const urls = this.#options.urls();
      try {
        const answer = await request(`${urls[this.#tries % urls.length]}/api/v1/${name}`, sent);
        if (answer.status === 200) return answer.body;
        // 500: the leader lost its state while it answered; nothing was promised.
        assert.ok([500, 503].includes(answer.status), `${answer.status} ${JSON.stringify(answer.body)}`);
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
      }
      this.#tries += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Every task that was acknowledged is there, and done if that was acknowledged. */
export async function checkKept(url: string, told: Acknowledged): Promise<void> {
  const kept = new Map<string, string>();
  for (let cursor: string | null = ""; cursor !== null; ) {
    const after: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const { body } = await request(`${url}/api/v1/tasks?limit=1000${after}`);
    for (const { taskId, status } of body.tasks) kept.set(taskId, status);
    cursor = body.nextCursor;
  }
  for (const taskId of told.registered) assert.ok(kept.has(taskId), taskId);
  for (const taskId of told.done) assert.equal(kept.get(taskId), "DONE", taskId);
}

/** Everything is done, nothing is held, and no task was finished twice. */
export async function checkEnd(url: string, tasks: number): Promise<void> {
  const counts = await request(`${url}/api/v1/counts`);
  assert.deepEqual(counts.body.byStatus, { DONE: tasks });
  const resources = await request(`${url}/api/v1/resources`);
  assert.deepEqual(resources.body.resources, []);
  const ended: string[] = [];
  for (let cursor: number | null = 0; cursor !== null; ) {
    const after: string = cursor === 0 ? "" : `&cursor=${cursor}`;
    const { body } = await request(`${url}/api/v1/attempts?limit=1000${after}`);
    ended.push(...body.attempts.map(({ taskId }: { taskId: string }) => taskId));
    cursor = body.nextCursor;
  }
  assert.equal(ended.length, tasks);
  assert.equal(new Set(ended).size, tasks);
}
