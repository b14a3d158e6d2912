import { crc32 } from "node:zlib";
import {
  type ResourceAmounts,
  Scheduler,
  type SchedulerConfig,
  type SchedulerEvent,
  type SnapshotRecord,
} from "@leat/scheduler";
import { ServerError } from "./errors.ts";
import type { Journal, JournalConfig, JournalContents, JournalEntry } from "./journal.ts";

/** Settings that come with a state: they belong to it and do not change when leatd starts again. */
export type StartConfig = Omit<Partial<SchedulerConfig>, "epoch">;

export interface Recovered {
  readonly scheduler: Scheduler;
  /** Number of the last command. */
  readonly sequence: number;
  readonly config: Partial<SchedulerConfig>;
  /** Commands that were carried out again. */
  readonly replayed: number;
}

/** Told of each command that is carried out again, in order. */
export type ReplayListener = (sequence: number, events: readonly SchedulerEvent[]) => void;

/**
 * Brings a scheduler to where the one before it stopped.
 *
 * Commands are carried out again with the settings they had, and must give the same replies. After that the new
 * settings count, and all workers are taken to be alive now: while nobody listened, nobody could be heard. The result
 * is saved as a snapshot.
 */
export async function recover(
  journal: Journal,
  config: StartConfig,
  now: number,
  listener: ReplayListener = () => undefined,
): Promise<Recovered> {
  const { snapshot, entries } = await journal.load();
  // A time, so that stores can tell attempts of this state from those of one before it that was lost.
  if (snapshot === undefined) return begin(journal, { ...config, epoch: now.toString(36) });
  const before = snapshot.config as Partial<SchedulerConfig>;
  const old = Scheduler.restore(snapshot.records, before);
  const sequence = await replay(old, entries, snapshot.sequence, listener);
  const present = { ...config, epoch: before.epoch as string };
  const scheduler = Scheduler.restore(adapt(old.snapshot(), now, changedLimits(before, config)), present);
  await journal.saveSnapshot({ sequence, config: toJson(present), records: scheduler.snapshot() });
  return { scheduler, sequence, config: present, replayed: sequence - snapshot.sequence };
}

async function begin(journal: Journal, config: Partial<SchedulerConfig>): Promise<Recovered> {
  const scheduler = new Scheduler(config);
  await journal.saveSnapshot({ sequence: 0, config: toJson(config), records: scheduler.snapshot() });
  return { scheduler, sequence: 0, config, replayed: 0 };
}

async function replay(
  scheduler: Scheduler,
  entries: JournalContents["entries"],
  start: number,
  listener: ReplayListener,
): Promise<number> {
  let last = start;
  for await (const entry of entries) {
    const { reply, events } = scheduler.apply(entry.command, entry.at);
    if (replyChecksum(reply) !== entry.replyChecksum) throw differs(entry);
    listener(entry.sequence, events);
    last = entry.sequence;
  }
  return last;
}

function differs({ sequence, at, command }: JournalEntry): ServerError {
  const when = new Date(at).toISOString();
  return new ServerError(
    "STATE_DAMAGED",
    `Command ${sequence} (${command.type}, ${when}) gave another reply when it was carried out again. ` +
      "If another version of leatd wrote the state file, start that one and stop it with SIGTERM, then start this one.",
  );
}

/** CRC-32 of a reply as JSON; of a command without reply, that of `null`. */
export function replyChecksum(reply: unknown): number {
  return crc32(JSON.stringify(reply ?? null));
}

/** The same state, with all workers heard of just now, and with other limits. */
function* adapt(
  records: Iterable<SnapshotRecord>,
  now: number,
  limits: ResourceAmounts,
): Generator<SnapshotRecord, void, void> {
  for (const record of records) {
    if (record.kind === "worker") yield { ...record, lastActiveAt: Math.max(record.lastActiveAt, now) };
    else if (record.kind === "scheduler") yield { ...record, limits: { ...record.limits, ...limits } };
    else yield record;
  }
}

/** Limits that the settings give now and did not before: those an operator set meanwhile stay. */
function changedLimits(before: Partial<SchedulerConfig>, now: StartConfig): ResourceAmounts {
  const entries = Object.entries(now.resources ?? {});
  return Object.fromEntries(entries.filter(([name, limit]) => before.resources?.[name] !== limit));
}

function toJson(config: Partial<SchedulerConfig>): JournalConfig {
  return JSON.parse(JSON.stringify(config)) as JournalConfig;
}
