import assert from "node:assert/strict";
import type { Scheduler } from "../src/index.ts";
import type { Attempt } from "../src/attempt.ts";
import type { State } from "../src/state.ts";
import { byRank, type TaskRecord } from "../src/task-record.ts";
import type { Batcher, WorkerRecord } from "../src/worker-record.ts";
import { countPending, nextReadyAt } from "../src/workers.ts";

/** What the scheduler keeps up to date step by step, worked out from scratch and slowly. */

export function stateOf(scheduler: Scheduler): State {
  return (scheduler as unknown as { readonly state: State }).state;
}

export function isReady(task: TaskRecord): boolean {
  return task.status === "PENDING" && task.runnable && task.deps.every((dep) => dep.status === "DONE");
}

/** Workers that may be given the task, but for assistants. */
function runnersOf(state: State, task: TaskRecord): readonly WorkerRecord[] {
  const suspendedBy = state.suspended.get(task);
  return suspendedBy === undefined ? task.membership.runners : [suspendedBy];
}

function canRun(state: State, worker: WorkerRecord, task: TaskRecord): boolean {
  if (runnersOf(state, task).includes(worker)) return true;
  return worker.assistant && !state.suspended.has(task);
}

type Amounts = Map<string, number>;

function needsOf({ resources }: Pick<TaskRecord, "resources">): [string, number][] {
  return resources.names.map((name, index) => [name, resources.amounts.at(index) as number]);
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
      const eligible = canRun(state, worker, task);
      const runners = runnersOf(state, task);
      if (eligible && fits(state, task, used)) return task;
      reserve(task, eligible ? [...runners, worker] : runners, capacity, reserved);
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
  checkUpstream(state, scheduler);
  checkSuspended(state);
}

/** Nobody waits for a task that nobody goes on with. */
function checkSuspended(state: State): void {
  for (const [task, worker] of state.suspended) {
    assert.equal(task.status, "PENDING");
    assert.equal(state.tasks.get(task.id), task);
    assert.ok(state.workers.get(worker.id) === worker && task.membership.isRunner(worker));
  }
}

/** What each task waits for, from looking at all that is upstream of it. */
function checkUpstream(state: State, scheduler: Scheduler): void {
  const ids = [...state.tasks.keys()];
  const expected = Array.from(state.tasks.values(), gravestUpstream);
  assert.deepEqual(scheduler.upstreamStatuses(ids), expected);
}

const GRAVEST_FIRST = [
  ["DISABLED", "UPSTREAM_DISABLED"],
  ["FAILED", "UPSTREAM_FAILED"],
  ["PENDING", "UPSTREAM_MISSING_INPUT"],
  ["RUNNING", "UPSTREAM_RUNNING"],
  ["BATCH_RUNNING", "UPSTREAM_RUNNING"],
] as const;

function gravestUpstream(task: TaskRecord): string {
  const seen = new Set([task]);
  const statuses = new Set<string>();
  for (const { status, deps } of seen) {
    if (status === "PENDING" && deps.length > 0) for (const dep of deps) seen.add(dep);
    else statuses.add(status);
  }
  return GRAVEST_FIRST.find(([status]) => statuses.has(status))?.[1] ?? "";
}

/**
 * What is handed out anew goes to a worker that can run it, takes all that its first task needs, and none of it beyond its
 * limit, which may be lowered afterwards.
 */
export function checkTaken(state: State, attempt: Attempt): void {
  const { resources } = state;
  const first = attempt.tasks.at(0) as TaskRecord;
  for (const task of attempt.tasks) assert.ok(canRun(state, attempt.worker, task), task.id);
  assert.deepEqual(sorted(attempt.held ?? new Map()), sorted(new Map(needsOf(first))));
  for (const [name] of needsOf(first)) {
    assert.ok((resources.used.get(name) ?? 0) <= resources.limitOf(name) + 1e-9, name);
  }
  checkBatch(attempt, first);
}

/** Members differ only in what may differ, and are no more than allowed. */
function checkBatch({ tasks, worker, batch }: Attempt, first: TaskRecord): void {
  assert.equal(batch !== undefined, tasks.length > 1);
  if (batch === undefined) return;
  const { params, maxSize } = worker.batchers.get(first.family) as Batcher;
  assert.ok(tasks.length <= maxSize);
  const same = (task: TaskRecord) => Object.entries(task.params).filter(([name]) => !params.includes(name));
  for (const task of tasks) assert.deepEqual(same(task), same(first));
}

/** One live attempt for each running task and none for others; what is held is what the attempts hold. */
export function checkAttempts(state: State): void {
  const used: Amounts = new Map();
  for (const attempt of state.attempts.values()) {
    assert.equal(state.workers.get(attempt.worker.id), attempt.worker);
    assert.ok(attempt.worker.attempts.has(attempt));
    assert.ok(attempt.tasks.length > 0);
    for (const task of attempt.tasks) assert.equal(task.attempt, attempt);
    for (const [name, amount] of attempt.held ?? [])
      assert.ok(amount > 0, `${attempt.token} holds ${amount} of ${name}`);
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
    leaving: task.removeAt < Infinity,
    aging: task.retainUntil < Infinity,
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
    // What has expired goes with the last task that requires it.
    leaving: task.expired ? facts.leaving : !running && task.membership.stakeholders.length === 0,
    aging: task.expired ? facts.aging : task.status === "DONE",
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
      assert.equal(state.takersOf(task), readyClass.membership);
      assert.equal(task.resources, readyClass.resources);
    }
    const inRank = [...tasks].sort(byRank);
    assert.ok(tasks.every((task, index) => task === inRank[index]));
    return tasks;
  });
  assert.equal(indexed.length, ready.length);
  assert.ok(isSame(new Set(indexed), new Set(ready)));
  checkRankings(state);
  checkNeeds(state);
  checkBatchGroups(state, ready);
}

/** The best class of each membership is on top of its ranking, which has its classes and no others. */
function checkRankings(state: State): void {
  const tasks = [...state.tasks.values()];
  const memberships = new Set(tasks.flatMap((task) => [task.membership, state.takersOf(task)]));
  for (const { classes, ranking } of memberships) {
    assert.equal(ranking.size, classes.size);
    const best = [...classes.values()].sort((a, b) => byRank(a.head, b.head)).at(0);
    assert.equal(ranking.peek(), best);
  }
}

/** Each resource leads to the classes that need it. */
function checkNeeds(state: State): void {
  const classes = [...state.ready.classes];
  const needed = new Set(classes.flatMap(({ resources }) => resources.names));
  assert.ok(isSame(new Set(state.ready.neededResources()), needed));
  for (const name of needed) {
    const needing = classes.filter(({ resources }) => resources.names.includes(name));
    assert.ok(isSame(new Set(state.ready.needing(name)), new Set(needing)));
  }
}

/** Tasks of a group, and only those, need the same; they stand in the order of rank. */
function checkBatchGroups({ ready: { batches } }: State, ready: readonly TaskRecord[]): void {
  const groups = new Set(ready.flatMap((task) => task.batchGroup ?? []));
  const same = ({ family, params, resources }: TaskRecord) => {
    const fixed = Object.entries(params).filter(
      ([name]) => !batches.batchedParams.get(family)?.includes(name),
    );
    return JSON.stringify([family, needsOf({ resources }), fixed.sort(([a], [b]) => (a < b ? -1 : 1))]);
  };
  const bySameness = new Set(ready.flatMap((task) => (task.batchGroup === undefined ? [] : same(task))));
  assert.equal(groups.size, bySameness.size);
  assert.equal(new Set([...groups].map((group) => group.key)).size, groups.size);
  for (const group of groups) {
    const members = ready.filter((task) => task.batchGroup === group);
    assert.ok([...group.inOrder()].every((task, index) => task === members.sort(byRank)[index]));
    assert.equal(group.size, members.length);
    for (const member of members) assert.equal(same(member), same(members.at(0) as TaskRecord));
  }
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
