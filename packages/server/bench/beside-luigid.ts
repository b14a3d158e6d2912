/**
 * Tasks that do nothing, taken and reported by 16 workers over the RPC of Luigi: leatd with its journal on disk beside
 * luigid, turn by turn in one run, with few and with many tasks held. Ten readers of the page poll leatd in a third turn.
 *
 *     node --import tsx --conditions @leat/source packages/server/bench/beside-luigid.ts
 */
import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { luigiPrograms } from "@leat-internal/dev-servers";
import { startServer } from "../src/index.ts";

const SIZES = [1600, 10_000];
const WORKERS = 16;
const READERS = 10;
/** A turn ends after this time, be there tasks left or not. */
const TURN_MS = 6000;

const agent = new Agent({ keepAlive: true });

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

async function register(url: string, worker: string, tasks: number): Promise<void> {
  for (let n = 0; n < tasks; n++) {
    const task_id = `${worker}-${n}`;
    await call(url, "add_task", { worker, task_id, family: "Noop", params: { n: String(n) }, deps: [] });
  }
}

/** Resolves to the number of tasks that were done. */
async function drain(url: string, worker: string, until: number): Promise<number> {
  for (let done = 0; ; done++) {
    if (performance.now() > until) return done;
    const { task_id } = await call(url, "get_work", { worker, host: "h", current_tasks: [] });
    if (task_id === null) return done;
    await call(url, "add_task", { worker, task_id, status: "DONE", new_deps: [], runnable: null });
  }
}

/** Tasks a second. */
async function rate(url: string, round: string, tasks: number): Promise<number> {
  const workers = Array.from({ length: WORKERS }, (_, n) => `w-${round}-${n}`);
  await Promise.all(workers.map((worker) => register(url, worker, tasks / WORKERS)));
  const start = performance.now();
  const done = await Promise.all(workers.map((worker) => drain(url, worker, start + TURN_MS)));
  return done.reduce((sum, count) => sum + count, 0) / ((performance.now() - start) / 1000);
}

/** What an open page asks for every second, until nobody wants it any more. */
async function read(url: string): Promise<void> {
  for (let wanted = true; wanted; ) {
    for (const path of ["counts", "tasks?limit=100&sort=updated&order=desc", "workers", "resources"]) {
      await fetch(`${url}/api/v1/${path}`).then((answer) => answer.text());
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
    wanted = process.connected;
  }
}

async function rateWithReaders(url: string, round: string, tasks: number): Promise<number> {
  const readers = fork(import.meta.filename, ["read", url]);
  const measured = await rate(url, round, tasks);
  readers.disconnect();
  await new Promise((resolve) => readers.once("exit", resolve));
  return measured;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startLuigid(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const port = await freePort();
  const args = ["--address", "127.0.0.1", "--port", String(port), "--state-path", join(folder, "luigid")];
  const child = spawn(join(luigiPrograms(), "luigid"), args, { stdio: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  while (!(await call(url, "is_paused", {}).then(Boolean, () => false))) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { child, url };
}

async function startLeatd(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(import.meta.filename, ["serve", join(folder, "leatd.db")]);
  return { child, url: await new Promise<string>((resolve) => child.once("message", resolve as never)) };
}

const [, , mode, place = ""] = process.argv;
if (mode === "serve") {
  const server = await startServer({ port: 0, statePath: place, requestsPerSecond: 1e6 });
  process.send?.(server.url);
  process.once("disconnect", () => void server.stop());
} else if (mode === "read") {
  await Promise.all(Array.from({ length: READERS }, () => read(place)));
} else {
  const folder = mkdtempSync(join(tmpdir(), "leatd-bench-"));
  const [luigid, leatd] = await Promise.all([startLuigid(folder), startLeatd(folder)]);
  await rate(leatd.url, "warm", 1600);
  for (const tasks of SIZES) {
    const theirs = await rate(luigid.url, `${tasks}`, tasks);
    const ours = await rate(leatd.url, `${tasks}`, tasks);
    const read = await rateWithReaders(leatd.url, `${tasks}-read`, tasks);
    const [ratio, less] = [(ours / theirs).toFixed(1), Math.round((1 - read / ours) * 100)];
    console.log(
      `${tasks} tasks: luigid ${Math.round(theirs)}/s, leatd ${Math.round(ours)}/s, ratio ${ratio}; ` +
        `with ${READERS} readers ${Math.round(read)}/s, ${less} % less`,
    );
  }
  luigid.child.kill();
  leatd.child.disconnect();
  await new Promise((resolve) => leatd.child.once("exit", resolve));
  agent.destroy();
  rmSync(folder, { recursive: true });
}
