import type { RegisterBatcher } from "./api.ts";
import type { AttemptBatch } from "./attempt.ts";
import { refresh, unindex } from "./graph.ts";
import { isEligible, type ReadyClass } from "./ready-index.ts";
import type { State } from "./state.ts";
import type { TaskRecord } from "./task-record.ts";
import type { Batcher, WorkerRecord } from "./worker-record.ts";

export function registerBatcher(state: State, worker: WorkerRecord, command: RegisterBatcher): void {
  const { family, batchedParams, maxBatchSize } = command;
  worker.batchers.set(family, { params: batchedParams, maxSize: maxBatchSize ?? Infinity });
  const grouped = state.ready.batches.batchedParams.get(family);
  if (grouped?.join() !== batchedParams.join()) regroup(state, family, batchedParams);
}

/** Looks at all ready tasks, but only when a family gets other batched parameters than before. */
function regroup(state: State, family: string, batchedParams: readonly string[]): void {
  const ready = [...state.ready.classes].flatMap((readyClass) => [...readyClass.inOrder()]);
  const tasks = ready.filter((task) => task.family === family);
  for (const task of tasks) unindex(state, task);
  state.ready.batches.batchedParams.set(family, batchedParams);
  for (const task of tasks) refresh(state, task);
}

/** The tasks that the worker runs together with the first one, which comes first; alone if there are none. */
export function gatherBatch(worker: WorkerRecord, first: TaskRecord): TaskRecord[] {
  const members = [first];
  const batcher = worker.batchers.get(first.family);
  if (batcher === undefined || first.batchGroup === undefined || !hasBatchedParams(first, batcher))
    return members;
  for (const task of first.batchGroup.inOrder()) {
    if (members.length >= batcher.maxSize) break;
    if (task !== first && canJoin(worker, batcher, first, task)) members.push(task);
  }
  return members;
}

export function toAttemptBatch(
  worker: WorkerRecord,
  members: readonly TaskRecord[],
): AttemptBatch | undefined {
  const batcher = worker.batchers.get(members[0]?.family ?? "");
  if (batcher === undefined || members.length === 1) return undefined;
  return { params: batcher.params, taskIds: members.map((task) => task.id) };
}

/** A worker joins only what it could have been given alone. */
function canJoin(worker: WorkerRecord, batcher: Batcher, first: TaskRecord, task: TaskRecord): boolean {
  return (
    isEligible(worker, task.readyClass as ReadyClass) &&
    hasBatchedParams(task, batcher) &&
    Object.keys(first.params).every(
      (name) => batcher.params.includes(name) || first.params[name] === task.params[name],
    )
  );
}

function hasBatchedParams(task: TaskRecord, batcher: Batcher): boolean {
  return batcher.params.every((name) => task.params[name] !== undefined);
}
