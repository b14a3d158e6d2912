/** What the store tells of an object. */
export interface ExampleObject {
  readonly content: Uint8Array;
  /** Milliseconds since the Unix epoch. */
  readonly modifiedAt: number;
}

/**
 * Stands in for the driver of the store: it keeps objects in memory under their keys. Replace it by the real driver, and keep in
 * file-system.ts the five calls that are made of it.
 */
export class ExampleClient {
  readonly #objects = new Map<string, ExampleObject>();

  async get(key: string): Promise<ExampleObject | undefined> {
    return this.#objects.get(key);
  }

  /** Stores an object in one step. With `ifAbsent` an existing one is left alone. Tells whether it was stored. */
  async put(key: string, content: Uint8Array, ifAbsent: boolean): Promise<boolean> {
    if (ifAbsent && this.#objects.has(key)) return false;
    this.#objects.set(key, { content, modifiedAt: Date.now() });
    return true;
  }

  /** Tells whether something was there. */
  async delete(key: string): Promise<boolean> {
    return this.#objects.delete(key);
  }

  /** Keys that begin with a prefix. */
  async keys(prefix: string): Promise<string[]> {
    return [...this.#objects.keys()].filter((key) => key.startsWith(prefix));
  }

  async close(): Promise<void> {
    // A real client closes its connections.
  }
}
