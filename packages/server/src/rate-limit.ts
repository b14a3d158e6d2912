/** A bucket that loses one request for each one let through and gains `perSecond` of them every second. */
interface Bucket {
  left: number;
  filledAt: number;
}

/** Buckets that are full again are forgotten when there are this many. */
const MANY = 10_000;

/** Lets each sender make so many requests a second, and twice as many at once. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Counts a request. False when the sender has none left. `now` is in milliseconds, of a clock that never goes back. */
  take(sender: string, now: number): boolean {
    const bucket = this.#bucketOf(sender, now);
    const gained = ((now - bucket.filledAt) / 1000) * this.#perSecond;
    bucket.left = Math.min(this.#perSecond * 2, bucket.left + gained);
    bucket.filledAt = now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }

  #bucketOf(sender: string, now: number): Bucket {
    let bucket = this.#buckets.get(sender);
    if (bucket === undefined) {
      if (this.#buckets.size >= MANY) this.#forget(now);
      this.#buckets.set(sender, (bucket = { left: this.#perSecond * 2, filledAt: now }));
    }
    return bucket;
  }

  #forget(now: number): void {
    for (const [sender, { filledAt }] of this.#buckets) {
      if (now - filledAt > 2000) this.#buckets.delete(sender);
    }
  }
}
