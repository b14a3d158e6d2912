import { crc32 } from "node:zlib";
import type { Command, SnapshotRecord } from "@leat/scheduler";
import { ServerError } from "./errors.ts";
import type {
  Commit,
  FinishedAttempt,
  Journal,
  JournalConfig,
  JournalContents,
  JournalEntry,
  Snapshot,
} from "./journal.ts";
import { LogSync } from "./log-sync.ts";
import { RowInserter } from "./row-inserter.ts";
import { inParts, isLongJournal } from "./snapshot-parts.ts";
import { closeSqlite, inTransaction, type Sqlite, translating } from "./sqlite-database.ts";

type EntryRow = readonly [
  sequence: number,
  at: number,
  command: string,
  checksum: number,
  replyChecksum: number,
];

const KEEP_RUN = `
  INSERT INTO runs (worker, started_at, ended_at, info) VALUES (?, ?, ?, ?)
  ON CONFLICT (worker, started_at) DO UPDATE SET ended_at = excluded.ended_at, info = excluded.info`;

/** Keeps commands and snapshots in a SQLite database. */
export class SqliteJournal implements Journal {
  /** Each is written at once; what takes time is to bring it to the disk. */
  readonly appendsAtATime = 3;
  readonly #database: Sqlite;
  readonly #path: string;
  readonly #entries: RowInserter;
  readonly #attempts: RowInserter;
  readonly #log: LogSync;
  #entryBytes = 0;
  #snapshotBytes = 0;

  constructor(database: Sqlite, path: string) {
    this.#database = database;
    this.#path = path;
    this.#log = new LogSync(path);
    this.#entries = new RowInserter(database, "entries", "(?, ?, ?, ?, ?)");
    this.#attempts = new RowInserter(database, "attempts", "(NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  }

  get isLong(): boolean {
    return isLongJournal(this.#entryBytes, this.#snapshotBytes);
  }

  async load(): Promise<JournalContents> {
    return translating(this.#path, "STATE_DAMAGED", () => {
      const [row] = this.#rows("SELECT sequence, config FROM snapshot") as [number, string][];
      const snapshot = row && this.#snapshot(row[0], row[1]);
      return { snapshot, entries: this.#entriesAfter(snapshot?.sequence ?? 0) };
    });
  }

  async append({ entries, attempts, operations, runs }: Commit): Promise<void> {
    translating(this.#path, "STATE_FAILED", () =>
      inTransaction(this.#database, () => {
        this.#entries.insert(entries.map((entry) => this.#entryRow(entry)));
        this.#attempts.insert(attempts.map(attemptRow));
        for (const one of operations)
          this.#run("INSERT INTO operations VALUES (NULL, ?, ?)", one.at, JSON.stringify(one));
        for (const { worker, startedAt, endedAt, info } of runs)
          this.#run(KEEP_RUN, worker, startedAt, endedAt, JSON.stringify(info));
      }),
    );
    await this.#sync();
  }

  async saveSnapshot({ sequence, config, records }: Snapshot): Promise<void> {
    translating(this.#path, "STATE_FAILED", () =>
      inTransaction(this.#database, () => {
        this.#database.exec("DELETE FROM snapshot_parts; DELETE FROM snapshot");
        this.#run("INSERT INTO snapshot VALUES (1, ?, ?)", sequence, JSON.stringify(config));
        this.#snapshotBytes = this.#keepRecords(records);
        this.#run("DELETE FROM entries WHERE sequence <= ?", sequence);
      }),
    );
    this.#entryBytes = 0;
    await this.#sync();
  }

  async close(): Promise<void> {
    await this.#log.close();
    closeSqlite(this.#database);
  }

  async #sync(): Promise<void> {
    try {
      await this.#log.sync();
    } catch (error) {
      const message = `The state file "${this.#path}" cannot be brought to the disk: ${(error as Error).message}`;
      throw new ServerError("STATE_FAILED", message, { cause: error });
    }
  }

  #entryRow({ sequence, at, command, replyChecksum }: JournalEntry): EntryRow {
    const text = JSON.stringify(command);
    this.#entryBytes += text.length;
    return [sequence, at, text, crc32(text), replyChecksum];
  }

  #keepRecords(records: Iterable<SnapshotRecord>): number {
    const insert = this.#database.prepare("INSERT INTO snapshot_parts VALUES (NULL, ?, ?)");
    let bytes = 0;
    for (const part of inParts(records)) {
      const text = JSON.stringify(part);
      insert.run(text, crc32(text));
      bytes += text.length;
    }
    return bytes;
  }

  #snapshot(sequence: number, config: string): Snapshot {
    return { sequence, config: JSON.parse(config) as JournalConfig, records: this.#records() };
  }

  *#records(): Generator<SnapshotRecord, void, void> {
    const rows = this.#database
      .prepare("SELECT records, checksum, number FROM snapshot_parts ORDER BY number")
      .raw();
    for (const [text, checksum, number] of rows.iterate() as Iterable<[string, number, number]>) {
      if (crc32(text) !== checksum)
        throw this.#damaged(`part ${number} of the snapshot has another checksum than when it was written`);
      yield* JSON.parse(text) as SnapshotRecord[];
    }
  }

  *#entriesAfter(after: number): Generator<JournalEntry, void, void> {
    const rows = this.#database.prepare("SELECT * FROM entries WHERE sequence > ? ORDER BY sequence").raw();
    let expected = after + 1;
    for (const row of rows.iterate(after) as Iterable<EntryRow>) {
      yield this.#entry(row, expected);
      expected += 1;
    }
  }

  #entry([sequence, at, text, checksum, replyChecksum]: EntryRow, expected: number): JournalEntry {
    if (sequence !== expected) throw this.#damaged(`command ${expected} is missing`);
    if (crc32(text) !== checksum)
      throw this.#damaged(`command ${sequence} has another checksum than when it was written`);
    this.#entryBytes += text.length;
    return { sequence, at, command: JSON.parse(text) as Command, replyChecksum };
  }

  #damaged(what: string): ServerError {
    return new ServerError(
      "STATE_DAMAGED",
      `The state file "${this.#path}" is damaged: ${what}. Restore it from a backup, or move it away to start anew.`,
    );
  }

  #rows(sql: string): unknown[] {
    return this.#database.prepare(sql).raw().all();
  }

  #run(sql: string, ...values: unknown[]): void {
    this.#database.prepare(sql).run(...values);
  }
}

function attemptRow(attempt: FinishedAttempt): (string | number | null)[] {
  return [
    attempt.token,
    attempt.taskId,
    attempt.family,
    JSON.stringify(attempt.params),
    attempt.worker,
    attempt.startedAt,
    attempt.endedAt,
    attempt.outcome,
    attempt.reason,
    attempt.explanation,
    attempt.outputs && JSON.stringify(attempt.outputs),
    attempt.bytes,
    attempt.rows,
  ];
}
