import { setImmediate } from "node:timers/promises";
import type { TaskStatus } from "@leat/scheduler";
import type { Database } from "./database.ts";
import type { WorkerRun } from "./worker-runs.ts";

/** What came of a run: attempts that ended, and those of them that failed. */
export interface RunCounts {
  readonly attempts: number;
  readonly failures: number;
}

/** Attempts that one statement reads. Between two of them others get their turn. */
const ATTEMPTS_A_SLICE = 1000;

interface Ended {
  readonly id: number;
  readonly worker: string;
  readonly endedAt: number;
  readonly outcome: TaskStatus;
}

/** For each of the runs, in their order. Reads once what ended since the first of them began. */
export async function countByRun(database: Database, runs: readonly WorkerRun[]): Promise<RunCounts[]> {
  const counts = runs.map((run) => ({ run, attempts: 0, failures: 0 }));
  const byWorker = new Map(runs.map(({ worker }) => [worker, [] as typeof counts]));
  for (const count of counts) byWorker.get(count.run.worker)?.push(count);
  for await (const { worker, endedAt, outcome } of endedDuring(database, runs)) {
    for (const count of byWorker.get(worker) ?? []) {
      if (!isWithin(count.run, endedAt)) continue;
      count.attempts += 1;
      if (outcome === "FAILED" || outcome === "DISABLED") count.failures += 1;
    }
  }
  return counts.map(({ attempts, failures }) => ({ attempts, failures }));
}

/** What a worker that is lost had under way ends with it, so the end counts as well. */
function isWithin({ startedAt, endedAt }: WorkerRun, at: number): boolean {
  return at >= startedAt && at <= (endedAt ?? Infinity);
}

async function* endedDuring(
  database: Database,
  runs: readonly WorkerRun[],
): AsyncGenerator<Ended, void, void> {
  if (runs.length === 0) return;
  const until = Math.max(...runs.map(({ endedAt }) => endedAt ?? Number.MAX_SAFE_INTEGER));
  let last = { endedAt: Math.min(...runs.map(({ startedAt }) => startedAt)), id: 0 };
  for (;;) {
    const slice = (await database.rows(SLICE, [
      last.endedAt,
      last.id,
      until,
    ])) as readonly unknown[] as Ended[];
    yield* slice;
    if (slice.length < ATTEMPTS_A_SLICE) return;
    last = slice.at(-1) as Ended;
    await setImmediate();
  }
}

const SLICE = `
  SELECT id, worker, ended_at AS "endedAt", outcome FROM attempts
  WHERE (ended_at, id) > ($1, $2) AND ended_at <= $3 ORDER BY ended_at, id LIMIT ${ATTEMPTS_A_SLICE}`;
