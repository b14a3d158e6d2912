import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spreadOf } from "./lib/measure.ts";
import { count, table } from "./lib/report.ts";
import { handOverMs } from "./shared/hand-over.ts";
import { ended, type Served, startLeatd, startLuigid } from "./shared/leatd.ts";
import { leatCommand, luigiCommand, secondsOf } from "./shared/end-to-end.ts";
import {
  layeredTasks,
  leatApi,
  leatWorker,
  luigiRpc,
  noOps,
  type Rates,
  ratesOf,
  ratesOfOwn,
} from "./shared/no-op-tasks.ts";
import { getWorkMicros, holding, mixed } from "./shared/state-machine.ts";

// What the shared scheduler does, with the limits that it has to keep: a table of Markdown. leatd and luigid run in processes of
// their own, and what is compared takes turns. The workers beside luigid are the same code for both: sockets that stay open,
// requests put together from ready parts, one call of a worker at a time, so that the servers are what is measured.

const [MANY, SOME, FEW] = [1_000_000, 100_000, 1000];
const WORKERS = 16;
/** What calls luigid and leatd: the same code. */
const CLIENT = `${WORKERS} workers of Luigi's RPC (raw sockets that stay open, in one process)`;
const READERS = fileURLToPath(new URL("shared/page-readers.ts", import.meta.url));

interface Row {
  readonly what: string;
  readonly figure: string;
  readonly limit: string;
  /** `undefined` where there is none. */
  readonly isKept?: boolean;
}

const median = (values: readonly number[]) => spreadOf(values).median;
const p99 = (sorted: readonly number[]) => sorted[Math.floor(sorted.length * 0.99)] as number;
const micros = ({ doneMicros }: Rates) => `${count(Math.round(doneMicros))} µs`;
const perSecond = (rate: number) => `${count(Math.round(rate))}/s`;

function held(): Row[] {
  const start = performance.now();
  const scheduler = holding(noOps(MANY, "held"));
  const seconds = (performance.now() - start) / 1000;
  const micros = median(getWorkMicros(scheduler, 20_000));
  return [
    { what: `${count(MANY)} tasks held, added in`, figure: `${seconds.toFixed(1)} s`, limit: "" },
    {
      what: `One getWork with ${count(MANY)} tasks held`,
      figure: `${micros.toFixed(1)} µs`,
      limit: "≤ 50 µs",
      isKept: micros <= 50,
    },
  ];
}

function blocked(): Row {
  const [few, some] = [mixed(FEW, FEW, 20_000), mixed(SOME, SOME, 20_000)];
  const ratios = Array.from({ length: 5 }, () => {
    const before = p99(getWorkMicros(holding(few), 20_000));
    return p99(getWorkMicros(holding(some), 20_000)) / before;
  });
  const ratio = median(ratios.slice(1));
  return {
    what: `p99 of getWork, ${count(SOME)} done and ${count(SOME)} blocked against ${count(FEW)}`,
    figure: `${ratio.toFixed(2)} times`,
    limit: "≤ 1.5 times",
    isKept: ratio <= 1.5,
  };
}

/** Every worker has tasks of its own. */
async function ownTasks(leatd: Served, luigid: Served): Promise<Row[]> {
  const rows: Row[] = [];
  for (const tasks of [1600, 10_000, 20_000]) {
    const job = { workers: WORKERS, tasks, mostMs: 6000 };
    const theirs = await ratesOfOwn(luigiRpc, luigid, job);
    const same = await ratesOfOwn(luigiRpc, leatd, job);
    const own = await ratesOfOwn(leatApi, leatd, job);
    const ratio = same.done / theirs.done;
    rows.push({
      what: `${count(tasks)} no-op tasks, ${CLIENT}: luigid ${perSecond(theirs.done)}, leatd ${perSecond(same.done)} (over its own interface ${perSecond(own.done)})`,
      figure: `${ratio.toFixed(1)} times`,
      limit: tasks < 10_000 ? "" : "≥ 20 times",
      ...(tasks >= 10_000 && { isKept: ratio >= 20 }),
    });
    rows.push({
      what: `Processor time of the server for each of these: luigid ${micros(theirs)}, leatd ${micros(same)} (over its own interface ${micros(own)})`,
      figure: `${(theirs.doneMicros / same.doneMicros).toFixed(1)} times`,
      limit: "",
    });
  }
  return rows;
}

/** The same command started on many machines: each worker registers the whole graph. */
async function sharedGraph(leatd: Served, luigid: Served): Promise<Row> {
  const tasks = layeredTasks(5000, "shared");
  const job = { workers: WORKERS, tasksOf: () => tasks, mostMs: 10_000 };
  const theirs = await ratesOf(luigiRpc, luigid, job);
  const same = await ratesOf(luigiRpc, leatd, job);
  const ratio = same.done / theirs.done;
  return {
    what: `The same graph of ${count(tasks.length)} no-op tasks registered by each of ${CLIENT}: luigid ${perSecond(theirs.done)} in the first 10 s, leatd ${perSecond(same.done)} (registrations: luigid ${perSecond(theirs.registered)}, leatd ${perSecond(same.registered)})`,
    figure: `${ratio.toFixed(0)} times`,
    limit: "≥ 20 times",
    isKept: ratio >= 20,
  };
}

/** Whole processes, with a file for each task. What they take apart from the scheduler counts as well. */
async function realWorkers(leatd: Served, luigid: Served, parent: string): Promise<Row> {
  const job = { processes: 4, tasks: 1000, parent };
  const theirs = await secondsOf(luigiCommand, luigid.url, job);
  const mixed = await secondsOf(luigiCommand, leatd.url, job);
  const ours = await secondsOf(leatCommand, leatd.url, job);
  return {
    what: `${count(job.tasks)} tasks that write a file each, the same command in ${job.processes} processes: luigi with luigid ${theirs.toFixed(1)} s, luigi with leatd ${mixed.toFixed(1)} s, leat run with leatd ${ours.toFixed(1)} s`,
    figure: `${(theirs / ours).toFixed(1)} times`,
    limit: "",
  };
}

async function besideLuigid(leatd: Served, folder: string): Promise<Row[]> {
  // Each part has a luigid that holds nothing else.
  const rows = await withLuigid(folder, (luigid) => ownTasks(leatd, luigid));
  rows.push(await withLuigid(folder, (luigid) => sharedGraph(leatd, luigid)));
  rows.push(await withLuigid(folder, (luigid) => realWorkers(leatd, luigid, folder)));
  return rows;
}

async function withLuigid<T>(parent: string, work: (luigid: Served) => Promise<T>): Promise<T> {
  const luigid = await startLuigid();
  const result = await work(luigid);
  await luigid.stop();
  return result;
}

/** Turns are short and many, and follow one another closely: whatever else the machine does falls on both. */
async function journalCost(disk: Served, memory: Served): Promise<Row[]> {
  const rows: Row[] = [];
  for (const workers of [1, 4, WORKERS]) {
    const job = { workers, tasks: 320, mostMs: 2000 };
    const pairs: [number, number][] = [];
    for (let turn = 0; turn < 15; turn++) {
      pairs.push([
        (await ratesOfOwn(leatWorker, memory, job)).done,
        (await ratesOfOwn(leatWorker, disk, job)).done,
      ]);
    }
    const factor = median(pairs.map(([without, with_]) => without / with_));
    const [without, with_] = [0, 1].map((side) => median(pairs.map((pair) => pair[side] as number)));
    rows.push({
      what: `Journal on SQLite against none, ${workers} workers: ${perSecond(with_ as number)} against ${perSecond(without as number)}`,
      figure: `factor ${factor.toFixed(2)}`,
      limit: "≤ 2",
      isKept: factor <= 2,
    });
  }
  return rows;
}

async function bulk({ url }: Served): Promise<Row> {
  const tasks = noOps(SOME, "bulk");
  const { HttpScheduler } = await import("@leat/scheduler/client");
  const client = new HttpScheduler({ urls: [url] });
  const start = performance.now();
  for (let at = 0; at < SOME; at += 5000) {
    await client.addTasks({ worker: "bulk", tasks: tasks.slice(at, at + 5000) });
  }
  const seconds = (performance.now() - start) / 1000;
  client.close();
  return {
    what: `${count(SOME)} tasks registered over HTTP, 5,000 in a call, with the journal on disk`,
    figure: `${seconds.toFixed(1)} s`,
    limit: "",
  };
}

/** Without a journal, so that the disk has no part in it. */
async function readers(leatd: Served): Promise<Row[]> {
  const pages = fork(READERS, [leatd.url]);
  await once(pages, "message");
  const polled = await besidePages(pages, "poll", leatd);
  const followed = await besidePages(pages, "follow", leatd);
  await ended(pages, () => pages.disconnect());
  const figure = ({ less, more }: Effect) =>
    `${less.toFixed(1)} % less; leatd takes ${more.toFixed(1)} % more processor time`;
  return [
    {
      what: `Tasks done beside ten pages that ask every second, with ${count(SOME)} tasks held`,
      figure: figure(polled),
      limit: "< 10 %",
      isKept: polled.less < 10,
    },
    {
      what: "The same when they follow the events as well, as the web page does",
      figure: figure(followed),
      limit: "",
    },
  ];
}

/** What pages do to the workers, in percent. */
interface Effect {
  /** Tasks done in a second. */
  readonly less: number;
  /** Processor time of leatd for a task, with that for the pages. */
  readonly more: number;
}

async function besidePages(pages: ChildProcess, mode: "poll" | "follow", leatd: Served): Promise<Effect> {
  const job = { workers: WORKERS, tasks: 8000, mostMs: 2000 };
  const effects: Effect[] = [];
  for (let turn = 0; turn < 5; turn++) {
    const before = await ratesOfOwn(leatApi, leatd, job);
    pages.send(mode);
    const beside = await ratesOfOwn(leatApi, leatd, job);
    pages.send("rest");
    const after = await ratesOfOwn(leatApi, leatd, job);
    effects.push({
      less: (1 - beside.done / ((before.done + after.done) / 2)) * 100,
      more: (beside.doneMicros / ((before.doneMicros + after.doneMicros) / 2) - 1) * 100,
    });
  }
  return { less: median(effects.map(({ less }) => less)), more: median(effects.map(({ more }) => more)) };
}

async function handOver({ url }: Served): Promise<Row> {
  const delays = await handOverMs(url, 200);
  return {
    what: "Parent reported done → child begun in another process",
    figure: `${median(delays).toFixed(1)} ms in the median`,
    limit: "",
  };
}

async function measureAll(folder: string): Promise<Row[]> {
  const rows: Row[] = [...held(), blocked()];
  const [disk, memory] = await Promise.all([startLeatd(join(folder, "leatd.db")), startLeatd(":memory:")]);
  await ratesOfOwn(leatWorker, disk, { workers: WORKERS, tasks: 1600 });
  await ratesOfOwn(leatWorker, memory, { workers: WORKERS, tasks: 1600 });
  rows.push(...(await journalCost(disk, memory)));
  rows.push(await handOver(disk), await bulk(disk));
  await bulk(memory);
  rows.push(...(await readers(memory)));
  await memory.stop();
  rows.push(...(await besideLuigid(disk, folder)));
  await disk.stop();
  return rows;
}

const folder = mkdtempSync(join(tmpdir(), "leat-bench-"));
const rows = await measureAll(folder);
rmSync(folder, { recursive: true });
const verdict = ({ isKept }: Row) => (isKept === undefined ? "" : isKept ? "kept" : "**missed**");
const cells = rows.map((row) => [row.what, row.figure, row.limit, verdict(row)]);
console.log(table(["What", "Measured", "Limit", ""], cells));
