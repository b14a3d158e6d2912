import { type Cluster, Redis, type RedisOptions } from "ioredis";
import { UsageError } from "@leat/core";
import { CLIENT_DEFAULTS, type RedisConnection } from "./redis-options.ts";
import { redisError } from "./redis-errors.ts";

export type RedisClient = Redis | Cluster;

/** A client without work is closed after this time: it would keep a finished process alive. */
const IDLE_MS = 500;

/** One client of ours, shared by all that use the same connection. */
interface Shared {
  readonly ready: Promise<Redis>;
  users: number;
  idle: NodeJS.Timeout | undefined;
}

const shared = new Map<string, Shared>();

/**
 * Runs `work` with a client for the connection.
 *
 * @param action what is done, for messages: `look for the marker …`
 */
export async function withClient<T>(
  connection: RedisConnection,
  action: string,
  signal: AbortSignal | undefined,
  work: (client: RedisClient) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  try {
    return await untilAborted(signal, use(connection, work));
  } catch (error) {
    signal?.throwIfAborted();
    throw redisError(error, action);
  }
}

async function use<T>(connection: RedisConnection, work: (client: RedisClient) => Promise<T>): Promise<T> {
  if (isClient(connection)) return work(connection);
  const key = keyOf(connection);
  const client = shared.get(key) ?? open(key, connection);
  client.users++;
  clearTimeout(client.idle);
  try {
    return await work(await client.ready);
  } finally {
    if (--client.users === 0) client.idle = setTimeout(() => close(key, client), IDLE_MS);
  }
}

/** ioredis may be installed twice, so a client is known by what it can do. */
function isClient(connection: RedisConnection): connection is RedisClient {
  return typeof (connection as RedisClient | undefined)?.pipeline === "function";
}

/** The settings as text. It has the password in it, as the client itself has. */
function keyOf(connection: Exclude<RedisConnection, RedisClient>): string {
  return JSON.stringify(connection ?? process.env["REDIS_URL"] ?? null);
}

function open(key: string, connection: Exclude<RedisConnection, RedisClient>): Shared {
  const client: Shared = { ready: connect(connection), users: 0, idle: undefined };
  shared.set(key, client);
  // A client that has lost its connection is not used again: the next use opens another one.
  const forgetIt = () => forget(key, client);
  client.ready.then((redis) => redis.once("close", forgetIt), forgetIt);
  return client;
}

async function connect(connection: Exclude<RedisConnection, RedisClient>): Promise<Redis> {
  const redis = newClient(connection ?? process.env["REDIS_URL"]);
  let failure: unknown;
  // Errors of a connection come by this event; without a listener they would be printed.
  redis.on("error", (error) => (failure ??= error));
  try {
    await redis.connect();
    // When the first SELECT fails, ioredis goes on with database 0.
    await redis.select(redis.options.db ?? 0);
    return redis;
  } catch (error) {
    redis.disconnect();
    // "Connection is closed" says less than what closed it.
    throw failure ?? error;
  }
}

function newClient(connection: string | RedisOptions | undefined): Redis {
  if (connection === undefined || connection === "") {
    const cure = "Set it to a URL such as redis://localhost:6379, or give the option connection.";
    throw new UsageError("OPTION_INVALID", `There is no Redis to connect to: REDIS_URL is not set. ${cure}`);
  }
  if (typeof connection === "string") return new Redis(connection, CLIENT_DEFAULTS);
  const options: RedisOptions = { ...CLIENT_DEFAULTS, ...connection };
  // The constructor's types refuse the package's own options under exactOptionalPropertyTypes, for this one member.
  return new Redis(options as RedisOptions & { replyMapping?: never });
}

function close(key: string, client: Shared): void {
  forget(key, client);
  client.ready.then(
    (redis) => redis.disconnect(),
    () => undefined,
  );
}

function forget(key: string, client: Shared): void {
  if (shared.get(key) === client) shared.delete(key);
}

async function untilAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) return work;
  let stop!: () => void;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
