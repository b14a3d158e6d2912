/**
 * Measures loads of a million rows against `psql \copy` of a ready text file, in turn, and prints medians. Run with
 *
 *     npm run bench -w @leat/postgres
 *
 * LEAT_BENCH_ROWS and LEAT_BENCH_ROUNDS change the number of rows and rounds. Needs PostgreSQL from Debian for `psql`.
 */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { findDebianPostgres, startPostgres } from "@leat-internal/dev-servers";
import { Client } from "pg";
import { COLUMNS, makeLine, ROWS } from "./rows.ts";

const ROUNDS = Number(process.env["LEAT_BENCH_ROUNDS"] ?? 5);
const KINDS = ["psql", "rows", "asyncRows", "batches", "textFormat", "file"];

interface Sample {
  readonly seconds: number;
  readonly megabytes: number;
}

const bin = findDebianPostgres();
if (bin === undefined) throw new Error("There is no psql: apt-get install postgresql");
const folder = mkdtempSync(path.join(os.tmpdir(), "leat-bench-"));
const file = path.join(folder, "rows.tsv");
const server = await startPostgres({ bin, notice() {} });
try {
  await writeFile();
  const samples = new Map<string, Sample[]>(KINDS.map((kind) => [kind, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const kind of KINDS) {
      const sample = await measure(kind);
      // The first round fills caches.
      if (round > 0) samples.get(kind)?.push(sample);
    }
  }
  print(samples);
} finally {
  await server.stop();
  rmSync(folder, { recursive: true });
}

async function writeFile(): Promise<void> {
  const lines = function* () {
    for (let n = 0; n < ROWS; n += 1000)
      yield Array.from({ length: 1000 }, (_, i) => makeLine(n + i)).join("");
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
}

async function measure(kind: string): Promise<Sample> {
  // A column whose type only the server knows makes the whole load go as text.
  await resetTable(kind === "textFormat" ? "note" : "");
  const sample = kind === "psql" ? psql() : await loadInChild(kind);
  await checkTable();
  return sample;
}

async function resetTable(domainColumn: string): Promise<void> {
  const definition = COLUMNS.map(([name, type]) => `${name} ${name === domainColumn ? "note" : type}`).join(
    ", ",
  );
  await run("drop table if exists bench");
  await run("drop domain if exists note");
  await run("create domain note as text");
  await run(`create table bench (${definition})`);
  await run("checkpoint");
}

async function checkTable(): Promise<void> {
  const rows = await run("select count(*)::int as n, count(note)::int as notes from bench");
  const notes = ROWS - Math.ceil(ROWS / 3);
  if (rows[0]?.["n"] !== ROWS || rows[0]?.["notes"] !== notes)
    throw new Error(`Loaded ${JSON.stringify(rows[0])}`);
}

function psql(): Sample {
  const start = performance.now();
  execFileSync(path.join(bin as string, "psql"), [server.url, "-qc", `\\copy bench from '${file}'`]);
  return { seconds: (performance.now() - start) / 1000, megabytes: 0 };
}

async function loadInChild(kind: string): Promise<Sample> {
  const child = fork(new URL("load-once.ts", import.meta.url), [kind, server.url, file], {
    execArgv: ["--import", "tsx", "--conditions=@leat/source"],
  });
  const [sample] = (await once(child, "message")) as [Sample];
  await once(child, "exit");
  return sample;
}

async function run(text: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(text);
  await client.end();
  return rows;
}

function print(samples: ReadonlyMap<string, readonly Sample[]>): void {
  const reference = median(samples.get("psql")?.map((sample) => sample.seconds) ?? []);
  for (const [kind, found] of samples) {
    const seconds = median(found.map((sample) => sample.seconds));
    const megabytes = Math.max(...found.map((sample) => sample.megabytes));
    const speed = Math.round(ROWS / seconds / 1000);
    console.log(
      `${kind.padEnd(12)} ${seconds.toFixed(2)} s  ${speed} k rows/s  ${(reference / seconds).toFixed(2)} of psql  ${megabytes.toFixed(0)} MB`,
    );
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
