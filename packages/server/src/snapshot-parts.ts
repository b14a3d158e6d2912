import type { SnapshotRecord } from "@leat/scheduler";

/** Records of a snapshot that share a row: few rows, and no text that is too long for one. */
const RECORDS_A_PART = 500;

/** Entries may take up this much, or as much as the snapshot if that is more, before a new snapshot pays. */
const LONG_BYTES = 64 * 1024 * 1024;

export function isLongJournal(entryBytes: number, snapshotBytes: number): boolean {
  return entryBytes > Math.max(LONG_BYTES, snapshotBytes);
}

export function* inParts(records: Iterable<SnapshotRecord>): Generator<SnapshotRecord[], void, void> {
  let part: SnapshotRecord[] = [];
  for (const record of records) {
    part.push(record);
    if (part.length < RECORDS_A_PART) continue;
    yield part;
    part = [];
  }
  if (part.length > 0) yield part;
}
