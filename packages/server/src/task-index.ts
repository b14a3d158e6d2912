import type { AddTasks, Scheduler, SchedulerEvent, TaskStatus, WorkerReply } from "@leat/scheduler";
import type { Change, ChangeListener } from "./engine.ts";
import { type Ordered, UpdateOrder } from "./update-order.ts";

/** What lists need to know of a task without asking the scheduler for it. */
export interface IndexedTask extends Ordered<IndexedTask> {
  readonly taskId: string;
  /** Grows in the order in which the tasks were first seen. */
  readonly order: number;
  family: string;
  status: TaskStatus;
  updatedAt: number;
  /** Label and id in lower case; not there until somebody searches, nor after a worker told more of the task. */
  searchText?: string | undefined;
}

/** How many tasks of each status; statuses without tasks are not named. */
export type StatusCounts = { readonly [Status in TaskStatus]?: number };

type Families = Map<string, Set<IndexedTask>>;

/**
 * Tasks by status and family, kept up to date from what commands say and what events tell. So counting costs
 * nothing, lists look only at the tasks they are about, and handing out work is not slowed down by either.
 */
export class TaskIndex implements ChangeListener {
  readonly #tasks = new Map<string, IndexedTask>();
  readonly #groups = new Map<TaskStatus, Families>();
  readonly #byUpdate = new UpdateOrder<IndexedTask>();
  #seen = 0;

  /** An index of the tasks that the scheduler has now. */
  constructor(scheduler: Scheduler) {
    for (const { taskId, status, family, updatedAt } of scheduler.tasks()) {
      const task = this.#add(taskId, status, updatedAt);
      task.family = family;
      this.#enter(task);
    }
    const tasks = [...this.#tasks.values()].sort((a, b) => a.updatedAt - b.updatedAt);
    for (const task of tasks) this.#byUpdate.append(task);
  }

  applied({ command, reply, events }: Change): void {
    for (const event of events) this.#follow(event);
    if (command.type === "addTasks" && (reply as WorkerReply).workerState === "active") this.#learn(command);
  }

  get size(): number {
    return this.#tasks.size;
  }

  get(taskId: string): IndexedTask | undefined {
    return this.#tasks.get(taskId);
  }

  /** Empty for a task that is not known. */
  familyOf(taskId: string): string {
    return this.#tasks.get(taskId)?.family ?? "";
  }

  countByStatus(): StatusCounts {
    const counts: { [Status in TaskStatus]?: number } = {};
    for (const [status, families] of this.#groups) {
      let count = 0;
      for (const group of families.values()) count += group.size;
      if (count > 0) counts[status] = count;
    }
    return counts;
  }

  /** By name of the family. Tasks that are only named as requirements have none and count under the empty name. */
  countByFamily(): Map<string, StatusCounts> {
    const counts = new Map<string, { [Status in TaskStatus]?: number }>();
    for (const [status, families] of this.#groups) {
      for (const [family, group] of families) {
        const entry = counts.get(family) ?? {};
        entry[status] = group.size;
        counts.set(family, entry);
      }
    }
    return counts;
  }

  /**
   * Tasks of the statuses and families, of all when not given; in no particular order. Commands may come in between:
   * of tasks that change their status meanwhile, some may be left out where statuses are given.
   */
  *select(
    statuses?: readonly TaskStatus[],
    families?: readonly string[],
  ): Generator<IndexedTask, void, void> {
    if (statuses === undefined) return yield* this.#ofFamilies(families);
    for (const status of statuses) {
      const byFamily = this.#groups.get(status);
      if (byFamily === undefined) continue;
      for (const family of families ?? byFamily.keys()) yield* byFamily.get(family) ?? [];
    }
  }

  /** By going through all, because tasks move from group to group. */
  *#ofFamilies(families: readonly string[] | undefined): Generator<IndexedTask, void, void> {
    const wanted = families && new Set(families);
    for (const task of this.#tasks.values()) if (wanted?.has(task.family) !== false) yield task;
  }

  /** All tasks by their last change. No command may come in between. */
  byUpdate(newestFirst: boolean): Generator<IndexedTask, void, void> {
    return this.#byUpdate.items(newestFirst);
  }

  #follow(event: SchedulerEvent): void {
    if (event.type === "task:removed") this.#remove(event.taskId);
    else if (event.type === "task:status") this.#move(event.taskId, event.to, event.at);
  }

  #move(taskId: string, status: TaskStatus, at: number): void {
    let task = this.#tasks.get(taskId);
    if (task === undefined) {
      task = this.#add(taskId, status, at);
    } else {
      this.#leave(task);
      this.#byUpdate.remove(task);
      task.status = status;
      task.updatedAt = at;
    }
    this.#enter(task);
    this.#byUpdate.append(task);
  }

  #remove(taskId: string): void {
    const task = this.#tasks.get(taskId);
    if (task === undefined) return;
    this.#leave(task);
    this.#byUpdate.remove(task);
    this.#tasks.delete(taskId);
  }

  /** The first family that is not empty stays, as in the scheduler. */
  #learn({ tasks }: AddTasks): void {
    for (const { taskId, family = "" } of tasks) {
      const task = this.#tasks.get(taskId);
      if (task === undefined) continue;
      task.searchText = undefined;
      if (task.family !== "" || family === "") continue;
      this.#leave(task);
      task.family = family;
      this.#enter(task);
    }
  }

  #add(taskId: string, status: TaskStatus, updatedAt: number): IndexedTask {
    const task: IndexedTask = {
      taskId,
      order: this.#seen++,
      family: "",
      status,
      updatedAt,
      searchText: undefined,
      older: undefined,
      newer: undefined,
    };
    this.#tasks.set(taskId, task);
    return task;
  }

  #enter(task: IndexedTask): void {
    let families = this.#groups.get(task.status);
    if (families === undefined) this.#groups.set(task.status, (families = new Map()));
    let group = families.get(task.family);
    if (group === undefined) families.set(task.family, (group = new Set()));
    group.add(task);
  }

  #leave(task: IndexedTask): void {
    const families = this.#groups.get(task.status);
    const group = families?.get(task.family);
    group?.delete(task);
    if (group?.size === 0) families?.delete(task.family);
  }
}
