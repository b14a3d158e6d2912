import { PoolCache } from "@leat/copy-to-table";
import { Pool, type PoolConfig } from "pg";
import { POOL_DEFAULTS, type PostgresConnection } from "./postgres-options.ts";

const pools = new PoolCache<PoolConfig, Pool>(openPool);

/** The pool for a connection: one for each distinct connection in a process, or the user's own. */
export function poolOf(connection: PostgresConnection): Pool {
  return isPool(connection) ? connection : pools.get(configOf(connection));
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
