import { UsageError } from "@leat/core";
import type { PoolClient } from "pg";
import { postgresError } from "./postgres-errors.ts";
import type { PostgresConnection } from "./postgres-options.ts";
import { poolOf, sourceOf } from "./postgres-pool.ts";

/** A connection taken from its pool until `release` or `cut`. */
export class Lease {
  readonly client: PoolClient;
  readonly #signal: AbortSignal | undefined;
  #isOver = false;

  /** Takes a connection. When `signal` aborts, then or later, the connection is cut and what waits for it rejects. */
  static async take(connection: PostgresConnection, signal?: AbortSignal): Promise<Lease> {
    signal?.throwIfAborted();
    let client: PoolClient;
    try {
      client = await poolOf(connection).connect();
    } catch (error) {
      throw postgresError(error, `connect to PostgreSQL${sourceOf(connection)}`);
    }
    const lease = new Lease(client, signal);
    lease.#refuseNative();
    if (signal?.aborted) lease.cut();
    signal?.throwIfAborted();
    return lease;
  }

  private constructor(client: PoolClient, signal: AbortSignal | undefined) {
    this.client = client;
    this.#signal = signal;
    // A connection that is lost between two statements tells so by this event alone, and the next statement rejects.
    client.on("error", ignore);
    signal?.addEventListener("abort", this.cut, { once: true });
  }

  #refuseNative(): void {
    if (!("native" in this.client)) return;
    this.release();
    throw new UsageError(
      "OPTION_INVALID",
      "The pool is of pg.native, which cannot COPY. Give one of pg.Pool.",
    );
  }

  /** Gives a sound connection back to the pool; the pool drops one that was lost. */
  release(): void {
    this.#end(false);
  }

  /** Ends the connection at once. The server then rolls back what was not committed. */
  readonly cut = (): void => {
    this.#end(true);
  };

  #end(destroy: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#signal?.removeEventListener("abort", this.cut);
    this.client.release(destroy);
    this.client.off("error", ignore);
  }
}

function ignore(): void {}

/** Runs `work` with a connection, which is cut when `signal` aborts. */
export async function withClient<T>(
  connection: PostgresConnection,
  signal: AbortSignal | undefined,
  action: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const lease = await Lease.take(connection, signal);
  try {
    return await work(lease.client);
  } catch (error) {
    signal?.throwIfAborted();
    throw postgresError(error, action);
  } finally {
    lease.release();
  }
}
