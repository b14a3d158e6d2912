import { Pool, type PoolConfig } from "pg";
import { POOL_DEFAULTS, type PostgresConnection } from "./postgres-options.ts";

/** Pools by connection text. The text has the password in it, as the pool itself has. */
const byText = new Map<string, Pool>();
/** Pools by settings that have functions or other objects in them, which no text can stand for. */
const byObject = new WeakMap<object, Pool>();

/** The pool for a connection: one for each distinct connection in a process, or the user's own. */
export function poolOf(connection: PostgresConnection): Pool {
  if (isPool(connection)) return connection;
  const config = configOf(connection);
  const text = textOf(config);
  const known = text === undefined ? byObject.get(config) : byText.get(text);
  if (known !== undefined) return known;
  const pool = openPool(config);
  if (text === undefined) byObject.set(config, pool);
  else byText.set(text, pool);
  return pool;
}

/** `pg` may be installed twice, so a pool is known by what it can do. */
function isPool(connection: PostgresConnection): connection is Pool {
  return typeof (connection as Pool | undefined)?.connect === "function";
}

/** Where a connection comes from, for messages, when that is not the task itself. */
export function sourceOf(connection: PostgresConnection): string {
  if (connection !== undefined) return "";
  return process.env["DATABASE_URL"]
    ? " of DATABASE_URL"
    : ", as DATABASE_URL is not set, of PGHOST and the like";
}

function configOf(connection: Exclude<PostgresConnection, Pool>): PoolConfig {
  const given = connection ?? process.env["DATABASE_URL"];
  if (typeof given === "object") return given;
  return given === undefined || given === "" ? environmentConfig() : { connectionString: given };
}

/** The variables are part of the settings, so that a change of them gives another pool. `pg` reads them itself. */
function environmentConfig(): PoolConfig {
  const names = Object.keys(process.env).filter((name) => name.startsWith("PG"));
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

function openPool(config: PoolConfig): Pool {
  const pool = new Pool({ ...POOL_DEFAULTS, ...config });
  // An idle connection may end at any time, and then the pool has taken it out. Without a listener the process would end.
  pool.on("error", () => {});
  return pool;
}

function textOf(config: PoolConfig): string | undefined {
  let isPlain = true;
  const text = JSON.stringify(config, (_key, value: unknown) => {
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
