import type { TaskSpec } from "@leat/scheduler";
import { HttpScheduler } from "@leat/scheduler/client";
import type { Served } from "./leatd.ts";
import { RawConnection } from "./raw-connection.ts";

/** A worker of tasks that do nothing, with a connection of its own and one call under way. */
export interface NoOpWorker {
  register(tasks: readonly TaskSpec[]): Promise<void>;
  /** Takes and reports until nothing is left, or it is time. Resolves to the number of tasks. */
  drain(until: number): Promise<number>;
  close(): void;
}

/** How such a worker talks to a scheduler. */
export type Protocol = (url: string, worker: string) => Promise<NoOpWorker>;

export interface Rates {
  /** Registrations of tasks in a second. */
  readonly registered: number;
  /** Tasks taken and reported in a second. */
  readonly done: number;
  /** Processor time of the server for one of these, in microseconds. */
  readonly doneMicros: number;
}

let rounds = 0;

/** What workers do in a second, all of them together, when each registers the tasks that are its own. */
export async function ratesOf(
  protocol: Protocol,
  server: Served,
  job: { workers: number; tasksOf: (worker: string) => readonly TaskSpec[]; mostMs?: number },
): Promise<Rates> {
  const names = Array.from({ length: job.workers }, (_, n) => `${++rounds}-${n}`);
  const workers = await Promise.all(names.map((name) => protocol(server.url, name)));
  const lists = names.map(job.tasksOf);
  const registering = await timed(workers, async (worker, n) => {
    const tasks = lists[n] as readonly TaskSpec[];
    await worker.register(tasks);
    return tasks.length;
  });
  const before = server.cpuSeconds();
  const until = performance.now() + (job.mostMs ?? Infinity);
  const draining = await timed(workers, (worker) => worker.drain(until));
  const doneMicros = ((server.cpuSeconds() - before) * 1e6) / draining.count;
  for (const worker of workers) worker.close();
  return { registered: registering.rate, done: draining.rate, doneMicros };
}

/** How many things the workers did, and how many in a second. */
async function timed(
  workers: readonly NoOpWorker[],
  work: (worker: NoOpWorker, n: number) => Promise<number>,
): Promise<{ count: number; rate: number }> {
  const start = performance.now();
  const counts = await Promise.all(workers.map(work));
  const count = counts.reduce((sum, one) => sum + one, 0);
  return { count, rate: count / ((performance.now() - start) / 1000) };
}

/** The same when each has as many tasks of its own. */
export function ratesOfOwn(
  protocol: Protocol,
  server: Served,
  { workers, tasks, mostMs = Infinity }: { workers: number; tasks: number; mostMs?: number },
): Promise<Rates> {
  return ratesOf(protocol, server, {
    workers,
    tasksOf: (worker) => noOps(tasks / workers, worker),
    mostMs,
  });
}

export function noOps(count: number, prefix: string): TaskSpec[] {
  return Array.from({ length: count }, (_, n) => ({
    taskId: `${prefix}-${n}`,
    family: "Noop",
    params: { n: String(n) },
  }));
}

const WIDTH = 50;

/** Layers of 50 tasks, each of which requires three of the layer below; requirements come first. */
export function layeredTasks(count: number, prefix: string): TaskSpec[] {
  return noOps(count, prefix).map((task, n) => {
    const below = n - WIDTH;
    const start = below - (below % WIDTH);
    const deps = [0, 1, 7].map((step) => `${prefix}-${start + ((below + step) % WIDTH)}`);
    return below < 0 ? task : { ...task, deps };
  });
}

/** A worker of Leat with the client that it really has. */
export const leatWorker: Protocol = async (url, worker) => {
  const client = new HttpScheduler({ urls: [url] });
  return {
    register: async (tasks) => void (await client.addTasks({ worker, tasks })),
    drain: (until) => drainLeat(until, worker, (name, command) => client[name](command as never)),
    close: () => client.close(),
  };
};

/** The same calls over a connection that costs next to nothing. */
export const leatApi: Protocol = async (url, worker) => {
  const connection = await RawConnection.open(url);
  const call = async (name: string, command: object): Promise<any> =>
    JSON.parse(await connection.post(`/api/v1/${name}`, "application/json", JSON.stringify(command)));
  return {
    register: (tasks) => call("addTasks", { worker, tasks }),
    drain: (until) => drainLeat(until, worker, call),
    close: () => connection.close(),
  };
};

async function drainLeat(
  until: number,
  worker: string,
  call: (name: "getWork" | "report", command: object) => Promise<any>,
): Promise<number> {
  for (let done = 0; ; ) {
    if (performance.now() > until) return done;
    const { assignments, pending } = await call("getWork", { worker, running: [] });
    const [assignment] = assignments;
    // What is left may wait for what others run.
    if (assignment === undefined && pending === 0) return done;
    if (assignment === undefined) continue;
    const { taskId, token } = assignment;
    await call("report", { worker, taskId, token, outcome: "DONE" });
    done += 1;
  }
}

/** Luigi's RPC, which leatd speaks as well, over such a connection. */
export const luigiRpc: Protocol = async (url, worker) => {
  const connection = await RawConnection.open(url);
  const call = async (method: string, data: object): Promise<any> => {
    const form = `data=${encodeURIComponent(JSON.stringify(data))}`;
    return JSON.parse(await connection.post(`/api/${method}`, "application/x-www-form-urlencoded", form))
      .response;
  };
  return {
    async register(tasks) {
      for (const { taskId, family, params, deps = [] } of tasks) {
        await call("add_task", { worker, task_id: taskId, family, params, deps });
      }
    },
    drain: (until) => drainLuigi(until, worker, call),
    close: () => connection.close(),
  };
};

async function drainLuigi(
  until: number,
  worker: string,
  call: (method: string, data: object) => Promise<any>,
): Promise<number> {
  for (let done = 0; ; ) {
    if (performance.now() > until) return done;
    const { task_id, n_pending_tasks } = await call("get_work", { worker, host: "h", current_tasks: [] });
    if (task_id === null && n_pending_tasks === 0) return done;
    if (task_id === null) continue;
    await call("add_task", { worker, task_id, status: "DONE", new_deps: [], runnable: null });
    done += 1;
  }
}
