import { UsageError } from "@leat/core";
import type { Pool, PoolConnection } from "mysql2";
import { Client } from "./client.ts";
import { isServerAnswer, mysqlError } from "./mysql-errors.ts";
import type { MysqlConnection } from "./mysql-options.ts";
import { poolOf, socketOf } from "./mysql-pool.ts";
import {
  applySettings,
  BULK_SETTINGS,
  COMMON_SETTINGS,
  restoreSettings,
  type SessionSettings,
} from "./session-settings.ts";

/** Connections of our pools that have the common settings. */
const prepared = new WeakSet<PoolConnection>();

export interface LeaseOptions {
  /** When it aborts, then or later, the connection is cut and what waits for it rejects. */
  readonly signal: AbortSignal | undefined;
  /** `bulk` moves rows, and may take any time; `marker` asks for little, and gives up a server that is silent. */
  readonly purpose: "bulk" | "marker";
}

/** A connection taken from its pool until `release` or `cut`. */
export class Lease {
  readonly client: Client;
  readonly #connection: PoolConnection;
  readonly #signal: AbortSignal | undefined;
  #toRestore: SessionSettings = {};
  #isOver = false;

  /** Takes a connection and sets up its session. */
  static async take(connection: MysqlConnection, options: LeaseOptions): Promise<Lease> {
    options.signal?.throwIfAborted();
    const { pool, isOurs } = poolOf(connection);
    const lease = new Lease(await connect(pool), options);
    try {
      if (options.signal?.aborted) lease.cut();
      options.signal?.throwIfAborted();
      await lease.#prepare(isOurs, options.purpose);
      return lease;
    } catch (error) {
      lease.cut();
      options.signal?.throwIfAborted();
      throw mysqlError(error, "set up a session");
    }
  }

  private constructor(connection: PoolConnection, { signal, purpose }: LeaseOptions) {
    this.#connection = connection;
    this.client = new Client(connection, purpose === "bulk" ? undefined : connection.config.connectTimeout);
    this.#signal = signal;
    // A connection that is lost between two statements tells so by this event alone, and the next statement rejects.
    connection.on("error", ignore);
    signal?.addEventListener("abort", this.cut, { once: true });
  }

  /** Gives the connection back to the pool, as it was if the pool is the user's. Never rejects. */
  async release(): Promise<void> {
    if (this.#isOver) return;
    try {
      if (Object.keys(this.#toRestore).length > 0) await restoreSettings(this.client, this.#toRestore);
      if (this.#end()) this.#connection.release();
    } catch {
      this.cut();
    }
    this.#connection.off("error", ignore);
  }

  /** Ends the connection at once. The server then rolls back what was not committed. */
  readonly cut = (): void => {
    if (!this.#end()) return;
    // The driver's own `destroy` leaves statements that wait for an answer pending for ever. The listener of errors stays:
    // the driver tells of an end more than once.
    socketOf(this.#connection).destroy(new Error("The connection was cut."));
    this.#connection.destroy();
  };

  #end(): boolean {
    if (this.#isOver) return false;
    this.#isOver = true;
    this.#signal?.removeEventListener("abort", this.cut);
    return true;
  }

  async #prepare(isOurs: boolean, purpose: LeaseOptions["purpose"]): Promise<void> {
    checkCharset(this.#connection);
    const common = isOurs && prepared.has(this.#connection) ? {} : COMMON_SETTINGS;
    const bulk = purpose === "bulk" ? BULK_SETTINGS : {};
    const settings = { ...common, ...bulk };
    if (Object.keys(settings).length > 0) await applySettings(this.client, settings);
    if (isOurs) prepared.add(this.#connection);
    this.#toRestore = isOurs ? bulk : settings;
  }
}

function connect(pool: Pool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => {
      if (error === null) resolve(connection);
      else reject(mysqlError(error, "connect to MySQL"));
    });
  });
}

/** The driver encodes text by its setting, whatever the session says. */
export function checkCharset(connection: PoolConnection): void {
  const { clientEncoding } = connection as unknown as { readonly clientEncoding: string };
  if (clientEncoding === "utf8") return;
  throw new UsageError(
    "OPTION_INVALID",
    `The connection to MySQL has the character set ${clientEncoding}. Set charset to utf8mb4, or leave it out.`,
  );
}

function ignore(): void {}

/** Runs `work` with a connection, which is cut when `signal` aborts or the connection fails. */
export async function withClient<T>(
  connection: MysqlConnection,
  signal: AbortSignal | undefined,
  action: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const lease = await Lease.take(connection, { signal, purpose: "marker" });
  try {
    return await work(lease.client);
  } catch (error) {
    if (!isServerAnswer(error)) lease.cut();
    signal?.throwIfAborted();
    throw mysqlError(error, action);
  } finally {
    await lease.release();
  }
}
