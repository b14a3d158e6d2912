/** What the benchmarks of loads share: kinds of loads that are run in turn, what they cost, and a table of medians. */
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { luigiPrograms } from "@leat-internal/dev-servers";
import { cpuOfChildren, cpuOfTree } from "./cpu-time.ts";
import { makeLine, ROWS } from "./rows.ts";

const ROUNDS = Number(process.env["LEAT_BENCH_ROUNDS"] ?? 5);

/** What one load took. */
export interface Load {
  readonly seconds: number;
  /** Seconds of the client's processor. */
  readonly cpu: number;
  /** The most memory that the client had. */
  readonly megabytes: number;
  /** What it had before the load. */
  readonly megabytesBefore: number;
}

interface Sample extends Load {
  readonly serverCpu: number;
}

export interface LoadBench {
  /** Kinds of loads by name. The first is what the others are compared with. Each gets a file of the rows. */
  readonly kinds: Readonly<Record<string, (file: string) => Load | Promise<Load>>>;
  readonly serverPid: number;
  /** Makes an empty table. */
  reset(kind: string): Promise<void>;
  /** Rows in the table, and those that have a note. */
  count(): Promise<{ readonly rows: number; readonly notes: number }>;
}

/**
 * Runs all kinds in turn and prints medians. LEAT_BENCH_ROWS and LEAT_BENCH_ROUNDS change the numbers of rows and rounds;
 * LEAT_BENCH_KINDS names some of the kinds, with commas between.
 */
export async function benchLoads(bench: LoadBench): Promise<void> {
  const chosen = process.env["LEAT_BENCH_KINDS"]?.split(",");
  const kinds = Object.keys(bench.kinds).filter((kind) => chosen?.includes(kind) ?? true);
  const folder = mkdtempSync(path.join(os.tmpdir(), "leat-bench-"));
  const loadBefore = os.loadavg();
  try {
    const file = writeRows(path.join(folder, "rows.tsv"));
    const samples = new Map<string, Sample[]>(kinds.map((kind) => [kind, []]));
    for (let round = 0; round <= ROUNDS; round++) {
      for (const kind of kinds) {
        const sample = await measure(bench, kind, file);
        // The first round fills caches.
        if (round > 0 || ROUNDS === 1) samples.get(kind)?.push(sample);
      }
      if (ROUNDS === 1) break;
    }
    print(samples, loadBefore);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeRows(file: string): string {
  writeFileSync(file, "");
  for (let start = 0; start < ROWS; start += 10_000) {
    const lines = Array.from({ length: Math.min(10_000, ROWS - start) }, (_, index) =>
      makeLine(start + index),
    );
    writeFileSync(file, lines.join(""), { flag: "a" });
  }
  return file;
}

async function measure(bench: LoadBench, kind: string, file: string): Promise<Sample> {
  await bench.reset(kind);
  const before = cpuOfTree(bench.serverPid);
  const load = await bench.kinds[kind]?.(file);
  if (load === undefined) throw new Error(`There is no kind ${kind}`);
  const serverCpu = cpuOfTree(bench.serverPid) - before;
  const { rows, notes } = await bench.count();
  const expected = ROWS - Math.ceil(ROWS / 3);
  if (rows !== ROWS || notes !== expected) throw new Error(`${kind} loaded ${rows} rows and ${notes} notes`);
  return { ...load, serverCpu };
}

/** Runs a program that loads the file; the time is that of the whole program. */
export function program(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Load {
  const start = performance.now();
  const before = cpuOfChildren();
  execFileSync(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "inherit"] });
  const seconds = (performance.now() - start) / 1000;
  return { seconds, cpu: cpuOfChildren() - before, megabytes: Number.NaN, megabytesBefore: Number.NaN };
}

/** Runs a module in a process of its own, which sends its `Load`. */
export async function child(module: URL, args: readonly string[]): Promise<Load> {
  const started = fork(module, args, { execArgv: [] });
  const [load] = (await once(started, "message")) as [Load];
  await once(started, "exit");
  return load;
}

/** Runs a Python script beside the module with Luigi; the last line that it prints is its `Load`. */
export function luigi(script: URL, args: readonly string[], packages: readonly string[]): Load {
  const python = path.join(luigiPrograms(packages), "python");
  const output = execFileSync(python, [script.pathname, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  return JSON.parse(output.toString().trim().split("\n").at(-1) ?? "") as Load;
}

function print(samples: ReadonlyMap<string, readonly Sample[]>, loadBefore: readonly number[]): void {
  const load = (averages: readonly number[]): string => averages[0]?.toFixed(1) ?? "?";
  console.log(
    `${ROWS} rows, ${ROUNDS} rounds, Node ${process.version}, ${os.cpus().length} processors, load ${load(loadBefore)} before and ${load(os.loadavg())} after`,
  );
  console.log(
    "kind           seconds (lowest to highest)   k rows/s   ratio   CPU s: client + server   ratio  MB before, most",
  );
  const [reference] = samples.values();
  for (const [kind, found] of samples) console.log(line(kind, found, reference ?? found));
  console.log(slowerKinds(samples));
}

/** Says which kinds of Leat's take longer than the native one. */
function slowerKinds(samples: ReadonlyMap<string, readonly Sample[]>): string {
  const [[native = "", fastest = []] = [], ...others] = samples;
  const secondsOf = (found: readonly Sample[]) => median(found.map(({ seconds }) => seconds));
  const slower = others.filter(([kind, found]) => kind !== "luigi" && secondsOf(found) > secondsOf(fastest));
  const kinds = slower.map(([kind]) => kind).join(", ");
  return kinds === "" ? `No kind is slower than ${native}.` : `Slower than ${native}: ${kinds}.`;
}

function line(kind: string, found: readonly Sample[], reference: readonly Sample[]): string {
  const of = (all: readonly Sample[], pick: (sample: Sample) => number): number => median(all.map(pick));
  const all = found.map(({ seconds }) => seconds);
  const seconds = median(all);
  const total = (sample: Sample): number => sample.cpu + sample.serverCpu;
  const megabytes = Math.max(...found.map((sample) => sample.megabytes));
  const before = of(found, (sample) => sample.megabytesBefore);
  return [
    kind.padEnd(12),
    `${seconds.toFixed(2)} (${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)})`.padStart(29),
    String(Math.round(ROWS / seconds / 1000)).padStart(10),
    (of(reference, (sample) => sample.seconds) / seconds).toFixed(2).padStart(7),
    `${of(found, ({ cpu }) => cpu).toFixed(2)} + ${of(found, ({ serverCpu }) => serverCpu).toFixed(2)}`.padStart(
      24,
    ),
    (of(reference, total) / of(found, total)).toFixed(2).padStart(7),
    (Number.isNaN(megabytes) ? "" : `${before.toFixed(0)}, ${megabytes.toFixed(0)}`).padStart(16),
  ].join(" ");
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
