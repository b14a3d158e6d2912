import type { Pool, PoolConfig } from "pg";

/**
 * How to reach a database: a URL (`postgres://user:password@host:5432/database?sslmode=verify-full`), settings as `pg` takes
 * them, or a pool of the user's own, which Leat uses and never ends. `undefined` stands for the environment: DATABASE_URL,
 * else PGHOST, PGUSER and the others that `pg` reads.
 */
export type PostgresConnection = string | PoolConfig | Pool | undefined;

export interface PostgresTargetOptions {
  /** Default: the environment. */
  readonly connection?: PostgresConnection;
  /** The table that holds markers: `table` or `schema.table`. Default `table_updates`, as in Luigi. */
  readonly markerTable?: string;
}

export const MARKER_TABLE = "table_updates";

/** Applied to the pools that Leat makes; a user's settings come before them. */
export const POOL_DEFAULTS = {
  // A ceiling, not a size: connections are opened when needed, and PostgreSQL has 100 for everybody unless configured.
  max: 20,
  idleTimeoutMillis: 10_000,
  // A pool without work must not keep a finished process alive.
  allowExitOnIdle: true,
  connectionTimeoutMillis: 10_000,
  // Loads may pause for long while rows are made; address translators forget silent connections.
  keepAlive: true,
  fallback_application_name: "leat",
} satisfies PoolConfig;
