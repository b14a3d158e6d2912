import { closeSync, existsSync, fsyncSync, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import Database from "libsql";
import type { Database as Queryable, Row } from "./database.ts";
import { ServerError, type ServerErrorCode } from "./errors.ts";

export type Sqlite = InstanceType<typeof Database>;

/** The database is kept in memory only, and gone with the process. */
export const IN_MEMORY = ":memory:";

/** Steps from each version of the schema to the next; the version of a file is the number of steps it has taken. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE entries (
     sequence INTEGER PRIMARY KEY,
     at INTEGER NOT NULL,
     command TEXT NOT NULL,
     command_checksum INTEGER NOT NULL,
     reply_checksum INTEGER NOT NULL
   );
   CREATE TABLE snapshot (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL, config TEXT NOT NULL);
   CREATE TABLE snapshot_parts (
     number INTEGER PRIMARY KEY,
     records TEXT NOT NULL,
     checksum INTEGER NOT NULL
   );`,
  `CREATE TABLE attempts (
     id INTEGER PRIMARY KEY,
     token TEXT NOT NULL,
     task_id TEXT NOT NULL,
     family TEXT NOT NULL,
     params TEXT NOT NULL,
     worker TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     ended_at INTEGER NOT NULL,
     outcome TEXT NOT NULL,
     reason TEXT NOT NULL,
     explanation TEXT
   );
   CREATE INDEX attempts_by_task ON attempts (task_id, id);
   CREATE INDEX attempts_by_family ON attempts (family, id);`,
  `CREATE TABLE logs (id INTEGER PRIMARY KEY, token TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL);
   CREATE INDEX logs_by_token ON logs (token, id);`,
  `CREATE TABLE operations (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, operation TEXT NOT NULL);
   CREATE INDEX attempts_by_end ON attempts (ended_at);`,
  `ALTER TABLE attempts ADD COLUMN outputs TEXT;
   ALTER TABLE attempts ADD COLUMN bytes INTEGER;
   ALTER TABLE attempts ADD COLUMN rows INTEGER;
   CREATE TABLE runs (
     id INTEGER PRIMARY KEY,
     worker TEXT NOT NULL,
     started_at INTEGER NOT NULL,
     ended_at INTEGER,
     info TEXT NOT NULL,
     UNIQUE (worker, started_at)
   );`,
];

/** Version of the schema that this code writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** Opens the file, makes it if it is not there, and brings it to the present version. Nobody else can open it then. */
export function openSqlite(path: string): Sqlite {
  if (path !== IN_MEMORY) makeFolder(path);
  return translating(path, "STATE_UNUSABLE", () => {
    const database = new Database(path, { timeout: 1000 });
    try {
      // The lock keeps a second process away, and ends with this one.
      database.pragma("locking_mode = EXCLUSIVE");
      // Before anything is written: what a later version left stays as it is.
      refuseLater(versionOf(database), path);
      configure(database);
      migrate(database, SCHEMA_VERSION);
      if (path !== IN_MEMORY) extendLog(path);
      return database;
    } catch (error) {
      // It may be locked by another one, or no database at all.
      database.close();
      throw error;
    }
  });
}

function makeFolder(path: string): void {
  const folder = dirname(resolve(path));
  if (existsSync(folder)) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ServerError(
      "STATE_UNUSABLE",
      `Cannot create the folder of the state file "${path}": ${text(error)}`,
      {
        cause: error,
      },
    );
  }
}

/** A commit is written to the log, and {@link LogSync} brings it to the disk: SQLite itself would block for that. */
function configure(database: Sqlite): void {
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = NORMAL");
  database.pragma(`wal_autocheckpoint = ${LOG_PAGES}`);
  database.exec("BEGIN IMMEDIATE; COMMIT");
}

/** Pages of the log after which SQLite brings it into the database, for which it blocks. */
const LOG_PAGES = 2000;

/** A page of 4096 bytes takes 24 more in the log, which begins with 32. */
const LOG_BYTES = 32 + LOG_PAGES * (4096 + 24);

/**
 * Gives the log its full length at once. To bring a file to the disk that has grown is several times as slow as one that was
 * overwritten: the file system then writes its own journal as well, with all that other programs have in it. Zeros are no
 * frames of a log, so SQLite takes them for its end.
 */
function extendLog(path: string): void {
  const log = openSync(`${path}-wal`, "r+");
  try {
    const { size } = fstatSync(log);
    if (size < LOG_BYTES) writeSync(log, Buffer.alloc(LOG_BYTES - size), 0, LOG_BYTES - size, size);
    fsyncSync(log);
  } finally {
    closeSync(log);
  }
}

/**
 * Closes the file so that others can open it. The driver keeps its connection for as long as a statement is in memory,
 * so the lock is given up first; in exclusive mode that is possible only without a write-ahead log.
 */
export function closeSqlite(database: Sqlite): void {
  database.pragma("journal_mode = DELETE");
  database.pragma("locking_mode = NORMAL");
  database.prepare("SELECT count(*) FROM sqlite_schema").all();
  database.close();
}

function refuseLater(version: number, path: string): void {
  if (version <= MIGRATIONS.length) return;
  throw new ServerError(
    "STATE_TOO_NEW",
    `The state file "${path}" has version ${version}, and this leatd knows versions up to ${MIGRATIONS.length}. ` +
      "Use the leatd that wrote it, or a later one.",
  );
}

/** Takes the steps up to a version, in one transaction. */
export function migrate(database: Sqlite, version: number): void {
  const present = versionOf(database);
  if (present >= version) return;
  inTransaction(database, () => {
    for (const step of MIGRATIONS.slice(present, version)) database.exec(step);
    database.pragma(`user_version = ${version}`);
  });
}

function versionOf(database: Sqlite): number {
  const [row] = database.prepare("PRAGMA user_version").raw().all() as [number][];
  return row?.[0] ?? 0;
}

/** All of `work` becomes durable, or nothing of it. */
export function inTransaction(database: Sqlite, work: () => void): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    work();
    database.exec("COMMIT");
  } catch (error) {
    if (database.inTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

const HINTS: { readonly [code: string]: readonly [ServerErrorCode, hint: string] } = {
  SQLITE_BUSY: ["STATE_LOCKED", "Another leatd uses it. Stop that one, or give this one another --state."],
  SQLITE_LOCKED: ["STATE_LOCKED", "Another leatd uses it. Stop that one, or give this one another --state."],
  SQLITE_NOTADB: ["STATE_DAMAGED", "It is not a state file of leatd. Give another --state, or move it away."],
  SQLITE_CORRUPT: [
    "STATE_DAMAGED",
    "Its contents are broken. Restore it from a backup, or move it away to start anew.",
  ],
  SQLITE_FULL: ["STATE_FAILED", "The disk is full."],
};

/** Runs `work`; what SQLite throws becomes a `ServerError` that names the file, with `fallback` for unforeseen codes. */
export function translating<T>(path: string, fallback: ServerErrorCode, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ServerError) throw error;
    const [code, hint] = HINTS[codeOf(error)] ?? [
      fallback,
      "Is it a file in a folder where leatd may write?",
    ];
    throw new ServerError(code, `The state file "${path}" cannot be used: ${text(error)}. ${hint}`, {
      cause: error,
    });
  }
}

/** `$1` has another meaning in SQLite, which writes `?1`. */
function numbered(sql: string): string {
  return sql.replaceAll("$", "?");
}

/** The file for history and logs. The driver answers at once, and others wait meanwhile. */
export class SqliteRows implements Queryable {
  readonly #database: Sqlite;
  readonly #path: string;

  constructor(database: Sqlite, path: string) {
    this.#database = database;
    this.#path = path;
  }

  async rows(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return translating(
      this.#path,
      "STATE_FAILED",
      () => this.#database.prepare(numbered(sql)).all(...values) as Row[],
    );
  }

  async run(sql: string, values: readonly unknown[] = []): Promise<number> {
    return translating(
      this.#path,
      "STATE_FAILED",
      () => this.#database.prepare(numbered(sql)).run(...values).changes,
    );
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
