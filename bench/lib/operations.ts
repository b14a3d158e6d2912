import { Session } from "node:inspector/promises";

/**
 * Counts what the code of our packages executes: the times that each block of it was entered, as V8 counts them for
 * coverage. The same work gives the same count on every machine, however busy. What native code does inside one call, such
 * as `Array.prototype.includes`, counts as one.
 */
export class OperationCounter {
  readonly #session = new Session();
  readonly #isCounted: (url: string) => boolean;

  /** @param isCounted whether the code of a module counts; without it that of our packages does */
  constructor(isCounted = isOurs) {
    this.#isCounted = isCounted;
  }

  /** Call it before the code that is counted is imported: blocks are only counted in code compiled after. */
  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post("Profiler.enable");
    await this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Blocks entered during `work`. */
  async count(work: () => Promise<unknown>): Promise<number> {
    await this.#session.post("Profiler.takePreciseCoverage");
    await work();
    const { result } = await this.#session.post("Profiler.takePreciseCoverage");
    return result
      .filter(({ url }) => this.#isCounted(url))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, 0);
  }

  stop(): void {
    this.#session.disconnect();
  }
}

function isOurs(url: string): boolean {
  return /\/packages\/[^.]*\/(src|dist)\//.test(url);
}
