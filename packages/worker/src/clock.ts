/** Time as a worker has it. */
export interface Clock {
  /** Milliseconds since the Unix epoch; it never goes back. */
  now(): number;
  /** Calls back once that time has come; the result takes it back. */
  schedule(atMs: number, callback: () => void): () => void;
}

/** A timer of Node cannot be longer (24 days), and would fire at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  schedule(atMs, callback) {
    const delayMs = Math.ceil(atMs - systemClock.now());
    const timer = setTimeout(callback, Math.min(Math.max(delayMs, 0), MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
