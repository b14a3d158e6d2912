import type { Command, ReplyTo, Scheduler, SchedulerConfig, SchedulerEvent } from "@leat/scheduler";
import { finishedAttempts } from "./finished-attempts.ts";
import type { FinishedAttempt, Journal, JournalConfig, JournalEntry } from "./journal.ts";
import { operationsOf } from "./operations.ts";
import { replyChecksum } from "./recovery.ts";
import { latestOf, type WorkerRun, WorkerRuns } from "./worker-runs.ts";

/** A command that was carried out, with all that came of it. */
export interface Change {
  readonly sequence: number;
  readonly at: number;
  readonly command: Command;
  readonly reply: unknown;
  readonly events: readonly SchedulerEvent[];
  readonly attempts: readonly FinishedAttempt[];
  readonly runs: readonly WorkerRun[];
}

/** Told in the order of commands. A listener must not throw. */
export interface ChangeListener {
  /** The scheduler has the change; the disk may not have it yet. */
  applied?(change: Change): void;
  /** The changes are on disk. */
  committed?(changes: readonly Change[]): void;
}

export interface EngineOptions {
  readonly scheduler: Scheduler;
  readonly journal: Journal;
  readonly config: Partial<SchedulerConfig>;
  /** Number of the last command that the scheduler has seen. */
  readonly sequence: number;
  /** Milliseconds since the Unix epoch. */
  readonly clock: () => number;
  readonly listeners: readonly ChangeListener[];
  /** The journal failed: what is in memory is ahead of what is on disk, and nothing can be promised any more. */
  readonly onFailure: (error: Error) => void;
}

interface Waiting {
  readonly change: Change;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A timer's delay must fit into 31 bits. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Deadlines that fall due within this time are handled together. */
const SHORTEST_TIMER_MS = 50;

/**
 * A scheduler whose commands are durable before their replies are given.
 *
 * A command takes effect at once, so that the next one sees it. Its reply waits for the commit that holds it;
 * commands that come while as many commits are under way as the journal takes share the next one.
 */
export class Engine {
  readonly scheduler: Scheduler;
  readonly #journal: Journal;
  readonly #config: JournalConfig;
  readonly #clock: () => number;
  readonly #listeners: readonly ChangeListener[];
  readonly #runs: WorkerRuns;
  readonly #onFailure: (error: Error) => void;
  #sequence: number;
  #waiting: Waiting[] = [];
  #isGathering = false;
  /** Commits that are not on disk yet. */
  #underWay = 0;
  /** Resolves when the last commit that was begun, and so each before it, is on disk or has failed. */
  #settled: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #failure: Error | undefined;

  constructor({ scheduler, journal, config, sequence, clock, listeners, onFailure }: EngineOptions) {
    this.scheduler = scheduler;
    this.#journal = journal;
    this.#config = config;
    this.#sequence = sequence;
    this.#clock = clock;
    this.#listeners = listeners;
    this.#runs = new WorkerRuns(scheduler);
    this.#onFailure = onFailure;
    this.#setTimer();
  }

  /** Number of the last command. */
  get sequence(): number {
    return this.#sequence;
  }

  now(): number {
    return this.#clock();
  }

  /** Carries out a command. Rejects with `INVALID_COMMAND`, having changed nothing, or when the journal failed. */
  async execute<C extends Command>(command: C): Promise<ReplyTo<C["type"]>> {
    if (this.#failure !== undefined) throw this.#failure;
    const at = this.#clock();
    const { reply, events } = this.scheduler.apply(command, at);
    this.#sequence += 1;
    const attempts = finishedAttempts(this.scheduler, command, events);
    const runs = this.#runs.changedBy(command, events);
    const change = { sequence: this.#sequence, at, command, reply, events, attempts, runs };
    for (const listener of this.#listeners) listener.applied?.(change);
    await this.#durable(change);
    return reply;
  }

  /** Commits what is open, saves a snapshot, and stops the clock. No command may come after it. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.length > 0) {
      this.#commitWaiting();
      await this.#settled;
    }
    await this.#settled;
    if (this.#failure === undefined) await this.#saveSnapshot();
    await this.#journal.close();
  }

  #durable(change: Change): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject });
      this.#gather();
    });
  }

  /** Begins a commit when the requests that have arrived are read. */
  #gather(): void {
    if (this.#isGathering || this.#underWay >= this.#journal.appendsAtATime) return;
    this.#isGathering = true;
    setImmediate(() => {
      this.#isGathering = false;
      if (this.#waiting.length > 0) this.#commitWaiting();
    });
  }

  #commitWaiting(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    this.#underWay += 1;
    const before = this.#settled;
    this.#settled = this.#commit(batch, before).finally(() => {
      this.#underWay -= 1;
      if (this.#waiting.length > 0) this.#gather();
      else if (this.#underWay === 0) this.#setTimer();
    });
  }

  async #commit(batch: readonly Waiting[], before: Promise<void>): Promise<void> {
    const changes = batch.map(({ change }) => change);
    try {
      await this.#keep(changes);
      // Commits that overlap are told in their order.
      await before;
      if (this.#failure !== undefined) throw this.#failure;
    } catch (error) {
      this.#fail(error as Error);
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const { resolve } of batch) resolve();
    for (const listener of this.#listeners) listener.committed?.(changes);
  }

  async #keep(changes: readonly Change[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    await this.#journal.append({
      entries: changes.map(toEntry),
      attempts: changes.flatMap(({ attempts }) => attempts),
      operations: operationsOf(changes),
      runs: latestOf(changes.flatMap(({ runs }) => runs)),
    });
    if (this.#journal.isLong) await this.#saveSnapshot();
  }

  /** It may hold commands that are not committed yet: they are kept twice then, which does no harm. */
  #saveSnapshot(): Promise<void> {
    return this.#journal.saveSnapshot({
      sequence: this.#sequence,
      config: this.#config,
      records: this.scheduler.snapshot(),
    });
  }

  #fail(error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    clearTimeout(this.#timer);
    this.#onFailure(error);
  }

  /** Retries and lost workers take effect in time, even when nobody calls. */
  #setTimer(): void {
    clearTimeout(this.#timer);
    const deadline = this.#failure === undefined ? this.scheduler.nextDeadline() : null;
    if (deadline === null) return;
    const delay = Math.max(deadline - this.#clock(), SHORTEST_TIMER_MS);
    this.#timer = setTimeout(() => void this.#tick(), Math.min(delay, LONGEST_TIMER_MS));
    this.#timer.unref();
  }

  async #tick(): Promise<void> {
    // A failing journal is told to `onFailure`; there is nobody else to tell.
    await this.execute({ type: "tick" }).catch(() => undefined);
  }
}

function toEntry({ sequence, at, command, reply }: Change): JournalEntry {
  return { sequence, at, command, replyChecksum: replyChecksum(reply) };
}
