import { type OperationOptions, Target, TargetError } from "@leat/core";
import { abortable } from "./abortable.ts";
import { type AttemptOrder, attemptOrder } from "./attempt-order.ts";
import type { Marker } from "./dialect.ts";
import { fencedOff } from "./fenced-off.ts";
import { hasMarker } from "./marker-checks.ts";

/** A server that has not answered a look-up by its key by then does not answer at all. */
const LOOK_TIMEOUT_MS = 30_000;

/** The markers of a database, by a connection that is open. All methods reject with a TargetError. */
export interface MarkerStore {
  /** Those of the ids that have a marker; none while the table of markers is missing. */
  existing(updateIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Writes a marker in a transaction of its own, making the table when it is missing. `false` when the marker is there. */
  write(marker: Marker): Promise<boolean>;
  /**
   * Makes the table of markers when it is missing, and raises the fence for an attempt of a shared scheduler, as
   * `LoadSession.raiseFence` says.
   */
  prepare(updateId: string, attempt: AttemptOrder | undefined): Promise<boolean>;
  /** Takes a marker away. `false` when it is not there. */
  remove(updateId: string): Promise<boolean>;
}

/** Which markers a target is about. */
export interface MarkerPlace {
  /** The pool of connections; targets of one pool and table are looked for together. */
  readonly pool: object;
  readonly markerTable: string;
}

/**
 * A row that says that a load is done. It exists once the transaction that wrote it has committed.
 *
 * The key is `updateId` alone, as in Luigi: the same id for two tables is one marker.
 */
export abstract class MarkerTarget extends Target {
  /** Key of the row; by default the id of the task. */
  readonly updateId: string;
  /** The table that was loaded. Kept beside the key for people; it takes no part in `exists`. */
  readonly table: string;

  constructor(table: string, updateId: string) {
    super();
    this.table = table;
    this.updateId = updateId;
  }

  /**
   * `false` also while the marker table is missing. Targets that are asked at the same time share one question.
   * `TARGET_UNAVAILABLE`, `TARGET_TIMEOUT`, `TARGET_FORBIDDEN`
   */
  override exists({ signal }: OperationOptions = {}): Promise<boolean> {
    return abortable(signal, async () => {
      const { pool, markerTable } = this.place();
      return hasMarker(pool, markerTable, this.updateId, (ids) =>
        inTime((deadline) => this.withStore("look for markers", deadline, (store) => store.existing(ids))),
      );
    });
  }

  /**
   * Writes the marker, making the marker table when it is missing. Tells whether it was this call that wrote it. While a load of
   * the same marker is under way, it waits for the end of that.
   */
  touch({ signal }: OperationOptions = {}): Promise<boolean> {
    return this.#use(`write the marker of ${this}`, signal, (store) => store.write(this));
  }

  /**
   * Says that the attempt with this token does the work now. From then on an earlier one, which its worker goes on with too late,
   * cannot `write` the marker. For tasks with a transaction of their own, before they begin it; loads and tasks of SQL do it by
   * themselves. Without a shared scheduler attempts have no order, and nothing is fenced off.
   *
   * TaskError `TASK_LEASE_LOST` when a newer attempt has said so.
   *
   * @param token that of the context of `run`
   */
  async fence(token: string, { signal }: OperationOptions = {}): Promise<void> {
    const attempt = attemptOrder(token);
    const isNewest = await this.#use(`prepare the marker of ${this}`, signal, (store) =>
      store.prepare(this.updateId, attempt),
    );
    if (!isNewest) throw fencedOff(this.updateId, this);
  }

  /** Takes the marker away, so that the load counts as not done. Tells whether it was there. */
  override remove({ signal }: OperationOptions = {}): Promise<boolean> {
    return this.#use(`remove the marker of ${this}`, signal, (store) => store.remove(this.updateId));
  }

  override toString(): string {
    return `${this.table} (${this.updateId})`;
  }

  /** For adapters. Called when the target is asked for something, so that a wrong connection is no error before. */
  protected abstract place(): MarkerPlace;

  /**
   * Runs `work` with the markers of the database; the connection is cut when `signal` aborts. For adapters.
   *
   * @param action what cannot be done, for messages: `write the marker of …`
   */
  protected abstract withStore<T>(
    action: string,
    signal: AbortSignal | undefined,
    work: (store: MarkerStore) => Promise<T>,
  ): Promise<T>;

  #use<T>(
    action: string,
    signal: AbortSignal | undefined,
    work: (store: MarkerStore) => Promise<T>,
  ): Promise<T> {
    return abortable(signal, () => this.withStore(action, signal, work));
  }
}

async function inTime<T>(work: (deadline: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = AbortSignal.timeout(LOOK_TIMEOUT_MS);
  try {
    return await work(deadline);
  } catch (error) {
    if (!deadline.aborted) throw error;
    const message = `The database did not say within ${LOOK_TIMEOUT_MS / 1000} s which markers are there. Check the server.`;
    throw new TargetError("TARGET_TIMEOUT", message, { cause: error, retryable: true });
  }
}
