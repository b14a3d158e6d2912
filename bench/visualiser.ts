/**
 * Measures the web page in a browser against a leatd with 100,000 tasks: `npm run bench -- page`. Prints a table in Markdown. Needs
 * Chromium (`npm run servers:install`) and a built page.
 */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { findChromium } from "@leat-internal/dev-servers";
import { type RunningServer, startServer } from "@leat/server";
import { type Browser, chromium, type Page } from "playwright-core";
import { table } from "./lib/report.ts";

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
    const figures = [...firstPageMs, ...filterMs, ...frames, ...bundle()];
    console.log(table(["What", "Measured", "Limit", "Kept"], figures.map(toRow)));
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Something measured in the unit of its name, and what it has to stay below; `null` for what is only told. */
type Figure = readonly [name: string, value: number, limit: number | null];

function toRow([name, value, limit]: Figure): string[] {
  const kept = limit === null ? "" : value < limit ? "yes" : "**no**";
  return [name, value.toLocaleString("en"), limit === null ? "" : `< ${limit.toLocaleString("en")}`, kept];
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
async function firstPage(page: Page, server: RunningServer): Promise<Figure[]> {
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn++) {
    await page.goto("about:blank");
    await page.goto(`${server.url}/#/tasks`);
    const usableAt = await page.evaluate<number>("usableAt");
    times.push(
      usableAt - (await page.evaluate<number>("performance.getEntriesByType('navigation')[0].responseEnd")),
    );
  }
  return [["First page usable after the document, ms", median(times), 1000]];
}

/** From a key or click to the filtered list on the screen, the wait for the next key included. */
async function filter(page: Page): Promise<Figure[]> {
  const filters = async (text: string, act: () => Promise<void>) => {
    const ms = await until(page, text, act);
    await until(page, "of 100,000 tasks", () => page.getByRole("button", { name: "Clear filters" }).click());
    return ms;
  };
  const searchFor = (text: string) => () => page.getByLabel("Search names").fill(text);
  const firstSearch = await filters("of 1 task", searchFor("part=77777"));
  const search = await filters("of 11 tasks", searchFor("part=7777"));
  const state = await filters("of 33,334 tasks", () => page.getByRole("button", { name: /^Done/ }).click());
  const family = await filters("of 2,500 tasks", () =>
    page.getByRole("button", { name: /^Family7 / }).click(),
  );
  return [
    ["First search by words, ms", firstSearch, 300],
    ["Search by words, ms", search, 300],
    ["Filter by state, ms", state, 300],
    ["Filter by family, ms", family, 300],
  ];
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

/** Frames while so many tasks change. */
async function changes(page: Page, server: RunningServer): Promise<Figure[]> {
  await page.evaluate("frames.length = 0");
  let changesASecond = 0;
  const tasks = await mainThreadTasks(page, async () => {
    changesASecond = await changeTasks(server);
  });
  const frames = await page.evaluate<number[]>("frames");
  const sorted = frames.toSorted((a, b) => a - b);
  const busyMs = tasks.reduce((sum, ms) => sum + ms, 0);
  return [
    ["Changes a second", round(changesASecond), null],
    ["Frames drawn meanwhile", frames.length, null],
    ["Frame that 99 of 100 keep below, ms", round(sorted[Math.floor(sorted.length * 0.99)] ?? 0), 100],
    ["Longest frame, ms", round(sorted.at(-1) ?? 0), 100],
    ["Longest task of the main thread, ms of the processor", round(Math.max(...tasks)), 100],
    ["Main thread, % of a processor", round(busyMs / (SECONDS * 10)), null],
  ];
}

/** Each task that is handed out and ends makes two changes. Resolves to how many there were a second. */
async function changeTasks(server: RunningServer): Promise<number> {
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
  return (2000 * done) / (performance.now() - start);
}

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the processor. */
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** What the tasks of the page's main thread cost the processor, in ms: whatever else the machine does meanwhile. */
async function mainThreadTasks(page: Page, work: () => Promise<void>): Promise<number[]> {
  const browser = page.context().browser() as Browser;
  await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    readonly traceEvents: readonly TraceEvent[];
  };
  const threadOf = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const named = traceEvents.filter(
    ({ name, args }) => name === "thread_name" && args.name === "CrRendererMain",
  );
  const mainThreads = new Set(named.map(threadOf));
  return traceEvents
    .filter((event) => event.name === "RunTask" && mainThreads.has(threadOf(event)))
    .map(({ tdur = 0 }) => tdur / 1000);
}

/** All files of the page, gzipped, those too that are fetched with the first graph or plot. */
function bundle(): Figure[] {
  const folder = fileURLToPath(new URL("../packages/server/page/", import.meta.url));
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(js|css|html|svg)$/.test(name),
  );
  const sizes = names.map((name) => gzipSync(readFileSync(folder + name), { level: 9 }).length);
  return [["Files of the page, gzipped, bytes", sizes.reduce((sum, size) => sum + size, 0), 200_000]];
}

function median(values: readonly number[]): number {
  return round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

await main();
