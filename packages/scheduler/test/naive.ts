import assert from "node:assert/strict";
import type { Scheduler } from "../src/index.ts";
import type { Attempt } from "../src/attempt.ts";
import type { State } from "../src/state.ts";
import { byRank, type TaskRecord } from "../src/task-record.ts";
import type { WorkerRecord } from "../src/worker-record.ts";
import { countPending, nextReadyAt } from "../src/workers.ts";

/** What the scheduler keeps up to date step by step, worked out from scratch and slowly. */

export function stateOf(scheduler: Scheduler): State {
  return (scheduler as unknown as { readonly state: State }).state;
}

export function isReady(task: TaskRecord): boolean {
  return task.status === "PENDING" && task.runnable && task.deps.every((dep) => dep.status === "DONE");
}

function canRun(worker: WorkerRecord, task: TaskRecord): boolean {
  return worker.assistant || task.membership.runners.includes(worker);
}

type Amounts = Map<string, number>;

function needsOf(task: TaskRecord): [string, number][] {
  return task.resources.names.map((name, index) => [name, task.resources.amounts.at(index) as number]);
}

function addAll(taken: Amounts, needs: Iterable<readonly [string, number]>): void {
  for (const [name, amount] of needs) taken.set(name, (taken.get(name) ?? 0) + amount);
}

function fits(state: State, task: TaskRecord, taken: Amounts): boolean {
  return needsOf(task).every(
    ([name, amount]) => amount + (taken.get(name) ?? 0) <= state.resources.limitOf(name),
  );
}

/** The choice of the next task by one scan over all running and ready tasks, as Luigi makes it. */
export function chooseByScan(state: State, worker: WorkerRecord): TaskRecord | undefined {
  const used: Amounts = new Map();
  for (const attempt of state.attempts.values()) addAll(used, attempt.held ?? []);
  const reserved: Amounts = new Map();
  const capacity = new Map<WorkerRecord, number>();
  for (const other of state.workers.values())
    if (other.isAsking(state.now)) capacity.set(other, other.processes);
  for (const task of candidates(state)) {
    if (task.attempt !== undefined) countRunning(task.attempt, capacity, reserved);
    else if (fits(state, task, reserved)) {
      const eligible = canRun(worker, task);
      if (eligible && fits(state, task, used)) return task;
      reserve(
        task,
        eligible ? [...task.membership.runners, worker] : task.membership.runners,
        capacity,
        reserved,
      );
    }
  }
  return undefined;
}

function candidates(state: State): TaskRecord[] {
  const first = [...state.attempts.values()].map(
    (attempt) => [...attempt.tasks].sort(byRank).at(0) as TaskRecord,
  );
  const ready = [...state.tasks.values()].filter(isReady);
  return [...first, ...ready].sort(byRank);
}

function countRunning(attempt: Attempt, capacity: Map<WorkerRecord, number>, reserved: Amounts): void {
  const left = capacity.get(attempt.worker) ?? 0;
  if (left <= 0) return;
  capacity.set(attempt.worker, left - 1);
  addAll(reserved, attempt.held ?? []);
}

function reserve(
  task: TaskRecord,
  takers: readonly WorkerRecord[],
  capacity: Map<WorkerRecord, number>,
  reserved: Amounts,
): void {
  const taker = takers.find((worker) => (capacity.get(worker) ?? 0) > 0);
  if (taker === undefined) return;
  capacity.set(taker, (capacity.get(taker) as number) - 1);
  addAll(reserved, needsOf(task));
}

/** Throws unless everything that is kept up to date step by step is what it should be. */
export function checkState(scheduler: Scheduler): void {
  const state = stateOf(scheduler);
  checkAttempts(state);
  for (const [task, dependents] of dependentsByTask(state)) checkTask(state, task, dependents);
  checkIndex(state);
  for (const worker of state.workers.values()) checkWorker(state, worker);
  checkDeadlines(state, scheduler);
}

/** One live attempt for each running task and none for others; what is held is what the attempts hold. */
export function checkAttempts(state: State): void {
  const used: Amounts = new Map();
  for (const attempt of state.attempts.values()) {
    assert.equal(state.workers.get(attempt.worker.id), attempt.worker);
    assert.ok(attempt.worker.attempts.has(attempt));
    assert.ok(attempt.tasks.length > 0);
    for (const task of attempt.tasks) assert.equal(task.attempt, attempt);
    addAll(used, attempt.held ?? []);
  }
  assert.deepEqual(sorted(state.resources.used), sorted(used));
  let running = 0;
  for (const worker of state.workers.values()) running += worker.attempts.size;
  assert.equal(running, state.attempts.size);
}

function sorted(amounts: Amounts): [string, number][] {
  return [...amounts].filter(([, amount]) => amount !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
}

function checkTask(state: State, task: TaskRecord, dependents: ReadonlySet<TaskRecord>): void {
  const running = task.status === "RUNNING" || task.status === "BATCH_RUNNING";
  const facts = {
    running: task.attempt !== undefined && state.attempts.get(task.attempt.token) === task.attempt,
    unmet: task.unmet,
    disabledDeps: task.disabledDeps,
    ready: task.readyIndex >= 0,
    grouped: task.batchGroup !== undefined,
    counted: task.counted,
    member: task.membership.tasks[task.memberIndex] === task,
    linked: isSame(new Set(task.dependents), dependents),
  };
  const ready = isReady(task);
  const behindDisabled = task.deps.filter((dep) => dep.isDisabledOrBehind).length;
  const expected = {
    running,
    unmet: task.deps.filter((dep) => dep.status !== "DONE").length,
    disabledDeps: behindDisabled,
    ready,
    grouped: ready && task.batchable && state.ready.batches.batchedParams.has(task.family),
    counted: task.status === "FAILED" || (task.status === "PENDING" && behindDisabled === 0),
    member: true,
    linked: true,
  };
  const names = Object.keys(expected) as (keyof typeof expected)[];
  // The slow comparison is there for its message.
  if (names.some((name) => facts[name] !== expected[name]))
    assert.deepEqual(facts, expected, `${task.id} is ${task.status}`);
}

function isSame<T>(one: ReadonlySet<T>, other: ReadonlySet<T>): boolean {
  if (one.size !== other.size) return false;
  for (const item of one) if (!other.has(item)) return false;
  return true;
}

/** Which tasks require each task, by what each says that it requires. */
function dependentsByTask(state: State): Map<TaskRecord, Set<TaskRecord>> {
  const found = new Map(Array.from(state.tasks.values(), (task) => [task, new Set<TaskRecord>()]));
  for (const task of state.tasks.values()) {
    for (const dep of task.deps) {
      const dependents = found.get(dep);
      assert.ok(dependents !== undefined, `${task.id} requires ${dep.id}, which is gone`);
      dependents.add(task);
    }
  }
  return found;
}

function checkIndex(state: State): void {
  const ready = [...state.tasks.values()].filter(isReady);
  const indexed = [...state.ready.classes].flatMap((readyClass) => {
    const tasks = [...readyClass.inOrder()];
    for (const task of tasks) {
      assert.equal(task.membership, readyClass.membership);
      assert.equal(task.resources, readyClass.resources);
    }
    const inRank = [...tasks].sort(byRank);
    assert.ok(tasks.every((task, index) => task === inRank[index]));
    return tasks;
  });
  assert.equal(indexed.length, ready.length);
  assert.ok(isSame(new Set(indexed), new Set(ready)));
}

function checkWorker(state: State, worker: WorkerRecord): void {
  const own = [...state.tasks.values()].filter((task) => task.membership.runners.includes(worker));
  const open = own.filter((task) => task.counted);
  const counts = countPending(worker);
  assert.equal(counts.pending, open.length);
  assert.equal(counts.uniquePending, open.filter((task) => task.membership.runners.length === 1).length);
  assert.equal(
    counts.pendingLastScheduled,
    open.filter((task) => task.membership.runners.at(-1) === worker).length,
  );
  const retry = Math.min(...own.map((task) => task.failures?.retryAt ?? Infinity));
  assert.equal(nextReadyAt(worker), retry === Infinity ? null : retry);
}

function checkDeadlines(state: State, scheduler: Scheduler): void {
  const timed = [...state.tasks.values(), ...state.workers.values()];
  const next = Math.min(...timed.map((item) => item.dueAt()));
  assert.equal(scheduler.nextDeadline() ?? Infinity, next);
}
