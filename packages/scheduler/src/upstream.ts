import type { State } from "./state.ts";
import type { TaskRecord } from "./task-record.ts";

const UPSTREAM_STATUSES = [
  "",
  "UPSTREAM_RUNNING",
  "UPSTREAM_MISSING_INPUT",
  "UPSTREAM_FAILED",
  "UPSTREAM_DISABLED",
] as const;

/** What keeps a PENDING task waiting, the gravest last; the empty text: nothing does. */
export type UpstreamStatus = (typeof UPSTREAM_STATUSES)[number];

const OWN = {
  PENDING: 2,
  RUNNING: 1,
  BATCH_RUNNING: 1,
  DONE: 0,
  FAILED: 3,
  DISABLED: 4,
  UNKNOWN: 0,
} as const;

/**
 * The gravest state among what each task waits for, directly or not. Visits what is upstream once for all of them,
 * and needs no stack that grows with the depth of the graph. Tasks on a cycle count as waiting for nothing there.
 */
export function upstreamStatuses(state: State, taskIds: readonly string[]): UpstreamStatus[] {
  const known = new Map<TaskRecord, number>();
  return taskIds.map((taskId) => {
    const task = state.tasks.get(taskId);
    return UPSTREAM_STATUSES[task === undefined ? 0 : severityOf(task, known)] as UpstreamStatus;
  });
}

function severityOf(task: TaskRecord, known: Map<TaskRecord, number>): number {
  const path = [task];
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    if (isWaiting(top) && !known.has(top)) {
      known.set(top, 0);
      for (const dep of top.deps) if (!known.has(dep)) path.push(dep);
    } else {
      known.set(top, gravest(top, known));
      path.pop();
    }
  }
  return known.get(task) ?? 0;
}

function gravest(task: TaskRecord, known: Map<TaskRecord, number>): number {
  if (!isWaiting(task)) return OWN[task.status];
  let most = 0;
  for (const dep of task.deps) most = Math.max(most, known.get(dep) ?? 0);
  return most;
}

function isWaiting(task: TaskRecord): boolean {
  return task.status === "PENDING" && task.deps.length > 0;
}
