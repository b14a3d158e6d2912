import { Agent, request } from "node:http";
import type { TaskSpec } from "@leat/scheduler";
import { HttpScheduler } from "@leat/scheduler/client";

/** How workers register, take and report tasks that do nothing. */
export interface Protocol {
  register(url: string, worker: string, count: number): Promise<void>;
  /** Takes and reports until nothing is left, or it is time. Resolves to the number of tasks. */
  drain(url: string, worker: string, until: number): Promise<number>;
}

/** Tasks a second that workers take and report, each over a connection of its own. */
export async function rateOf(
  protocol: Protocol,
  url: string,
  { workers, tasks, mostMs = Infinity }: { workers: number; tasks: number; mostMs?: number },
): Promise<number> {
  const names = Array.from({ length: workers }, (_, n) => `${++rounds}-${n}`);
  await Promise.all(names.map((name) => protocol.register(url, name, tasks / workers)));
  const start = performance.now();
  const done = await Promise.all(names.map((name) => protocol.drain(url, name, start + mostMs)));
  return done.reduce((sum, count) => sum + count, 0) / ((performance.now() - start) / 1000);
}

let rounds = 0;

export function noOps(count: number, prefix: string): TaskSpec[] {
  return Array.from({ length: count }, (_, n) => ({
    taskId: `${prefix}-${n}`,
    family: "Noop",
    params: { n: String(n) },
  }));
}

const clients = new Map<string, HttpScheduler>();

function clientOf(url: string, worker: string): HttpScheduler {
  const slot = worker.slice(worker.indexOf("-"));
  const key = `${url}${slot}`;
  const client = clients.get(key) ?? new HttpScheduler({ urls: [url] });
  clients.set(key, client);
  return client;
}

/** Leat's own. */
export const leat: Protocol = {
  async register(url, worker, count) {
    await clientOf(url, worker).addTasks({ worker, tasks: noOps(count, worker) });
  },
  async drain(url, worker, until) {
    const client = clientOf(url, worker);
    for (let done = 0; ; done++) {
      const { assignments } = await client.getWork({ worker, running: [] });
      const [assignment] = assignments;
      if (assignment === undefined || performance.now() > until) return done;
      const { taskId, token } = assignment;
      await client.report({ worker, taskId, token, outcome: "DONE" });
    }
  },
};

const agent = new Agent({ keepAlive: true });

/** Luigi's, which leatd speaks as well. */
export const luigi: Protocol = {
  async register(url, worker, count) {
    for (const { taskId, family, params } of noOps(count, worker)) {
      await call(url, "add_task", { worker, task_id: taskId, family, params, deps: [] });
    }
  },
  async drain(url, worker, until) {
    for (let done = 0; ; done++) {
      if (performance.now() > until) return done;
      const { task_id } = await call(url, "get_work", { worker, host: "h", current_tasks: [] });
      if (task_id === null) return done;
      await call(url, "add_task", { worker, task_id, status: "DONE", new_deps: [], runnable: null });
    }
  },
};

function call(url: string, method: string, data: object): Promise<any> {
  const body = new URLSearchParams({ data: JSON.stringify(data) }).toString();
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/api/${method}`, { method: "POST", agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString()).response));
    });
    sent.on("error", reject).end(body);
  });
}

export function closeConnections(): void {
  agent.destroy();
  for (const client of clients.values()) client.close();
}
