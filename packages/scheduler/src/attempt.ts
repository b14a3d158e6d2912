import type { Taken } from "./resources.ts";
import type { TaskRecord } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** One live run of a task, or of a batch. */
export interface Attempt {
  readonly token: string;
  readonly number: number;
  readonly worker: WorkerRecord;
  /** Its task, or the members of its batch in rank order. A member that an operator marks as done leaves. */
  tasks: readonly TaskRecord[];
  readonly startedAt: number;
  /** What it holds; captured when it started, so later registrations do not change it. */
  readonly held: Taken | undefined;
  readonly batch: AttemptBatch | undefined;
}

export interface AttemptBatch {
  /** Parameters that differ between the members. */
  readonly params: readonly string[];
  /** All members at the start. */
  readonly taskIds: readonly string[];
}
