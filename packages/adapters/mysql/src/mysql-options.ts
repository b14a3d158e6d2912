import type { Pool, PoolOptions } from "mysql2";
import type { Pool as PromisePool } from "mysql2/promise";

/**
 * How to reach a database: a URL (`mysql://user:password@host:3306/database?ssl-mode=VERIFY_IDENTITY`), settings as `mysql2`
 * takes them for a pool, or a pool of the user's own (of `mysql2` or `mysql2/promise`), which Leat uses and never ends.
 * `undefined` stands for the URL in the environment variable MYSQL_URL.
 */
export type MysqlConnection = string | PoolOptions | Pool | PromisePool | undefined;

export interface MysqlTargetOptions {
  /** Default: the environment. */
  readonly connection?: MysqlConnection;
  /** The table that holds markers: `table` or `database.table`. Default `table_updates`, as in Luigi. */
  readonly markerTable?: string;
}

export const MARKER_TABLE = "table_updates";

/** Applied to the pools that Leat makes; a user's settings come before them. */
export const POOL_DEFAULTS = {
  // A ceiling, not a size: connections are opened when needed, and servers have 151 for everybody unless configured.
  connectionLimit: 20,
  // The time that the server has to accept a connection, and to answer about a marker.
  connectTimeout: 10_000,
  // Loads may pause for long while rows are made; address translators forget silent connections.
  enableKeepAlive: true,
  connectAttributes: { program_name: "leat" },
} satisfies PoolOptions;
