import type { Cluster, Redis, RedisOptions } from "ioredis";

/**
 * How to reach a server: a URL (`redis://user:password@host:6379/2`, `rediss://…` with TLS), settings as ioredis takes them, or
 * a client of the user's own, which Leat uses and never ends. `undefined` stands for the environment variable REDIS_URL.
 */
export type RedisConnection = string | RedisOptions | Redis | Cluster | undefined;

export interface RedisTargetOptions {
  /** Default: the environment. */
  readonly connection?: RedisConnection;
  /**
   * Stands before the id in the key, with a colon between. Default `luigi`, as in Luigi. On a cluster a prefix in braces keeps
   * all markers on one node: `{etl}`.
   */
  readonly prefix?: string;
  /** How long the marker lasts, in whole seconds of at least 1. Default for ever, as far as the server keeps its data. */
  readonly expirySeconds?: number;
}

export const DEFAULT_PREFIX = "luigi";

/** Applied to the clients that Leat makes; a user's settings come before them. */
export const CLIENT_DEFAULTS = {
  connectionName: "leat",
  connectTimeout: 10_000,
  // A server that accepts and never answers would otherwise be waited for without end.
  commandTimeout: 10_000,
  // By default a command waits through 20 reconnections, more than a minute: an outage should be told at once.
  maxRetriesPerRequest: 0,
  retryStrategy: () => null,
  lazyConnect: true,
} satisfies RedisOptions;
