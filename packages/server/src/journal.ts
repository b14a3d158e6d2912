import type { ChangeReason, Command, SnapshotRecord, TaskStatus } from "@leat/scheduler";
import type { WorkerRun } from "./worker-runs.ts";

/**
 * Where a scheduler's commands are kept. The state is what the last snapshot holds, changed by the entries after it
 * in the order of their numbers; so a journal needs to know nothing about tasks.
 *
 * All methods reject with a `ServerError`. After a failed `append` or `saveSnapshot` the state in memory is ahead of
 * the journal, and the process has to stop.
 */
export interface Journal {
  /** What was kept, for recovery. Rejects with `STATE_DAMAGED` instead of leaving anything out. */
  load(): Promise<JournalContents>;
  /**
   * Keeps a commit, whole or not at all. It is on disk when the promise resolves, with all that were begun before it.
   * {@link appendsAtATime} calls may overlap.
   */
  append(commit: Commit): Promise<void>;
  /** How many commits may be on their way to the disk together. */
  readonly appendsAtATime: number;
  /** Puts a snapshot in place of the one before and of all entries up to its number, in one step. */
  saveSnapshot(snapshot: Snapshot): Promise<void>;
  /** Whether the entries since the last snapshot have grown so long that a new one pays. */
  readonly isLong: boolean;
  close(): Promise<void>;
}

/** A command that was carried out. */
export interface JournalEntry {
  /** 1 more than that of the entry before. */
  readonly sequence: number;
  /** Time of the command, in milliseconds since the Unix epoch. */
  readonly at: number;
  readonly command: Command;
  /** CRC-32 of the reply as JSON: recovery compares it, so that a different reply is noticed. */
  readonly replyChecksum: number;
}

/** Commands that become durable together, the attempts they ended, what operators did by them, and workers that came or went. */
export interface Commit {
  readonly entries: readonly JournalEntry[];
  readonly attempts: readonly FinishedAttempt[];
  readonly operations: readonly Operation[];
  /** Each run once. */
  readonly runs: readonly WorkerRun[];
}

/** What an operator did. */
export interface Operation {
  readonly at: number;
  /** Action or command, e.g. `markDone`, `setResource`. */
  readonly name: string;
  readonly reason: string;
  /** The first of the tasks that it changed. */
  readonly taskIds: readonly string[];
  /** How many it changed. */
  readonly tasks: number;
  /** What else the command said. */
  readonly settings?: { readonly [name: string]: unknown };
}

export interface Snapshot {
  /** Number of the last command whose effect the snapshot holds. */
  readonly sequence: number;
  /** Settings that decide what commands do; recovery uses the same. */
  readonly config: JournalConfig;
  readonly records: Iterable<SnapshotRecord>;
}

/** Settings of the scheduler as JSON, by name. */
export type JournalConfig = { readonly [name: string]: unknown };

export interface JournalContents {
  /** `undefined`: the journal is new. */
  readonly snapshot: Snapshot | undefined;
  /** Those after the snapshot. Throws `STATE_DAMAGED` when it comes to one that cannot be right. */
  readonly entries: Iterable<JournalEntry> | AsyncIterable<JournalEntry>;
}

/** One attempt at one task, after it ended. Members of a batch have an entry each, with the same token. */
export interface FinishedAttempt {
  readonly token: string;
  readonly taskId: string;
  readonly family: string;
  readonly params: { readonly [name: string]: string };
  readonly worker: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Status of the task right after the attempt. */
  readonly outcome: TaskStatus;
  readonly reason: ChangeReason;
  /** What the worker said at the end: the error of a failed attempt. */
  readonly explanation: string | null;
  /** What it made, as far as its worker said so; `null`, here and below: it did not. */
  readonly outputs: readonly string[] | null;
  readonly bytes: number | null;
  readonly rows: number | null;
}
