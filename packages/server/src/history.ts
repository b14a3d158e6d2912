import type { TaskStatus } from "@leat/scheduler";
import type { Database, Row } from "./database.ts";
import type { FinishedAttempt } from "./journal.ts";
import { countByRun, type RunCounts } from "./run-counts.ts";
import type { WorkerRun } from "./worker-runs.ts";

export interface AttemptQuery {
  readonly taskId?: string | undefined;
  readonly family?: string | undefined;
  readonly worker?: string | undefined;
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: number | undefined;
}

export interface AttemptPage {
  readonly attempts: readonly FinishedAttempt[];
  readonly nextCursor: number | null;
}

export interface RunPage {
  readonly runs: readonly (WorkerRun & RunCounts)[];
  readonly nextCursor: number | null;
}

/** How long the attempts at tasks of a family took. */
export interface FamilyTimes {
  readonly family: string;
  readonly attempts: number;
  readonly failures: number;
  /** Half of the attempts, and nineteen of twenty, took at most this long. */
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly lastEndedAt: number;
}

/** Attempts that are looked at for run times; the newest count. */
const MOST_TIMED = 20_000;

/** Ids that one statement names. */
const IDS_AT_A_TIME = 500;

interface Timed {
  readonly family: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: TaskStatus;
}

/** What was run: the attempts that ended, which the journal keeps in the same database. */
export class History {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first. */
  async attempts({ taskId, family, worker, limit, cursor }: AttemptQuery): Promise<AttemptPage> {
    const given: [sql: string, value: unknown][] = [
      ["task_id =", taskId],
      ["family =", family],
      ["worker =", worker],
      ["id <", cursor],
    ];
    const conditions = given.filter(([, value]) => value !== undefined);
    const where = conditions.map(([sql], index) => `${sql} $${index + 1}`).join(" AND ");
    const rows = await this.#database.rows(
      `SELECT * FROM attempts ${where === "" ? "" : `WHERE ${where}`} ORDER BY id DESC LIMIT $${conditions.length + 1}`,
      [...conditions.map(([, value]) => value), limit + 1],
    );
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    return {
      attempts: shown.map(toAttempt),
      nextCursor: rows.length > limit && last !== undefined ? (last["id"] as number) : null,
    };
  }

  /** All attempts at the tasks, oldest first. */
  async attemptsAt(taskIds: readonly string[]): Promise<FinishedAttempt[]> {
    const found: FinishedAttempt[] = [];
    for (let start = 0; start < taskIds.length; start += IDS_AT_A_TIME) {
      const ids = taskIds.slice(start, start + IDS_AT_A_TIME);
      const places = ids.map((_, index) => `$${index + 1}`).join(", ");
      const sql = `SELECT * FROM attempts WHERE task_id IN (${places}) ORDER BY id`;
      found.push(...(await this.#database.rows(sql, ids)).map(toAttempt));
    }
    return found;
  }

  /** By family, of the attempts that ended since the time. */
  async familyTimes(since: number): Promise<FamilyTimes[]> {
    const rows = await this.#database.rows(
      `SELECT family, started_at AS "startedAt", ended_at AS "endedAt", outcome FROM attempts
       WHERE ended_at >= $1 ORDER BY id DESC LIMIT ${MOST_TIMED}`,
      [since],
    );
    const families = new Map<string, Timed[]>();
    for (const row of rows as readonly unknown[] as readonly Timed[]) {
      const timed = families.get(row.family) ?? [];
      families.set(row.family, timed);
      timed.push(row);
    }
    return [...families]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([family, timed]) => timesOf(family, timed));
  }

  /** Newest first. */
  async runs(limit: number, cursor = Number.MAX_SAFE_INTEGER): Promise<RunPage> {
    const rows = await this.#database.rows(RUNS, [cursor, limit + 1]);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const runs = shown.map(toRun);
    const counts = await countByRun(this.#database, runs);
    return {
      runs: runs.map((run, index) => ({ ...run, ...(counts[index] as RunCounts) })),
      nextCursor: rows.length > limit && last !== undefined ? (last["id"] as number) : null,
    };
  }
}

const RUNS = `
  SELECT id, worker, info, started_at AS "startedAt", ended_at AS "endedAt" FROM runs
  WHERE id < $1 ORDER BY id DESC LIMIT $2`;

function toRun({ id: _id, info, ...rest }: Row): WorkerRun {
  return { ...(rest as Omit<WorkerRun, "info">), info: JSON.parse(info as string) as WorkerRun["info"] };
}

function timesOf(family: string, timed: readonly Timed[]): FamilyTimes {
  const durations = timed.map(({ startedAt, endedAt }) => endedAt - startedAt).sort((a, b) => a - b);
  const atMost = (share: number) => durations[Math.ceil(durations.length * share) - 1] as number;
  return {
    family,
    attempts: timed.length,
    failures: timed.filter(({ outcome }) => outcome === "FAILED" || outcome === "DISABLED").length,
    medianMs: atMost(0.5),
    p95Ms: atMost(0.95),
    lastEndedAt: timed.reduce((last, { endedAt }) => Math.max(last, endedAt), 0),
  };
}

function toAttempt(row: Row): FinishedAttempt {
  return {
    token: row["token"] as string,
    taskId: row["task_id"] as string,
    family: row["family"] as string,
    params: JSON.parse(row["params"] as string) as FinishedAttempt["params"],
    worker: row["worker"] as string,
    startedAt: row["started_at"] as number,
    endedAt: row["ended_at"] as number,
    outcome: row["outcome"] as FinishedAttempt["outcome"],
    reason: row["reason"] as FinishedAttempt["reason"],
    explanation: row["explanation"] as string | null,
    outputs: JSON.parse((row["outputs"] as string | null) ?? "null") as FinishedAttempt["outputs"],
    bytes: row["bytes"] as number | null,
    rows: row["rows"] as number | null,
  };
}
