import type { RunContext } from "@leat/core";

const REPORT_EVERY_MS = 1000;
const MEGABYTE = 1_000_000;

/** Tells the worker, once a second, how much of a load has gone to the database. */
export class LoadProgress {
  readonly #report: RunContext["progress"];
  readonly #startMs = performance.now();
  #reportedMs = this.#startMs;
  #bytes = 0;

  constructor(context: Pick<RunContext, "progress">) {
    this.#report = (fraction, message) => context.progress(fraction, message);
  }

  /** Notes bytes that were sent since the last call, and how many rows were read so far. */
  add({ rows = 0, bytes }: { readonly rows?: number; readonly bytes: number }): void {
    this.#bytes += bytes;
    const nowMs = performance.now();
    if (nowMs - this.#reportedMs < REPORT_EVERY_MS) return;
    this.#reportedMs = nowMs;
    const seconds = (nowMs - this.#startMs) / 1000;
    const megabytes = this.#bytes / MEGABYTE;
    const counted = rows === 0 ? "" : `${rows} rows (${Math.round(rows / seconds)}/s), `;
    // How many rows are to come is not known, so the fraction says nothing.
    this.#report(0, `${counted}${megabytes.toFixed(1)} MB (${(megabytes / seconds).toFixed(1)} MB/s)`);
  }
}
