import type { Database } from "./database.ts";
import type { Journal } from "./journal.ts";
import { SqliteJournal } from "./sqlite-journal.ts";
import { openSqlite, SqliteRows } from "./sqlite-database.ts";

/** Where leatd keeps its state, its history and its logs. */
export interface Store {
  /** Closing it closes everything, so that another leatd can have it. */
  readonly journal: Journal;
  readonly database: Database;
}

/** What a leatd that does not lead knows about the one that does. */
export interface Standby {
  /** Where the leader can be reached, as far as it has said so. */
  readonly leader: string | null;
}

export interface StoreOptions {
  /** SQLite file, `:memory:`, or a PostgreSQL URL. */
  readonly statePath: string;
  /** Where others reach this leatd; kept for those that stand by. */
  readonly url: string;
  /** Ends the waiting for the leadership. */
  readonly signal: AbortSignal;
  /** Told when another one leads, and again when that changes. */
  readonly onStandby: (standby: Standby) => void;
  /** The leadership was lost: nothing can be written any more. */
  readonly onDeposed: (error: Error) => void;
}

/** Whether the state is kept in PostgreSQL. */
function isPostgresUrl(statePath: string): boolean {
  return /^postgres(ql)?:\/\//.test(statePath);
}

/**
 * Opens the store as the only leatd that uses it. A SQLite file that another one uses is refused with `STATE_LOCKED`;
 * for a PostgreSQL it waits until that one is gone.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  if (!isPostgresUrl(options.statePath)) return openSqliteStore(options.statePath);
  // Whoever keeps the state in a file does not pay for the driver.
  const { openPostgresStore } = await import("./postgres-store.ts");
  return openPostgresStore(options);
}

function openSqliteStore(path: string): Store {
  const sqlite = openSqlite(path);
  return { journal: new SqliteJournal(sqlite, path), database: new SqliteRows(sqlite, path) };
}
