/** Looks for markers and gives the ids of those that are there. */
type FindMarkers = (updateIds: readonly string[]) => Promise<ReadonlySet<string>>;

/** Looks for markers of one table, one question at a time: what is asked meanwhile goes into the next one together. */
class MarkerChecks {
  readonly #find: FindMarkers;
  #ids = new Set<string>();
  /** The answer for `#ids`; `undefined` while they are none. */
  #next: Promise<ReadonlySet<string>> | undefined;
  #running: Promise<unknown> = Promise.resolve();

  constructor(find: FindMarkers) {
    this.#find = find;
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
    // Those who asked for it hear of a failure; the next question goes on.
    this.#running = answer.catch(() => {});
    return answer;
  }
}

const byOwner = new WeakMap<object, Map<string, MarkerChecks>>();

/**
 * Whether a marker is there. Targets of one process that ask at the same time share one question.
 *
 * @param owner the pool of connections
 * @param find asks for markers of `markerTable`
 */
export function hasMarker(
  owner: object,
  markerTable: string,
  updateId: string,
  find: FindMarkers,
): Promise<boolean> {
  const checks = byOwner.get(owner) ?? new Map<string, MarkerChecks>();
  byOwner.set(owner, checks);
  const known = checks.get(markerTable) ?? new MarkerChecks(find);
  checks.set(markerTable, known);
  return known.has(updateId);
}
