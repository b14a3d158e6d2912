import { Heap } from "./heap.ts";
import { ClassRanking, type ReadyClass } from "./ready-index.ts";
import type { ResourceSet } from "./resources.ts";
import type { TaskRecord } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

interface Retry {
  readonly at: number;
  readonly task: TaskRecord;
}

class RetryHeap extends Heap<Retry> {
  protected override before(a: Retry, b: Retry): boolean {
    return a.at < b.at;
  }
}

/**
 * Which workers can run a task and which care about it. Tasks of the same workers share one object, so that what
 * concerns a worker is counted per membership, of which there are few, and not per task.
 */
export class Membership {
  /** Workers that can run the tasks, in the order of registration. */
  readonly runners: readonly WorkerRecord[];
  /** Workers for which the tasks are kept. */
  readonly stakeholders: readonly WorkerRecord[];
  /** Nobody else is given its classes, not even an assistant. It has no tasks. */
  readonly isExclusive: boolean;
  readonly tasks: TaskRecord[] = [];
  /** How many of the tasks are PENDING or FAILED and not behind a DISABLED one. */
  pending = 0;
  /** Classes with ready tasks. */
  readonly classes = new Map<ResourceSet, ReadyClass>();
  readonly ranking = new ClassRanking();
  /** Last answers of `Memberships.join`, because a worker registers many tasks in a row. */
  readonly joins: ({ readonly worker: WorkerRecord; readonly to: Membership } | undefined)[] = [];
  private readonly runnerSet: ReadonlySet<WorkerRecord>;
  private readonly stakeholderSet: ReadonlySet<WorkerRecord>;
  private readonly retries = new RetryHeap();

  constructor(
    runners: readonly WorkerRecord[],
    stakeholders: readonly WorkerRecord[],
    isExclusive: boolean = false,
  ) {
    this.runners = runners;
    this.stakeholders = stakeholders;
    this.isExclusive = isExclusive;
    this.runnerSet = new Set(runners);
    this.stakeholderSet = new Set(stakeholders);
  }

  isRunner(worker: WorkerRecord): boolean {
    return this.runnerSet.has(worker);
  }

  isStakeholder(worker: WorkerRecord): boolean {
    return this.stakeholderSet.has(worker);
  }

  add(task: TaskRecord): void {
    task.membership = this;
    task.memberIndex = this.tasks.push(task) - 1;
    this.noteRetry(task);
  }

  remove(task: TaskRecord): void {
    const last = this.tasks.pop() as TaskRecord;
    if (last !== task) {
      this.tasks[task.memberIndex] = last;
      last.memberIndex = task.memberIndex;
    }
    task.memberIndex = -1;
  }

  /** A removed task still points to its last membership. */
  private has(task: TaskRecord): boolean {
    return task.membership === this && task.memberIndex >= 0;
  }

  /** To be called when the retry time of a member is set. */
  noteRetry(task: TaskRecord): void {
    const at = task.failures?.retryAt ?? Infinity;
    if (at < Infinity) this.retries.push({ at, task });
  }

  /** Earliest retry of a member; `Infinity` when none is waiting for one. */
  nextRetry(): number {
    for (;;) {
      const top = this.retries.peek();
      if (top === undefined) return Infinity;
      if (this.has(top.task) && top.task.failures?.retryAt === top.at) return top.at;
      this.retries.pop();
    }
  }
}

/** Makes equal memberships one object. */
export class Memberships {
  /** Tasks that no live worker registered. */
  readonly nobody: Membership = new Membership([], []);
  private readonly byKey = new Map<string, Membership>([[keyOf([], []), this.nobody]]);
  private readonly exclusive = new Map<WorkerRecord, Membership>();

  get size(): number {
    return this.byKey.size + this.exclusive.size;
  }

  /** Where what only this worker may be given is ready, whoever else could run it. */
  exclusiveTo(worker: WorkerRecord): Membership {
    let membership = this.exclusive.get(worker);
    if (membership === undefined) {
      membership = new Membership([worker], [], true);
      this.exclusive.set(worker, membership);
      worker.memberships.add(membership);
    }
    return membership;
  }

  /** The membership in which the worker also can run the task, cares about it, or both. */
  join(from: Membership, worker: WorkerRecord, run: boolean, care: boolean): Membership {
    const slot = (run ? 1 : 0) + (care ? 2 : 0);
    const last = from.joins[slot];
    if (last?.worker === worker) return last.to;
    const runners = run && !from.isRunner(worker) ? [...from.runners, worker] : from.runners;
    const stakeholders =
      care && !from.isStakeholder(worker) ? [...from.stakeholders, worker] : from.stakeholders;
    const to = this.of(runners, stakeholders);
    from.joins[slot] = { worker, to };
    return to;
  }

  /** The membership in which the worker cannot run the task; what it cares about stays. */
  withoutRunner(from: Membership, worker: WorkerRecord): Membership {
    return this.of(
      from.runners.filter((other) => other !== worker),
      from.stakeholders,
    );
  }

  without(from: Membership, worker: WorkerRecord): Membership {
    return this.of(
      from.runners.filter((other) => other !== worker),
      from.stakeholders.filter((other) => other !== worker),
    );
  }

  /** Forgets all memberships with the worker. They must be empty. */
  forget(worker: WorkerRecord): void {
    for (const membership of worker.memberships) {
      this.byKey.delete(keyOf(membership.runners, membership.stakeholders));
      for (const other of [...membership.runners, ...membership.stakeholders]) {
        if (other !== worker) other.memberships.delete(membership);
      }
    }
    worker.memberships.clear();
    this.exclusive.delete(worker);
  }

  of(runners: readonly WorkerRecord[], stakeholders: readonly WorkerRecord[]): Membership {
    const key = keyOf(runners, stakeholders);
    let membership = this.byKey.get(key);
    if (membership === undefined) {
      membership = new Membership(runners, stakeholders);
      this.byKey.set(key, membership);
      for (const worker of [...runners, ...stakeholders]) worker.memberships.add(membership);
    }
    return membership;
  }
}

function keyOf(runners: readonly WorkerRecord[], stakeholders: readonly WorkerRecord[]): string {
  // The order of stakeholders has no meaning.
  const interested = stakeholders.map((worker) => worker.number).sort((a, b) => a - b);
  return `${runners.map((worker) => worker.number).join()}|${interested.join()}`;
}
