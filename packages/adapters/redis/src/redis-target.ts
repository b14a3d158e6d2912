import { type OperationOptions, Target, UsageError } from "@leat/core";
import { type RedisClient, withClient } from "./redis-client.ts";
import { DEFAULT_PREFIX, type RedisConnection, type RedisTargetOptions } from "./redis-options.ts";

/**
 * Writes a marker, its time and its expiry in one step. Other data under the key is refused. Gives 1 when there was no marker.
 * The hash is what Luigi writes, so that each counts the other's markers.
 */
const TOUCH = `
local kind = redis.call("TYPE", KEYS[1]).ok
local known = kind == "hash" and redis.call("HGET", KEYS[1], "update_id")
if kind ~= "none" and known ~= ARGV[1] then
  return redis.error_reply("FOREIGN the key holds something that is not this marker")
end
redis.call("HSET", KEYS[1], "update_id", ARGV[1], "date", ARGV[2])
if ARGV[3] == "" then redis.call("PERSIST", KEYS[1]) else redis.call("EXPIRE", KEYS[1], ARGV[3]) end
return kind == "none" and 1 or 0`;

/** Tells by one number for each key: 0 nothing there, 1 the marker, 2 something else. */
const LOOK = `
local kind = redis.call("TYPE", KEYS[1]).ok
if kind == "none" then return 0 end
if kind == "hash" and redis.call("HGET", KEYS[1], "update_id") == ARGV[1] then return 1 end
return 2`;

const BATCH = 1000;

/**
 * A marker in Redis: a key that says that something is done. It lasts as long as the server keeps its data: see its settings for
 * persistence and eviction.
 */
export class RedisTarget extends Target {
  /** What these markers can do, and what not. */
  static readonly capabilities = { transactional: false, expiry: true } as const;

  readonly updateId: string;
  readonly key: string;
  readonly #connection: RedisConnection;
  readonly #expirySeconds: number | undefined;

  /** @param updateId what is done; usually the id of the task */
  constructor(updateId: string, options: RedisTargetOptions = {}) {
    super();
    this.updateId = updateId;
    this.key = `${options.prefix ?? DEFAULT_PREFIX}:${updateId}`;
    this.#connection = options.connection;
    this.#expirySeconds = checkedExpiry(options.expirySeconds);
  }

  /** `TARGET_UNAVAILABLE`, `TARGET_TIMEOUT`, `TARGET_FORBIDDEN`; `TARGET_CONFLICT` when the key holds something else. */
  override exists(options: OperationOptions = {}): Promise<boolean> {
    return this.#use("look for", options, async (client) =>
      isMarker(await client.eval(LOOK, 1, this.key, this.updateId), this.key),
    );
  }

  /** Writes the marker; one that is there gets the present time and expiry. Tells whether it was this call that made it. */
  async touch(options: OperationOptions = {}): Promise<boolean> {
    const expiry = this.#expirySeconds ?? "";
    const made = await this.#use("write", options, (client) =>
      client.eval(TOUCH, 1, this.key, this.updateId, new Date().toISOString(), expiry),
    );
    return made === 1;
  }

  /** Takes the marker away. Tells whether it was there. `TARGET_CONFLICT` when the key holds something else. */
  override async remove(options: OperationOptions = {}): Promise<boolean> {
    if (!(await this.exists(options))) return false;
    return (await this.#use("remove", options, (client) => client.unlink(this.key))) === 1;
  }

  override toString(): string {
    return this.key;
  }

  #use<T>(
    action: string,
    { signal }: OperationOptions,
    work: (client: RedisClient) => Promise<T>,
  ): Promise<T> {
    return withClient(this.#connection, `${action} the marker ${this.key}`, signal, work);
  }
}

/** Those of the ids that have a marker, asked for in one round trip a thousand. */
export async function findMarkers(
  updateIds: readonly string[],
  options: Omit<RedisTargetOptions, "expirySeconds"> & OperationOptions = {},
): Promise<ReadonlySet<string>> {
  const prefix = options.prefix ?? DEFAULT_PREFIX;
  const found = new Set<string>();
  await withClient(options.connection, "look for markers", options.signal, async (client) => {
    for (let at = 0; at < updateIds.length; at += BATCH) {
      const ids = updateIds.slice(at, at + BATCH);
      const answers = await lookForAll(client, ids, prefix);
      ids.forEach((id, index) => isMarker(answers[index], `${prefix}:${id}`) && found.add(id));
    }
  });
  return found;
}

/** Asks for all at once: in one pipeline, which a cluster does not have for keys of several nodes. */
async function lookForAll(client: RedisClient, ids: readonly string[], prefix: string): Promise<unknown[]> {
  const question = (id: string) => [LOOK, 1, `${prefix}:${id}`, id] as const;
  if (client.isCluster) return Promise.all(ids.map((id) => client.eval(...question(id))));
  const pipeline = client.pipeline();
  for (const id of ids) pipeline.eval(...question(id));
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, answer]) => {
    if (error !== null) throw error;
    return answer;
  });
}

function isMarker(answer: unknown, key: string): boolean {
  if (answer === 2) throw new Error(`FOREIGN the key ${key} holds something that is not its marker`);
  return answer === 1;
}

function checkedExpiry(seconds: number | undefined): number | undefined {
  if (seconds === undefined || (Number.isSafeInteger(seconds) && seconds > 0)) return seconds;
  throw new UsageError(
    "OPTION_INVALID",
    `The expiry ${seconds} is not a whole number of seconds of at least 1.`,
  );
}
