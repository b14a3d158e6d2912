/**
 * What leatd does in a second, over HTTP on this machine, with its journal on disk and in memory.
 *
 *     node --import tsx --conditions @leat/source packages/server/bench/rates.ts
 */
import { fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HttpScheduler } from "@leat/scheduler/client";
import { startServer } from "../src/index.ts";

const ROUNDS = 5;
const TASKS = 1600;
const BULK = 100_000;

/** Runs what is ready over one client, one task at a time, and returns how many there were. */
async function drain(client: HttpScheduler, worker: string): Promise<number> {
  for (let count = 0; ; count++) {
    const { assignments } = await client.getWork({ worker, running: [] });
    const [assignment] = assignments;
    if (assignment === undefined) return count;
    const { taskId, token } = assignment;
    await client.report({ worker, taskId, token, outcome: "DONE" });
  }
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

const tasks = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, n) => ({
    taskId: `${prefix}-${n}`,
    family: "Load",
    params: { n: String(n) },
  }));

/** Tasks a second that `clients` take and report, each over a connection of its own. */
async function runRate(url: string, clients: number, round: number): Promise<number> {
  const names = Array.from({ length: clients }, (_, n) => `w${clients}-${round}-${n}`);
  const connections = names.map(() => new HttpScheduler({ urls: [url] }));
  const add = (worker: string, n: number) =>
    connections[n]?.addTasks({ worker, tasks: tasks(TASKS / clients, worker) });
  await Promise.all(names.map(add));
  const spent = await seconds(() =>
    Promise.all(connections.map((connection, n) => drain(connection, names[n] ?? ""))),
  );
  for (const connection of connections) connection.close();
  return TASKS / spent;
}

/** Tasks a second that are registered, 5000 in a call. */
async function bulkRate(url: string, round: number): Promise<number> {
  const connection = new HttpScheduler({ urls: [url] });
  const all = tasks(BULK, `bulk-${round}`);
  const spent = await seconds(async () => {
    for (let at = 0; at < BULK; at += 5000) {
      await connection.addTasks({ worker: "bulk", tasks: all.slice(at, at + 5000) });
    }
  });
  connection.close();
  return BULK / spent;
}

/** A server in a process of its own, so that the clients do not take its time. */
async function startChild(path: string): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const child = fork(import.meta.filename, ["serve", path]);
  const url = await new Promise<string>((resolve) => child.once("message", resolve as never));
  const exited = new Promise((resolve) => child.once("exit", resolve));
  return {
    url,
    stop: () => {
      child.disconnect();
      return exited;
    },
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b).at(Math.floor(values.length / 2)) ?? NaN;
}

/** Both servers take turns, so that what else the machine does falls on both. */
async function compare(
  what: string,
  rate: (url: string, round: number) => Promise<number>,
  [memory, disk]: readonly string[],
): Promise<void> {
  const rates = { memory: [] as number[], disk: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    rates.memory.push(await rate(memory ?? "", round));
    rates.disk.push(await rate(disk ?? "", round));
  }
  const [inMemory, onDisk] = [median(rates.memory), median(rates.disk)];
  const factor = (inMemory / onDisk).toFixed(2);
  console.log(
    `${what}: ${Math.round(inMemory)}/s in memory, ${Math.round(onDisk)}/s on disk, factor ${factor}`,
  );
}

const [, , mode, statePath = ":memory:"] = process.argv;
if (mode === "serve") {
  const server = await startServer({ port: 0, statePath, requestsPerSecond: 1e6 });
  process.send?.(server.url);
  process.once("disconnect", () => void server.stop());
} else {
  const folder = mkdtempSync(join(tmpdir(), "leatd-bench-"));
  const servers = [await startChild(":memory:"), await startChild(join(folder, "leatd.db"))];
  const urls = servers.map(({ url }) => url);
  for (const clients of [1, 4, 16]) {
    const rate = (url: string, round: number) => runRate(url, clients, round);
    await compare(`Tasks taken and reported by ${clients} clients`, rate, urls);
  }
  await compare("Tasks registered, 5000 in a call", bulkRate, urls);
  await Promise.all(servers.map(({ stop }) => stop()));
  rmSync(folder, { recursive: true });
}
