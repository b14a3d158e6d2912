import { type Absence, type Task, UsageError } from "@leat/core";
import { nameOf } from "./task-name.ts";

const NOTHING_LACKING: readonly Absence[] = Object.freeze([]);

/** One task that is asked, or will be, whether it is complete. */
export class Check {
  readonly task: Task;
  isSettled = false;
  /** `undefined` before it is settled, and when `error` was thrown instead. */
  answer: boolean | undefined;
  error: unknown;
  /** Outputs that are not there, as far as its `complete()` tells. */
  lacking: readonly Absence[] = NOTHING_LACKING;
  /** Whether the listener wants to hear the answer, not only another task. */
  isWanted = false;
  /** Those that wait for the answer. */
  waiters: Waiter[] | undefined;
  /** Checks that this one waits for. */
  waitsFor: Set<Check> | undefined;

  constructor(task: Task) {
    this.task = task;
  }

  get isWaiting(): boolean {
    return this.waitsFor !== undefined && this.waitsFor.size > 0;
  }
}

/** A check that waits for the answer of another. */
export interface Waiter {
  readonly check: Check;
  readonly resume: () => void;
}

/** The tasks of a circle of checks that wait for each other, found from one that leads there. */
export function findCycle(start: Check | undefined): Task[] {
  const path = new Set<Check>();
  let check = start;
  while (check !== undefined && !path.has(check)) {
    path.add(check);
    check = [...(check.waitsFor ?? [])].find((awaited) => !awaited.isSettled);
  }
  const tasks = [...path];
  return tasks.slice(check === undefined ? 0 : tasks.indexOf(check)).map((member) => member.task);
}

/** @throws UsageError `COMPLETE_INVALID` for an answer of `complete()` that is neither true nor false */
export function strictBoolean(answer: unknown, task: Task): boolean {
  if (typeof answer === "boolean") return answer;
  const message = `complete() of ${nameOf(task)} gives ${String(answer)}. Return true or false.`;
  throw new UsageError("COMPLETE_INVALID", message);
}
