import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** One of two that are compared: what it is called, and one round of its work in an empty folder. */
export interface Side {
  readonly name: string;
  /** What has to be there before, which is not measured. */
  prepare?(folder: string): Promise<void>;
  run(folder: string): Promise<void>;
}

export interface Comparison {
  /** What is done. */
  readonly title: string;
  readonly ours: Side;
  readonly reference: Side;
}

/** Seconds of both sides over some rounds, and how many times as fast ours is. */
export interface Result {
  readonly title: string;
  readonly ours: Spread;
  readonly reference: Spread & { readonly name: string };
  /** Median of the ratios of the rounds: reference / ours. Above 1 ours is faster. */
  readonly ratio: number;
}

export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Alternates both sides, so that what else the machine does falls on both, and takes medians. */
export async function compare({ title, ours, reference }: Comparison, rounds: number): Promise<Result> {
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    pairs.push([await secondsOf(ours), await secondsOf(reference)]);
  }
  return {
    title,
    ours: spreadOf(pairs.map(([seconds]) => seconds)),
    reference: { name: reference.name, ...spreadOf(pairs.map(([, seconds]) => seconds)) },
    ratio: median(pairs.map(([one, other]) => other / one)),
  };
}

/** Wall time of one round in a folder of its own, which is made before and removed after. */
export async function secondsOf(side: Side): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "leat-bench-"));
  try {
    await side.prepare?.(folder);
    const before = performance.now();
    await side.run(folder);
    return (performance.now() - before) / 1000;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Seconds of one side over some rounds. */
export async function measure(side: Side, rounds: number): Promise<Spread> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) seconds.push(await secondsOf(side));
  return spreadOf(seconds);
}

/** Runs a program to its end. @throws Error with its last output when it fails */
export async function program(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const [file = "", ...rest] = args;
  const child = spawn(file, rest, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-2000)));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}:\n${output}`);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}

/** Median and range. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}

/**
 * How cost grows: the slope of log(cost) over log(n), by least squares. 1 is proportional, 2 quadratic.
 *
 * @param points n and its cost, for at least two n
 */
export function exponentOf(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([n, cost]) => [Math.log(n), Math.log(cost)] as const);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(logs.map(([n]) => n)), mean(logs.map(([, cost]) => cost))];
  const covariance = mean(logs.map(([n, cost]) => (n - x) * (cost - y)));
  return covariance / mean(logs.map(([n]) => (n - x) ** 2));
}
