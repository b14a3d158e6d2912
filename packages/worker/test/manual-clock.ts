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

/** A clock that stands until it is moved. */
export class ManualClock implements Clock {
  #nowMs = 1_000_000;
  #alarms: { readonly atMs: number; readonly callback: () => void }[] = [];

  /** How many wait for it. */
  get waiting(): number {
    return this.#alarms.length;
  }

  now(): number {
    return this.#nowMs;
  }

  schedule(atMs: number, callback: () => void): () => void {
    const alarm = { atMs, callback };
    this.#alarms.push(alarm);
    return () => void (this.#alarms = this.#alarms.filter((other) => other !== alarm));
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    const due = this.#alarms.filter(({ atMs }) => atMs <= this.#nowMs);
    this.#alarms = this.#alarms.filter((alarm) => !due.includes(alarm));
    for (const { callback } of due) callback();
  }
}
