import { TargetError } from "@leat/core";
import type { Pool } from "pg";
import { withClient } from "./lease.ts";
import { MarkerTable } from "./markers.ts";
import type { PostgresConnection } from "./postgres-options.ts";
import { poolOf } from "./postgres-pool.ts";

/** A server that has not answered a look-up by its key by then does not answer at all. */
const TIMEOUT_MS = 30_000;

/** Looks for markers of one table, one query at a time: what is asked meanwhile goes into the next one together. */
export class MarkerChecks {
  readonly #connection: PostgresConnection;
  readonly #markers: MarkerTable;
  #ids = new Set<string>();
  /** The answer for `#ids`; `undefined` while they are none. */
  #next: Promise<ReadonlySet<string>> | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(connection: PostgresConnection, markers: MarkerTable) {
    this.#connection = connection;
    this.#markers = markers;
  }

  async has(updateId: string): Promise<boolean> {
    this.#ids.add(updateId);
    this.#next ??= this.#ask();
    const found = await this.#next;
    return found.has(updateId);
  }

  async #ask(): Promise<ReadonlySet<string>> {
    await this.#running;
    const ids = [...this.#ids];
    this.#ids = new Set();
    this.#next = undefined;
    const answer = this.#find(ids);
    // Those who asked for it hear of a failure; the next query goes on.
    this.#running = answer.catch(() => {});
    return answer;
  }

  async #find(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await withClient(this.#connection, signal, "look for markers", (client) =>
        this.#markers.existing(client, ids),
      );
    } catch (error) {
      if (!signal.aborted) throw error;
      const message = `PostgreSQL did not say within ${TIMEOUT_MS / 1000} s which markers are there. Check the server.`;
      throw new TargetError("TARGET_TIMEOUT", message, { cause: error, retryable: true });
    }
  }
}

const byPool = new WeakMap<Pool, Map<string, MarkerChecks>>();

/** The checks of a marker table: one object for all targets of a process that use the table. */
export function markerChecks(connection: PostgresConnection, markerTable: string): MarkerChecks {
  const pool = poolOf(connection);
  const checks = byPool.get(pool) ?? new Map<string, MarkerChecks>();
  byPool.set(pool, checks);
  const known = checks.get(markerTable) ?? new MarkerChecks(connection, new MarkerTable(markerTable));
  checks.set(markerTable, known);
  return known;
}
