/**
 * Measures the web page in a browser against a leatd with 100,000 tasks: `node --import tsx --conditions @leat/source
 * bench/visualiser.ts`. Prints a line of JSON. Needs Chromium (`npm run servers:install`) and a built page.
 */
import { readdirSync, readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { findChromium } from "@leat-internal/dev-servers";
import { type RunningServer, startServer } from "@leat/server";
import { chromium, type Page } from "playwright-core";

const TASKS = 100_000;
const FAMILIES = 40;
const CHANGES_A_SECOND = 200;
const SECONDS = 10;

/** Runs in the page before its own scripts: notes when the list can be used, and how long frames take. */
const WATCH = `
  globalThis.usableAt = new Promise((resolve) => {
    const look = () => {
      if (document.querySelector(".tasks-table tbody tr") && /[1-9]/.test(document.querySelector(".tile-count")?.parentElement.parentElement.textContent)) resolve(performance.now());
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  globalThis.frames = [];
  let last = performance.now();
  const frame = (now) => { frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
`;

async function main(): Promise<void> {
  const server = await startServer({ port: 0, statePath: ":memory:" });
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({ executablePath: findChromium() ?? "", args });
  try {
    await register(server);
    const page = await browser.newPage({ viewport: { width: 1360, height: 860 } });
    await page.addInitScript(WATCH);
    const firstPageMs = await firstPage(page, server);
    const filterMs = await filter(page);
    const frames = await changes(page, server);
    const machine = `${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`;
    console.log(
      JSON.stringify(
        { tasks: TASKS, firstPageMs, filterMs, ...frames, bundle: bundleBytes(), machine },
        null,
        2,
      ),
    );
  } finally {
    await browser.close();
    await server.stop();
  }
}

async function post(server: RunningServer, name: string, body: object): Promise<any> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`${server.url}/api/v1/${name}`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
  return response.json();
}

async function register(server: RunningServer): Promise<void> {
  for (let first = 0; first < TASKS; first += 10_000) {
    const tasks = Array.from({ length: 10_000 }, (_, index) => toTask(first + index));
    await post(server, "addTasks", { worker: "bench", tasks });
  }
}

function toTask(n: number): object {
  const params = { day: `2026-${String((n % 12) + 1).padStart(2, "0")}`, part: String(n) };
  return {
    taskId: `Family${n % FAMILIES}_${n}`,
    family: `Family${n % FAMILIES}`,
    params,
    status: n % 3 === 0 ? "DONE" : "PENDING",
  };
}

/** From the end of the document's answer to a list that can be used; the median of five loads. */
async function firstPage(page: Page, server: RunningServer): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    await page.goto("about:blank");
    await page.goto(`${server.url}/#/tasks`);
    const usableAt = await page.evaluate<number>("usableAt");
    times.push(
      usableAt - (await page.evaluate<number>("performance.getEntriesByType('navigation')[0].responseEnd")),
    );
  }
  return median(times);
}

/** From a key or click to the filtered list on the screen, the wait for the next key included. */
async function filter(page: Page): Promise<{ readonly [what: string]: number }> {
  const firstSearch = await until(page, "of 1 task", async () =>
    page.getByLabel("Search names").fill("part=77777"),
  );
  await until(page, "of 100,000 tasks", async () =>
    page.getByRole("button", { name: "Clear filters" }).click(),
  );
  const search = await until(page, "of 11 tasks", async () =>
    page.getByLabel("Search names").fill("part=7777"),
  );
  await until(page, "of 100,000 tasks", async () =>
    page.getByRole("button", { name: "Clear filters" }).click(),
  );
  const state = await until(page, "of 33,334 tasks", async () =>
    page.getByRole("button", { name: /^Done/ }).click(),
  );
  await until(page, "of 100,000 tasks", async () =>
    page.getByRole("button", { name: "Clear filters" }).click(),
  );
  const family = await until(page, "of 2,500 tasks", async () =>
    page.getByRole("button", { name: /^Family7 / }).click(),
  );
  await until(page, "of 100,000 tasks", async () =>
    page.getByRole("button", { name: "Clear filters" }).click(),
  );
  return { firstSearch, search, state, family };
}

/** Milliseconds in the page from the input to the text. */
async function until(page: Page, text: string, act: () => Promise<void>): Promise<number> {
  const measured = page.evaluate<number>(`new Promise((resolve) => {
    let start;
    const begin = () => (start ??= performance.now());
    addEventListener("input", begin, { capture: true, once: true });
    addEventListener("click", begin, { capture: true, once: true });
    const look = () => {
      if (start !== undefined && document.querySelector(".pager").textContent.includes(${JSON.stringify(text)})) resolve(performance.now() - start);
      else requestAnimationFrame(look);
    };
    look();
  })`);
  await act();
  return round(await measured);
}

/** Frames while so many tasks change: each one that is handed out and ends makes two changes. */
async function changes(page: Page, server: RunningServer): Promise<object> {
  await page.evaluate("frames.length = 0");
  const start = performance.now();
  let done = 0;
  for (let step = 1; step <= SECONDS * 10; step++) {
    const slots = CHANGES_A_SECOND / 20;
    const { assignments } = await post(server, "getWork", { worker: "bench", slots });
    const reports = assignments.map(({ taskId, token }: { taskId: string; token: string }) =>
      post(server, "report", { worker: "bench", taskId, token, outcome: "DONE" }),
    );
    await Promise.all(reports);
    done += assignments.length;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, start + step * 100 - performance.now())));
  }
  const seconds = (performance.now() - start) / 1000;
  const frames = await page.evaluate<number[]>("frames");
  const sorted = frames.toSorted((a, b) => a - b);
  return {
    changesASecond: round((2 * done) / seconds),
    frames: frames.length,
    longestFrameMs: round(sorted.at(-1) ?? 0),
    frameP99Ms: round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
    framesOver100Ms: frames.filter((ms) => ms > 100).length,
  };
}

/** All files of the page, gzipped; those that the list of tasks needs, and those fetched later. */
function bundleBytes(): object {
  const folder = fileURLToPath(new URL("../packages/server/page/", import.meta.url));
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(js|css|html|svg)$/.test(name),
  );
  const sizes = new Map(
    names.map((name) => [name, gzipSync(readFileSync(folder + name), { level: 9 }).length]),
  );
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return { gzippedBytes: total, files: Object.fromEntries(sizes) };
}

function median(values: readonly number[]): number {
  return round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

await main();
