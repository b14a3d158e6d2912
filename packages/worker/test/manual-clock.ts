import type { Clock } from "../src/clock.ts";

/** A clock that jumps to the next time that somebody waits for, as soon as nothing else is to be done. */
export class JumpingClock implements Clock {
  /** How long was waited each time, in milliseconds. */
  readonly waits: number[] = [];
  #nowMs = 1_000_000;

  now(): number {
    return this.#nowMs;
  }

  schedule(atMs: number, callback: () => void): () => void {
    const jump = setImmediate(() => {
      this.waits.push(atMs - this.#nowMs);
      this.#nowMs = Math.max(this.#nowMs, atMs);
      callback();
    });
    return () => clearImmediate(jump);
  }
}
