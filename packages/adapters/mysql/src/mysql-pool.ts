import type { Socket } from "node:net";
import { UsageError } from "@leat/core";
import { createPool, type Pool, type PoolConnection, type PoolOptions } from "mysql2";
import type { Pool as PromisePool } from "mysql2/promise";
import { type MysqlConnection, POOL_DEFAULTS } from "./mysql-options.ts";
import { parseMysqlUrl } from "./mysql-url.ts";

/** How long a connection of ours may wait in its pool before it ends. */
const IDLE_TIMEOUT_MS = 10_000;

/** Pools by their settings as text. The text has the password in it, as the pool itself has. */
const byText = new Map<string, Pool>();
/** Pools by settings that have functions or other objects in them, which no text can stand for. */
const byObject = new WeakMap<object, Pool>();

/** A pool, and whether it is ours: then the connections in it keep what we set. */
export interface KnownPool {
  readonly pool: Pool;
  readonly isOurs: boolean;
}

/** The pool for a connection: one for each distinct connection in a process, or the user's own. */
export function poolOf(connection: MysqlConnection): KnownPool {
  if (isPool(connection)) return { pool: "pool" in connection ? connection.pool : connection, isOurs: false };
  const options = optionsOf(connection);
  const text = textOf(options);
  const known = text === undefined ? byObject.get(options) : byText.get(text);
  if (known !== undefined) return { pool: known, isOurs: true };
  const pool = openPool(options);
  if (text === undefined) byObject.set(options, pool);
  else byText.set(text, pool);
  return { pool, isOurs: true };
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

function textOf(options: PoolOptions): string | undefined {
  let isPlain = true;
  const text = JSON.stringify(options, (_key, value: unknown) => {
    if (typeof value === "function" || typeof value === "symbol") isPlain = false;
    return isPlain && isPlainObject(value) ? sortKeys(value) : value;
  });
  return isPlain ? text : undefined;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function sortKeys(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
