import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spreadOf } from "./lib/measure.ts";
import { count, table } from "./lib/report.ts";
import { handOverMs } from "./shared/hand-over.ts";
import { ended, type Served, startLeatd, startLuigid } from "./shared/leatd.ts";
import { closeConnections, leat, luigi, noOps, rateOf } from "./shared/no-op-tasks.ts";
import { getWorkMicros, holding, mixed } from "./shared/state-machine.ts";

// What the shared scheduler does, with the limits that it has to keep: a table of Markdown. leatd and luigid run in processes of
// their own, and what is compared takes turns.

const [MANY, SOME, FEW] = [1_000_000, 100_000, 1000];
const WORKERS = 16;
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

async function besideLuigid(leatd: Served, folder: string): Promise<Row[]> {
  const luigid = await startLuigid(folder);
  const rows: Row[] = [];
  for (const tasks of [1600, 10_000]) {
    const job = { workers: WORKERS, tasks, mostMs: 6000 };
    const theirs = await rateOf(luigi, luigid.url, job);
    const same = await rateOf(luigi, leatd.url, job);
    const own = await rateOf(leat, leatd.url, job);
    // The same client at both; over its own interface leatd has another one.
    const ratio = same / theirs;
    rows.push({
      what: `${count(tasks)} no-op tasks, ${WORKERS} workers of Luigi's RPC: luigid ${perSecond(theirs)}, leatd ${perSecond(same)} (over its own interface ${perSecond(own)})`,
      figure: `${ratio.toFixed(1)} times`,
      limit: tasks < 10_000 ? "" : "≥ 20 times",
      ...(tasks >= 10_000 && { isKept: ratio >= 20 }),
    });
  }
  await luigid.stop();
  return rows;
}

/** Turns are short and many, and follow one another closely: whatever else the machine does falls on both. */
async function journalCost(disk: Served, memory: Served): Promise<Row[]> {
  const rows: Row[] = [];
  for (const workers of [1, 4, WORKERS]) {
    const job = { workers, tasks: 320, mostMs: 2000 };
    const pairs: [number, number][] = [];
    for (let turn = 0; turn < 15; turn++) {
      pairs.push([await rateOf(leat, memory.url, job), await rateOf(leat, disk.url, job)]);
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
async function readers({ url }: Served): Promise<Row> {
  const pages = fork(READERS, [url]);
  await once(pages, "message");
  const job = { workers: WORKERS, tasks: 4800, mostMs: 2000 };
  const ratios: number[] = [];
  for (let turn = 0; turn < 7; turn++) {
    const alone = await rateOf(leat, url, job);
    pages.send(true);
    const read = await rateOf(leat, url, job);
    pages.send(false);
    const again = await rateOf(leat, url, job);
    ratios.push(read / ((alone + again) / 2));
  }
  await ended(pages, () => pages.disconnect());
  const less = (1 - median(ratios)) * 100;
  return {
    what: `Ten pages that ask every second, with ${count(SOME)} tasks held`,
    figure: `${less.toFixed(1)} % less`,
    limit: "< 10 %",
    isKept: less < 10,
  };
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
  await rateOf(leat, disk.url, { workers: WORKERS, tasks: 1600 });
  await rateOf(leat, memory.url, { workers: WORKERS, tasks: 1600 });
  rows.push(...(await journalCost(disk, memory)));
  rows.push(await handOver(disk), await bulk(disk));
  await bulk(memory);
  rows.push(await readers(memory));
  await memory.stop();
  rows.push(...(await besideLuigid(disk, folder)));
  await disk.stop();
  return rows;
}

const folder = mkdtempSync(join(tmpdir(), "leat-bench-"));
const rows = await measureAll(folder);
closeConnections();
rmSync(folder, { recursive: true });
const verdict = ({ isKept }: Row) => (isKept === undefined ? "" : isKept ? "kept" : "**missed**");
const cells = rows.map((row) => [row.what, row.figure, row.limit, verdict(row)]);
console.log(table(["What", "Measured", "Limit", ""], cells));
