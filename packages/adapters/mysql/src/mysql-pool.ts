import type { Socket } from "node:net";
import { PoolCache } from "@leat/copy-to-table";
import { UsageError } from "@leat/core";
import { createPool, type Pool, type PoolConnection, type PoolOptions } from "mysql2";
import type { Pool as PromisePool } from "mysql2/promise";
import { type MysqlConnection, POOL_DEFAULTS } from "./mysql-options.ts";
import { parseMysqlUrl } from "./mysql-url.ts";

/** How long a connection of ours may wait in its pool before it ends. */
const IDLE_TIMEOUT_MS = 10_000;

const pools = new PoolCache<PoolOptions, Pool>(openPool);

/** A pool, and whether it is ours: then the connections in it keep what we set. */
export interface KnownPool {
  readonly pool: Pool;
  readonly isOurs: boolean;
}

/** The pool for a connection: one for each distinct connection in a process, or the user's own. */
export function poolOf(connection: MysqlConnection): KnownPool {
  if (isPool(connection)) return { pool: "pool" in connection ? connection.pool : connection, isOurs: false };
  return { pool: pools.get(optionsOf(connection)), isOurs: true };
}

/** `mysql2` may be installed twice, so a pool is known by what it can do. */
function isPool(connection: MysqlConnection): connection is Pool | (PromisePool & { readonly pool: Pool }) {
  return typeof (connection as Pool | undefined)?.getConnection === "function";
}

function optionsOf(connection: Exclude<MysqlConnection, Pool | PromisePool>): PoolOptions {
  if (typeof connection === "object") return connection;
  const url = connection ?? process.env["MYSQL_URL"];
  if (url !== undefined && url !== "") return parseMysqlUrl(url);
  throw new UsageError(
    "OPTION_INVALID",
    "There is no connection to MySQL. Give connection, or set MYSQL_URL.",
  );
}

function openPool(options: PoolOptions): Pool {
  const settings = { ...POOL_DEFAULTS, ...options };
  const pool = createPool({
    ...settings,
    ...(settings.ssl !== undefined && { ssl: verified(settings.ssl) }),
    // The driver's own timer for idle connections would keep a finished process alive; with this it starts none.
    maxIdle: settings.connectionLimit,
  });
  endWhenIdle(pool);
  return pool;
}

/** The driver verifies the chain of certificates when asked for TLS, and the name of the host only when told to. */
function verified(ssl: NonNullable<PoolOptions["ssl"]>): NonNullable<PoolOptions["ssl"]> {
  if (typeof ssl === "object") return { verifyIdentity: true, ...ssl };
  throw new UsageError(
    "OPTION_INVALID",
    "ssl is not an object. Give { ca }, or {} to trust the authorities of Node.",
  );
}

/** Ends connections that nobody uses for a while; until then they do not keep a finished process alive. */
function endWhenIdle(pool: Pool): void {
  const timers = new WeakMap<PoolConnection, NodeJS.Timeout>();
  pool.on("release", (connection) => {
    socketOf(connection).unref();
    timers.set(connection, setTimeout(() => connection.destroy(), IDLE_TIMEOUT_MS).unref());
  });
  pool.on("acquire", (connection) => {
    clearTimeout(timers.get(connection));
    socketOf(connection).ref();
  });
}

/** The socket of a connection, which the driver's types leave out. */
export function socketOf(connection: PoolConnection): Socket {
  return (connection as unknown as { readonly stream: Socket }).stream;
}
