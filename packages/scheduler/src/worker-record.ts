import type { Attempt } from "./attempt.ts";
import type { Timed } from "./deadlines.ts";
import type { Membership } from "./membership.ts";
import type { WorkerMessage } from "./api.ts";

/** Workers go before tasks when both are due at the same time: their orders are below all orders of tasks. */
const BEFORE_TASKS = -(2 ** 50);

export interface Batcher {
  readonly params: readonly string[];
  readonly maxSize: number;
}

export interface StoredMessage {
  readonly message: WorkerMessage;
  readonly expiresAt: number;
}

/** What the scheduler knows about a worker, from its first call until it falls silent. */
export class WorkerRecord implements Timed {
  readonly id: string;
  readonly number: number;
  readonly order: number;
  readonly session: string;
  readonly startedAt: number;
  lastActiveAt: number;
  lastGetWorkAt = -Infinity;
  processes = 1;
  assistant = false;
  /** Those whose tasks it runs whoever registered them. */
  families: readonly string[] = [];
  disabled = false;
  paused = false;
  info: { readonly [key: string]: string | number | boolean | null } = {};
  /** Those that name it. */
  readonly memberships = new Set<Membership>();
  readonly attempts = new Set<Attempt>();
  /** By family. */
  readonly batchers = new Map<string, Batcher>();
  messages: StoredMessage[] = [];
  armedAt = Infinity;
  private readonly timeoutMs: number;

  constructor(id: string, number: number, session: string, now: number, timeoutMs: number) {
    this.id = id;
    this.number = number;
    this.order = BEFORE_TASKS + number;
    this.session = session;
    this.startedAt = now;
    this.lastActiveAt = now;
    this.timeoutMs = timeoutMs;
  }

  get silentAt(): number {
    return this.lastActiveAt + this.timeoutMs;
  }

  /** It asked for work lately, so resources may be kept for it. */
  isAsking(now: number): boolean {
    return !this.disabled && !this.paused && this.lastGetWorkAt > now - this.timeoutMs;
  }

  dueAt(): number {
    return Math.min(this.silentAt, this.messages[0]?.expiresAt ?? Infinity);
  }
}
