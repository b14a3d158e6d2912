import type { Run, RunAttempt, RunTask, TaskStatus } from "../api/types.ts";

/** A task of a run with what was tried of it. */
export interface Row {
  readonly task: RunTask;
  readonly isCritical: boolean;
  readonly bars: readonly Bar[];
}

/** An attempt as a part of the whole time of the run. */
export interface Bar {
  readonly token: string;
  readonly worker: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `null`: it runs. */
  readonly outcome: TaskStatus | null;
  /** From 0 to 100. */
  readonly left: number;
  readonly width: number;
}

export interface TimeLine {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly rows: readonly Row[];
  /** Tasks that were found complete or did not run yet. */
  readonly notRun: number;
}

/** Puts the attempts of a run on one line of time, the tasks in the order in which they started. */
export function toTimeLine({ tasks, criticalPath }: Run, now: number): TimeLine {
  const ran = tasks.filter(({ attempts }) => attempts.length > 0);
  const all = ran.flatMap(({ attempts }) => attempts);
  const startedAt = all.reduce((first, attempt) => Math.min(first, attempt.startedAt), now);
  const endedAt = all.reduce((last, attempt) => Math.max(last, attempt.endedAt ?? now), startedAt + 1);
  const critical = new Set(criticalPath);
  const toBar = (attempt: RunAttempt): Bar => barOf(attempt, { startedAt, endedAt, now });
  const rows = ran
    .toSorted((a, b) => firstStart(a) - firstStart(b))
    .map((task) => ({ task, isCritical: critical.has(task.taskId), bars: task.attempts.map(toBar) }));
  return { startedAt, endedAt, rows, notRun: tasks.length - ran.length };
}

function firstStart({ attempts }: RunTask): number {
  return Math.min(...attempts.map(({ startedAt }) => startedAt));
}

/** Narrower bars could not be seen. */
const LEAST_WIDTH = 0.25;

function barOf(
  { token, worker, startedAt, endedAt, outcome }: RunAttempt,
  whole: { readonly startedAt: number; readonly endedAt: number; readonly now: number },
): Bar {
  const length = whole.endedAt - whole.startedAt;
  const end = endedAt ?? whole.now;
  const width = Math.max(LEAST_WIDTH, ((end - startedAt) / length) * 100);
  const left = Math.min(((startedAt - whole.startedAt) / length) * 100, 100 - width);
  return { token, worker, startedAt, endedAt: end, outcome, left, width };
}
