import type { FinishedAttempt } from "./journal.ts";
import { type Sqlite, translating } from "./sqlite-database.ts";

/** What was run: the attempts that ended. */
export interface History {
  /** Newest first. */
  attempts(query: AttemptQuery): AttemptPage;
  /** Forgets attempts that ended before the time. Returns how many there were. */
  forget(before: number): number;
}

export interface AttemptQuery {
  readonly taskId?: string | undefined;
  readonly family?: string | undefined;
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: number | undefined;
}

export interface AttemptPage {
  readonly attempts: readonly FinishedAttempt[];
  readonly nextCursor: number | null;
}

interface Row {
  readonly id: number;
  readonly token: string;
  readonly task_id: string;
  readonly family: string;
  readonly params: string;
  readonly worker: string;
  readonly started_at: number;
  readonly ended_at: number;
  readonly outcome: FinishedAttempt["outcome"];
  readonly reason: FinishedAttempt["reason"];
  readonly explanation: string | null;
}

/** Reads the attempts that the journal keeps in the same database. */
export class SqliteHistory implements History {
  readonly #database: Sqlite;
  readonly #path: string;

  constructor(database: Sqlite, path: string) {
    this.#database = database;
    this.#path = path;
  }

  attempts({ taskId, family, limit, cursor }: AttemptQuery): AttemptPage {
    const conditions = [
      ["task_id = ?", taskId],
      ["family = ?", family],
      ["id < ?", cursor],
    ].filter(([, value]) => value !== undefined);
    const where = conditions.length === 0 ? "" : `WHERE ${conditions.map(([sql]) => sql).join(" AND ")}`;
    const rows = this.#rows(`SELECT * FROM attempts ${where} ORDER BY id DESC LIMIT ?`, [
      ...conditions.map(([, value]) => value),
      limit + 1,
    ]);
    const shown = rows.slice(0, limit);
    return {
      attempts: shown.map(toAttempt),
      nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null,
    };
  }

  forget(before: number): number {
    return translating(this.#path, "STATE_FAILED", () =>
      this.#database.prepare("DELETE FROM attempts WHERE ended_at < ?").run(before),
    ).changes;
  }

  #rows(sql: string, values: readonly unknown[]): Row[] {
    return translating(this.#path, "STATE_FAILED", () => this.#database.prepare(sql).all(...values)) as Row[];
  }
}

function toAttempt(row: Row): FinishedAttempt {
  return {
    token: row.token,
    taskId: row.task_id,
    family: row.family,
    params: JSON.parse(row.params) as FinishedAttempt["params"],
    worker: row.worker,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outcome: row.outcome,
    reason: row.reason,
    explanation: row.explanation,
  };
}
