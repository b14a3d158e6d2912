import assert from "node:assert/strict";
import type { RunContext } from "@leat/core";
import {
  assertWhole,
  CRASH_MODES,
  type CrashLoad,
  crashLoad,
  type CrashMode,
  prepareCrashLoad,
  type ProxiedWorkspace,
} from "./crash-loads.ts";
import { runTask } from "./load-workspace.ts";
import { MessageProxy, type StopPoint } from "./message-proxy.ts";

/** Loads under way at the same time: servers accept so many connections, and more. */
export const AT_ONCE = 48;

/** One load and where it is to end. */
export interface Point {
  readonly mode: CrashMode;
  readonly stop: StopPoint;
}

let tables = 0;

/** A load of the suite, with a proxy before it. */
export interface CrashAttempt {
  readonly load: CrashLoad;
  readonly proxy: MessageProxy;
  readonly what: string;
}

export async function openAttempt(
  workspace: ProxiedWorkspace,
  { mode, stop }: Partial<Point> & { mode: CrashMode },
): Promise<CrashAttempt> {
  const direct = new URL(workspace.url);
  const proxy = await MessageProxy.start(Number(direct.port), workspace.messageLength, stop);
  direct.port = String(proxy.port);
  const table = `crash_${++tables}`;
  const load = { url: direct.href, table, markerTable: `${table}_markers`, mode };
  await prepareCrashLoad(workspace, load);
  return { load, proxy, what: `${mode} ${JSON.stringify(stop)}` };
}

/** Every message of a load in this mode: before it is sent, and when it was sent and nothing is answered. */
export async function everyPoint(
  workspace: ProxiedWorkspace,
  mode: CrashMode,
  context: Partial<RunContext> = {},
): Promise<Point[]> {
  const { load, proxy } = await openAttempt(workspace, { mode });
  await runTask(crashLoad(workspace, load), context);
  const { messages } = proxy;
  proxy.close();
  assert.equal(await assertWhole(workspace, load, "a load that nothing ends"), true);
  const points: Point[] = [];
  for (let message = 1; message <= messages; message++)
    for (const sent of [0, 1]) points.push({ mode, stop: { message, sent } });
  return points;
}

export async function everyPointOfAll(
  workspace: ProxiedWorkspace,
  context: Partial<RunContext> = {},
): Promise<Point[]> {
  const points = await Promise.all(CRASH_MODES.map((mode) => everyPoint(workspace, mode, context)));
  return points.flat();
}

export async function inBatches(
  points: readonly Point[],
  work: (batch: readonly Point[]) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < points.length; at += AT_ONCE) await work(points.slice(at, at + AT_ONCE));
}

export function pick(points: readonly Point[], count: number, random: () => number): Point[] {
  return Array.from({ length: count }, () => points[Math.floor(random() * points.length)] as Point);
}

/** Mulberry32: numbers from 0 to 1 that a seed decides. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
