import type { State } from "./state.ts";
import type { TaskRecord } from "./task-record.ts";

/** From this many dependents on, one is found by hashing instead of by looking through all. */
const MANY = 32;

/** Replaces the requirements of a task and keeps all that follows from them right. */
export function requireTasks(state: State, task: TaskRecord, deps: readonly TaskRecord[]): void {
  const wasDisabled = task.isDisabledOrBehind;
  setDeps(state, task, deps);
  refresh(state, task);
  spreadDisabled(state, task, wasDisabled);
  for (const dep of task.deps) raisePriority(state, dep, task.priority);
}

/** Replaces the requirements only; neither indexes nor dependents are told. */
export function setDeps(state: State, task: TaskRecord, deps: readonly TaskRecord[]): void {
  if (isSameList(task.deps, deps)) return;
  const before = new Set(task.deps);
  const after = new Set(deps);
  for (const dep of before) if (!after.has(dep)) removeDependent(state, dep, task);
  for (const dep of after) if (!before.has(dep)) addDependent(dep, task);
  task.deps = [...after];
  task.unmet = task.deps.filter((dep) => dep.status !== "DONE").length;
  task.disabledDeps = task.deps.filter((dep) => dep.isDisabledOrBehind).length;
}

function isSameList(a: readonly TaskRecord[], b: readonly TaskRecord[]): boolean {
  return a.length === b.length && a.every((task, index) => task === b[index]);
}

function addDependent(dep: TaskRecord, dependent: TaskRecord): void {
  const all = dep.dependents;
  if (all instanceof Set) all.add(dependent);
  else if (all.length === 0) dep.dependents = [dependent];
  else if (all.length < MANY) (all as TaskRecord[]).push(dependent);
  else dep.dependents = new Set([...all, dependent]);
}

function removeDependent(state: State, dep: TaskRecord, dependent: TaskRecord): void {
  const all = dep.dependents;
  if (all instanceof Set) all.delete(dependent);
  else (all as TaskRecord[]).splice((all as TaskRecord[]).indexOf(dependent), 1);
  if (!dep.expired || hasDependents(dep)) return;
  if (dep.status === "DONE") dep.retainUntil = state.now;
  else dep.removeAt = state.now;
  state.deadlines.arm(dep);
}

export function hasDependents(task: TaskRecord): boolean {
  const all = task.dependents;
  return (all instanceof Set ? all.size : all.length) > 0;
}

/** Puts the task into the indexes in which it belongs, and out of the others. Costs nothing when all is right. */
export function refresh(state: State, task: TaskRecord): void {
  const ready = task.status === "PENDING" && task.unmet === 0 && task.runnable;
  if (ready !== task.readyIndex >= 0) {
    if (ready) state.ready.add(task, state.takersOf(task));
    else state.ready.remove(task);
  }
  const counts = task.status === "FAILED" || (task.status === "PENDING" && task.disabledDeps === 0);
  if (counts !== task.counted) {
    task.counted = counts;
    task.membership.pending += counts ? 1 : -1;
  }
}

/** Takes the task out of all indexes, before its workers or needs change. `refresh` puts it back. */
export function unindex(state: State, task: TaskRecord): void {
  if (task.readyIndex >= 0) state.ready.remove(task);
  if (!task.counted) return;
  task.counted = false;
  task.membership.pending -= 1;
}

/** Tells the dependents that one more (`1`) or one fewer (`-1`) of what they wait for is unfinished. */
export function spreadUnmet(state: State, task: TaskRecord, change: 1 | -1): void {
  for (const dependent of task.dependents) {
    dependent.unmet += change;
    if (dependent.unmet <= 1) refresh(state, dependent);
  }
}

/** Tells all that is downstream when the task began or ceased to be disabled or behind a disabled one. */
export function spreadDisabled(state: State, task: TaskRecord, before: boolean): void {
  if (task.isDisabledOrBehind === before) return;
  const changed = [task];
  for (let next = changed.pop(); next !== undefined; next = changed.pop()) {
    const change = next.isDisabledOrBehind ? 1 : -1;
    for (const dependent of next.dependents) {
      const was = dependent.isDisabledOrBehind;
      dependent.disabledDeps += change;
      refresh(state, dependent);
      if (dependent.isDisabledOrBehind !== was) changed.push(dependent);
    }
  }
}

/** Raises the task and all it requires to at least this priority. */
export function raisePriority(state: State, task: TaskRecord, priority: number): void {
  const raised: TaskRecord[] = [];
  raiseOne(state, task, priority, raised);
  for (let next = raised.pop(); next !== undefined; next = raised.pop()) {
    for (const dep of next.deps) raiseOne(state, dep, priority, raised);
  }
}

function raiseOne(state: State, task: TaskRecord, priority: number, raised: TaskRecord[]): void {
  if (task.priority >= priority) return;
  task.priority = priority;
  state.ready.raised(task);
  if (task.deps.length > 0) raised.push(task);
}
