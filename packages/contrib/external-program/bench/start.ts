import { spawn } from "node:child_process";
import { once } from "node:events";
import { runProgram } from "@leat/external-program";

// How long a program takes from start to end, run by us and by this process itself, with little memory and with 500 MB in use.

const PROGRAMS = 100;
const MEGABYTES = 500;

async function millisecondsEach(runOne: () => Promise<unknown>): Promise<string> {
  await runOne();
  const begin = performance.now();
  for (let count = 0; count < PROGRAMS; count++) await runOne();
  return ((performance.now() - begin) / PROGRAMS).toFixed(2);
}

async function spawned(): Promise<void> {
  const child = spawn("true", { stdio: ["ignore", "pipe", "pipe"], detached: true });
  child.stdout.resume();
  child.stderr.resume();
  await once(child, "close");
}

async function measure(): Promise<void> {
  const megabytes = Math.round(process.memoryUsage().rss / 1e6);
  const own = await millisecondsEach(() => runProgram(["true"]));
  const direct = await millisecondsEach(spawned);
  console.log(`${megabytes} MB: runProgram ${own} ms, spawn ${direct} ms`);
}

await measure();
const held = Array.from({ length: MEGABYTES }, () => Buffer.alloc(2 ** 20, 1));
await measure();
console.log(`held ${held.length} MiB`);
