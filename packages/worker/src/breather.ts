/** Time after which work that never waits gives way to signals, timers and I/O. */
const MAX_BUSY_MS = 25;

/**
 * Keeps the event loop turning: promises that are already kept follow one another without it, so thousands of quick tasks
 * would hold up an interrupt, a timeout and each other's I/O until the last of them is done.
 */
export class Breather {
  #restedAt = performance.now();

  get isDue(): boolean {
    return performance.now() - this.#restedAt >= MAX_BUSY_MS;
  }

  /** Resolves after all that waits in the event loop had its turn. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#restedAt = performance.now();
  }
}
