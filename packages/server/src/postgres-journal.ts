import { crc32 } from "node:zlib";
import type { Command, SnapshotRecord } from "@leat/scheduler";
import type { Client, QueryResult } from "pg";
import { ServerError } from "./errors.ts";
import type { Commit, Journal, JournalConfig, JournalContents, JournalEntry, Snapshot } from "./journal.ts";
import { postgresError } from "./postgres-errors.ts";
import { inParts, isLongJournal } from "./snapshot-parts.ts";
import { storable } from "./postgres-text.ts";

/** Entries that are read at a time. */
const PAGE = 5000;

interface EntryRow {
  readonly sequence: number;
  readonly at: number;
  readonly command: string;
  readonly command_checksum: number;
  readonly reply_checksum: number;
}

/**
 * Keeps commands and snapshots in PostgreSQL, over the connection that holds the leadership. Each write names the epoch:
 * once another leatd has begun a new one, every write of this one fails with `STATE_LOST`.
 */
export class PostgresJournal implements Journal {
  /** One connection carries out one statement at a time. */
  readonly appendsAtATime = 1;
  readonly #client: Client;
  readonly #epoch: number;
  readonly #place: string;
  readonly #release: () => Promise<void>;
  #entryBytes = 0;
  #snapshotBytes = 0;

  constructor(client: Client, epoch: number, place: string, release: () => Promise<void>) {
    this.#client = client;
    this.#epoch = epoch;
    this.#place = place;
    this.#release = release;
  }

  get isLong(): boolean {
    return isLongJournal(this.#entryBytes, this.#snapshotBytes);
  }

  async load(): Promise<JournalContents> {
    const { rows } = await this.#query("SELECT sequence, config FROM snapshot");
    const [row] = rows as { sequence: number; config: string }[];
    const snapshot = row && {
      sequence: row.sequence,
      config: JSON.parse(row.config) as JournalConfig,
      records: await this.#records(),
    };
    return { snapshot, entries: this.#entries(snapshot?.sequence ?? 0) };
  }

  /** One statement, so one way to the server and back. */
  async append({ entries, attempts, operations, runs }: Commit): Promise<void> {
    const commands = entries.map(({ command }) => JSON.stringify(command));
    for (const text of commands) this.#entryBytes += text.length;
    const column = <K extends keyof (typeof attempts)[number]>(name: K) => attempts.map((one) => one[name]);
    const { rows } = await this.#query(APPEND, [
      this.#epoch,
      entries.map(({ sequence }) => sequence),
      entries.map(({ at }) => at),
      commands,
      commands.map((text) => crc32(text)),
      entries.map(({ replyChecksum }) => replyChecksum),
      column("token").map(storable),
      column("taskId").map(storable),
      column("family").map(storable),
      column("params").map((params) => JSON.stringify(params)),
      column("worker").map(storable),
      column("startedAt"),
      column("endedAt"),
      column("outcome"),
      column("reason"),
      column("explanation").map((text) => text && storable(text)),
      operations.map(({ at }) => at),
      operations.map((operation) => JSON.stringify(operation)),
      column("outputs").map((outputs) => outputs && JSON.stringify(outputs)),
      column("bytes"),
      column("rows"),
      runs.map(({ worker }) => storable(worker)),
      runs.map(({ startedAt }) => startedAt),
      runs.map(({ endedAt }) => endedAt),
      runs.map(({ info }) => JSON.stringify(info)),
    ]);
    if (rows.length === 0) throw this.#deposed();
  }

  async saveSnapshot({ sequence, config, records }: Snapshot): Promise<void> {
    // All at once: what the scheduler does meanwhile must not come into it.
    const parts = Array.from(inParts(records), (part) => JSON.stringify(part));
    await this.#inTransaction(async () => {
      const { rows } = await this.#query("SELECT FROM leader WHERE epoch = $1 FOR SHARE", [this.#epoch]);
      if (rows.length === 0) throw this.#deposed();
      await this.#query("DELETE FROM snapshot_parts");
      for (const [number, text] of parts.entries()) {
        await this.#query("INSERT INTO snapshot_parts VALUES ($1, $2, $3)", [number, text, crc32(text)]);
      }
      await this.#query(
        `INSERT INTO snapshot VALUES (1, $1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET sequence = $1, config = $2, epoch = $3`,
        [sequence, JSON.stringify(config), this.#epoch],
      );
      await this.#query("DELETE FROM entries WHERE sequence <= $1", [sequence]);
    });
    this.#snapshotBytes = parts.reduce((bytes, text) => bytes + text.length, 0);
    this.#entryBytes = 0;
  }

  close(): Promise<void> {
    return this.#release();
  }

  async #inTransaction(work: () => Promise<void>): Promise<void> {
    await this.#query("BEGIN");
    try {
      await work();
      await this.#query("COMMIT");
    } catch (error) {
      // What went wrong first is what matters; the connection may be gone.
      await this.#client.query("ROLLBACK").catch(() => undefined);
      throw error;
    }
  }

  async #records(): Promise<Iterable<SnapshotRecord>> {
    const { rows } = await this.#query(
      "SELECT records, checksum, number FROM snapshot_parts ORDER BY number",
    );
    return this.#checked(rows as { records: string; checksum: number; number: number }[]);
  }

  *#checked(
    rows: readonly { records: string; checksum: number; number: number }[],
  ): Generator<SnapshotRecord, void, void> {
    for (const { records, checksum, number } of rows) {
      if (crc32(records) !== checksum)
        throw this.#damaged(`part ${number} of the snapshot has another checksum than when it was written`);
      yield* JSON.parse(records) as SnapshotRecord[];
    }
  }

  async *#entries(after: number): AsyncGenerator<JournalEntry, void, void> {
    for (let last = after; ; ) {
      const { rows } = await this.#query(
        `SELECT * FROM entries WHERE sequence > $1 ORDER BY sequence LIMIT ${PAGE}`,
        [last],
      );
      for (const row of rows as EntryRow[]) yield this.#entry(row, ++last);
      if (rows.length < PAGE) return;
    }
  }

  #entry({ sequence, at, command, ...row }: EntryRow, expected: number): JournalEntry {
    if (sequence !== expected) throw this.#damaged(`command ${expected} is missing`);
    if (crc32(command) !== row.command_checksum)
      throw this.#damaged(`command ${sequence} has another checksum than when it was written`);
    this.#entryBytes += command.length;
    return { sequence, at, command: JSON.parse(command) as Command, replyChecksum: row.reply_checksum };
  }

  async #query(sql: string, values: readonly unknown[] = []): Promise<QueryResult> {
    try {
      return await this.#client.query(sql, [...values]);
    } catch (error) {
      throw postgresError("STATE_FAILED", this.#place, error);
    }
  }

  #deposed(): ServerError {
    return new ServerError(
      "STATE_LOST",
      `Another leatd leads with the state in ${this.#place}. This one has written nothing since and stops.`,
    );
  }

  #damaged(what: string): ServerError {
    return new ServerError(
      "STATE_DAMAGED",
      `The state in ${this.#place} is damaged: ${what}. Restore it from a backup, or drop the schema leatd to start anew.`,
    );
  }
}

/** The lock on the leader's row makes a new leader wait for writes that began before it. */
const APPEND = `
  WITH held AS (SELECT epoch FROM leader WHERE epoch = $1 FOR SHARE),
  kept AS (
    INSERT INTO entries
    SELECT new.*, held.epoch FROM held,
      unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[]) AS new
  ),
  ended AS (
    INSERT INTO attempts
      (token, task_id, family, params, worker, started_at, ended_at, outcome, reason, explanation, outputs, bytes, rows)
    SELECT new.* FROM held,
      unnest($7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::bigint[],
        $14::text[], $15::text[], $16::text[], $19::text[], $20::bigint[], $21::bigint[]) AS new
  ),
  done AS (
    INSERT INTO operations (at, operation)
    SELECT new.* FROM held, unnest($17::bigint[], $18::text[]) AS new
  ),
  met AS (
    INSERT INTO runs (worker, started_at, ended_at, info)
    SELECT new.* FROM held, unnest($22::text[], $23::bigint[], $24::bigint[], $25::text[]) AS new
    ON CONFLICT (worker, started_at) DO UPDATE SET ended_at = excluded.ended_at, info = excluded.info
  )
  SELECT epoch FROM held`;
