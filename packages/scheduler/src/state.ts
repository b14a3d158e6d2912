import type { ChangeReason, SchedulerConfig, SchedulerEvent, TaskStatus } from "./api.ts";
import type { Attempt } from "./attempt.ts";
import { Deadlines } from "./deadlines.ts";
import { type Membership, Memberships } from "./membership.ts";
import { ReadyIndex } from "./ready-index.ts";
import { ResourcePool, ResourceSets } from "./resources.ts";
import { TaskRecord } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** Everything a scheduler knows. The other modules are the operations on it. */
export class State {
  readonly config: SchedulerConfig;
  /** Time of the last command; never goes back, whatever the caller's clock does. */
  now = 0;
  paused = false;
  readonly tasks = new Map<string, TaskRecord>();
  readonly workers = new Map<string, WorkerRecord>();
  readonly attempts = new Map<string, Attempt>();
  /** PENDING tasks that a worker began and goes on with when what they need is there: nobody else is given them. */
  readonly suspended = new Map<TaskRecord, WorkerRecord>();
  /** Workers that run tasks of a family whoever registered them, by family. */
  readonly helpers = new Map<string, Set<WorkerRecord>>();
  readonly memberships = new Memberships();
  readonly resourceSets = new ResourceSets();
  readonly resources: ResourcePool;
  readonly ready = new ReadyIndex();
  readonly deadlines = new Deadlines<TaskRecord | WorkerRecord>();
  /** Where events go; `undefined` when nobody wants them. */
  events: SchedulerEvent[] | undefined = undefined;
  tasksSeen = 0;
  workersSeen = 0;
  attemptsStarted = 0;
  messagesSent = 0;

  constructor(config: SchedulerConfig) {
    this.config = config;
    this.resources = new ResourcePool(config.resources);
  }

  /** Finds the task or makes a placeholder for it. */
  taskOf(id: string): TaskRecord {
    let task = this.tasks.get(id);
    if (task === undefined) {
      task = new TaskRecord(id, this.tasksSeen++, this.now, this.memberships.nobody);
      this.include(task);
    }
    return task;
  }

  include(task: TaskRecord): void {
    task.membership.add(task);
    this.tasks.set(task.id, task);
  }

  exclude(task: TaskRecord): void {
    task.membership.remove(task);
    this.tasks.delete(task.id);
    this.suspended.delete(task);
  }

  /** The workers that may be given the task. */
  takersOf(task: TaskRecord): Membership {
    const worker = this.suspended.get(task);
    return worker === undefined ? task.membership : this.memberships.exclusiveTo(worker);
  }

  emit(event: SchedulerEvent): void {
    this.events?.push(event);
  }

  /** Tells that the task has a new status; `from` does not matter for a task that nobody was told about. */
  emitStatus(task: TaskRecord, from: TaskStatus, reason: ChangeReason, attempt?: Attempt): void {
    this.events?.push({
      type: "task:status",
      at: this.now,
      taskId: task.id,
      from: task.announced ? from : null,
      to: task.status,
      worker: attempt?.worker.id ?? null,
      token: attempt?.token ?? null,
      reason,
    });
    task.announced = true;
  }
}
