/**
 * Measures loads of half a million rows against `LOAD DATA LOCAL` of a ready text file by the native client, in turn, and prints
 * medians. Run with
 *
 *     npm run bench -w @leat/mysql
 *
 * LEAT_BENCH_ROWS and LEAT_BENCH_ROUNDS change the number of rows and rounds. Needs MariaDB with its client.
 */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { startMariadb } from "@leat-internal/dev-servers";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { COLUMNS, makeLine, ROWS } from "./rows.ts";

const ROUNDS = Number(process.env["LEAT_BENCH_ROUNDS"] ?? 5);
const KINDS = ["native", "rows", "batches", "file", "inserts"];

interface Sample {
  readonly seconds: number;
  readonly megabytes: number;
}

const folder = mkdtempSync(path.join(os.tmpdir(), "leat-bench-"));
const file = path.join(folder, "rows.tsv");
const server = await startMariadb({
  settings: { "innodb-buffer-pool-size": "512M", "innodb-log-file-size": "256M" },
});
const connection = await createConnection(server.url);
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
  await connection.end();
  await server.stop();
  rmSync(folder, { recursive: true });
}

async function writeFile(): Promise<void> {
  const lines = function* () {
    for (let n = 0; n < ROWS; n += 1000)
      yield Array.from({ length: Math.min(1000, ROWS - n) }, (_, i) => makeLine(n + i)).join("");
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
}

async function measure(kind: string): Promise<Sample> {
  await connection.query("drop table if exists bench, table_updates");
  const definition = COLUMNS.map(([name, type]) => `${name} ${type}`).join(", ");
  await connection.query(`create table bench (${definition}) engine = InnoDB`);
  const sample = kind === "native" ? loadByClient() : await loadInChild(kind);
  await checkTable();
  return sample;
}

async function checkTable(): Promise<void> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    "select count(*) as n, count(note) as notes from bench",
  );
  if (row?.["n"] !== ROWS || row["notes"] !== ROWS - Math.ceil(ROWS / 3))
    throw new Error(`Loaded ${JSON.stringify(row)}`);
}

function loadByClient(): Sample {
  const { host, port, user, database } = server;
  const to = [`--host=${host}`, `--port=${port}`, `--user=${user}`, "--local-infile=1", database];
  const load = `load data local infile '${file}' into table bench character set utf8mb4`;
  const start = performance.now();
  // The password is given by the environment: arguments are seen by all.
  execFileSync("mariadb", [...to, "-e", load], { env: { ...process.env, MYSQL_PWD: server.password } });
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

function print(samples: ReadonlyMap<string, readonly Sample[]>): void {
  const medianOf = (kind: string, pick: (sample: Sample) => number): number =>
    median(samples.get(kind)?.map(pick) ?? []);
  const reference = medianOf("native", ({ seconds }) => seconds);
  console.log(`${ROWS} rows, ${ROUNDS} rounds, Node ${process.version}`);
  for (const kind of KINDS) {
    const seconds = medianOf(kind, (sample) => sample.seconds);
    const megabytes = Math.round(medianOf(kind, (sample) => sample.megabytes));
    const shown = [
      kind.padEnd(8),
      `${seconds.toFixed(2)} s`,
      `${(reference / seconds).toFixed(2)} of native`,
    ];
    console.log([...shown, ...(megabytes === 0 ? [] : [`${megabytes} MB`])].join("  "));
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
