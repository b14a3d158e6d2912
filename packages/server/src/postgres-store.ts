import { Client, type ClientConfig, Pool, types as pgTypes } from "pg";
import type { Database, Row } from "./database.ts";
import type { ServerErrorCode } from "./errors.ts";
import { placeOf, postgresError } from "./postgres-errors.ts";
import { PostgresJournal } from "./postgres-journal.ts";
import { acquireLeadership } from "./postgres-leadership.ts";
import { migratePostgres } from "./postgres-schema.ts";
import { storable } from "./postgres-text.ts";
import type { Store, StoreOptions } from "./store.ts";

/** Connections for history and logs; the journal has its own. */
const READERS = 4;

const CONNECT_TIMEOUT_MS = 10_000;

/** A server that does not answer for this long is taken to be gone. */
const SILENCE_MS = 15_000;

/** How often an idle leader makes sure that it still leads. */
const CHECK_MS = 2000;

/** What a lost connection costs the others: the server notices within these seconds and frees the lock. */
const SETTINGS = [
  "search_path=leatd",
  "synchronous_commit=on",
  "tcp_keepalives_idle=3",
  "tcp_keepalives_interval=1",
  "tcp_keepalives_count=3",
];

const INT8 = 20;

/** Numbers of commands and times in milliseconds fit into a double. */
const types: NonNullable<ClientConfig["types"]> = {
  getTypeParser: ((oid: number, format: "text") =>
    oid === INT8 ? Number : pgTypes.getTypeParser(oid, format)) as typeof pgTypes.getTypeParser,
};

/** Opens the state in PostgreSQL once this leatd leads. Rejects when the server cannot be used. */
export async function openPostgresStore(options: StoreOptions): Promise<Store> {
  const place = placeOf(options.statePath);
  const config: ClientConfig = {
    connectionString: options.statePath,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: SILENCE_MS,
    keepAlive: true,
    application_name: "leatd",
    options: SETTINGS.map((setting) => `-c ${setting}`).join(" "),
    types,
  };
  const client = new Client(config);
  // Without a listener the loss of the connection would end the process before anybody is told.
  client.on("error", () => undefined);
  try {
    await client.connect();
    await migratePostgres(client, place);
    const epoch = await acquireLeadership(client, options);
    return leadingStore(client, epoch, place, config, options);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw postgresError("STATE_UNUSABLE", place, error);
  }
}

function leadingStore(
  client: Client,
  epoch: number,
  place: string,
  config: ClientConfig,
  { onDeposed }: StoreOptions,
): Store {
  const pool = new Pool({ ...config, max: READERS });
  pool.on("error", () => undefined);
  const lose = (error: Error) => {
    clearInterval(timer);
    onDeposed(postgresError("STATE_LOST", place, error));
  };
  const check = () => client.query("SELECT 1").catch(lose);
  const timer = setInterval(() => void check(), CHECK_MS).unref();
  client.on("error", lose);
  const release = async () => {
    clearInterval(timer);
    client.off("error", lose);
    await pool.end();
    await client.end();
  };
  return {
    journal: new PostgresJournal(client, epoch, place, release),
    database: new PostgresRows(pool, place),
  };
}

/** History and logs in PostgreSQL. */
class PostgresRows implements Database {
  readonly #pool: Pool;
  readonly #place: string;

  constructor(pool: Pool, place: string) {
    this.#pool = pool;
    this.#place = place;
  }

  async rows(sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.#query(sql, values)).rows;
  }

  async run(sql: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.#query(sql, values)).rowCount ?? 0;
  }

  async #query(sql: string, values: readonly unknown[], code: ServerErrorCode = "STATE_FAILED") {
    const kept = values.map((value) => (typeof value === "string" ? storable(value) : value));
    try {
      return await this.#pool.query<Row>(sql, kept);
    } catch (error) {
      throw postgresError(code, this.#place, error);
    }
  }
}
