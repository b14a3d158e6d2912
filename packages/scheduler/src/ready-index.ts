import { Heap } from "./heap.ts";
import type { Membership } from "./membership.ts";
import type { ResourceSet } from "./resources.ts";
import { outranks, type TaskRecord } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

/** Tasks, best rank on top. */
class RankHeap extends Heap<TaskRecord> {
  protected override before(a: TaskRecord, b: TaskRecord): boolean {
    return outranks(a, b);
  }
}

/** Ready tasks that know where they stand in the heap, so that any of them can be taken out. */
abstract class IndexedHeap extends RankHeap {
  protected abstract indexOf(task: TaskRecord): number;

  /** The best task. A heap in the index is never empty. */
  get head(): TaskRecord {
    return this.items[0] as TaskRecord;
  }

  remove(task: TaskRecord): void {
    this.removeAt(this.indexOf(task));
    this.moved(task, -1);
  }

  raised(task: TaskRecord): void {
    this.siftUp(this.indexOf(task));
  }

  /** The tasks best rank first. Taking the first n costs O(n log n). */
  *inOrder(): Generator<TaskRecord> {
    const frontier = new RankHeap();
    frontier.push(this.head);
    for (let task = frontier.pop(); task !== undefined; task = frontier.pop()) {
      yield task;
      const left = 2 * this.indexOf(task) + 1;
      for (const child of this.items.slice(left, left + 2)) frontier.push(child);
    }
  }

  protected abstract override moved(task: TaskRecord, index: number): void;
}

/**
 * Ready tasks with the same workers and the same needs. What keeps one of them from running keeps all of them, so a
 * class is passed over as a whole.
 */
export class ReadyClass extends IndexedHeap {
  readonly membership: Membership;
  readonly resources: ResourceSet;
  /** Position in `membership.ranking`. */
  rankIndex = -1;

  constructor(membership: Membership, resources: ResourceSet) {
    super();
    this.membership = membership;
    this.resources = resources;
  }

  protected override indexOf(task: TaskRecord): number {
    return task.readyIndex;
  }

  protected override moved(task: TaskRecord, index: number): void {
    task.readyIndex = index;
  }
}

/** Classes of the same workers, the one with the best task on top. */
export class ClassRanking extends Heap<ReadyClass> {
  /** To be called when the head of the class may have changed, or the class is new. */
  rank(readyClass: ReadyClass): void {
    if (readyClass.rankIndex < 0) this.push(readyClass);
    else this.reposition(readyClass.rankIndex);
  }

  /** Must come before the last task of the class goes. */
  remove(readyClass: ReadyClass): void {
    this.removeAt(readyClass.rankIndex);
    readyClass.rankIndex = -1;
  }

  protected override before(a: ReadyClass, b: ReadyClass): boolean {
    return outranks(a.head, b.head);
  }

  protected override moved(readyClass: ReadyClass, index: number): void {
    readyClass.rankIndex = index;
  }
}

/** Ready tasks that may be run in one batch. */
export class BatchGroup extends IndexedHeap {
  readonly key: string;

  constructor(key: string) {
    super();
    this.key = key;
  }

  protected override indexOf(task: TaskRecord): number {
    return task.batchIndex;
  }

  protected override moved(task: TaskRecord, index: number): void {
    task.batchIndex = index;
  }
}

/** Ready batchable tasks by family, needs, and the parameters that must be the same within a batch. */
class BatchGroups {
  private readonly groups = new Map<string, BatchGroup>();
  /** Parameters that may differ, by family. Not to be changed while a task of the family is in a group. */
  readonly batchedParams = new Map<string, readonly string[]>();

  add(task: TaskRecord): void {
    const params = task.batchable ? this.batchedParams.get(task.family) : undefined;
    if (params === undefined) return;
    const key = keyOf(task, params);
    const group = this.groups.get(key) ?? new BatchGroup(key);
    this.groups.set(key, group);
    task.batchGroup = group;
    group.push(task);
  }

  remove(task: TaskRecord): void {
    const group = task.batchGroup;
    if (group === undefined) return;
    group.remove(task);
    task.batchGroup = undefined;
    if (group.size === 0) this.groups.delete(group.key);
  }
}

function keyOf(task: TaskRecord, batchedParams: readonly string[]): string {
  const same = Object.entries(task.params).filter(([name]) => !batchedParams.includes(name));
  same.sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([task.family, task.resources.names, task.resources.amounts, same]);
}

/** The tasks that can be handed out now, as far as resources allow. */
export class ReadyIndex {
  /** None is empty. */
  readonly classes = new Set<ReadyClass>();
  readonly batches = new BatchGroups();
  private readonly byResource = new Map<string, Set<ReadyClass>>();

  /** @param takers who may be given the task */
  add(task: TaskRecord, takers: Membership): void {
    const readyClass = this.classOf(takers, task.resources);
    task.readyClass = readyClass;
    readyClass.push(task);
    readyClass.membership.ranking.rank(readyClass);
    this.batches.add(task);
  }

  remove(task: TaskRecord): void {
    const readyClass = task.readyClass as ReadyClass;
    if (readyClass.size === 1) this.drop(readyClass);
    readyClass.remove(task);
    if (readyClass.size > 0) readyClass.membership.ranking.rank(readyClass);
    task.readyClass = undefined;
    this.batches.remove(task);
  }

  /** To be called when the priority of a task has risen. */
  raised(task: TaskRecord): void {
    const { readyClass } = task;
    if (readyClass === undefined) return;
    readyClass.raised(task);
    readyClass.membership.ranking.rank(readyClass);
    task.batchGroup?.raised(task);
  }

  /** The class with the best task that the worker may take: an assistant from all, others from their own. */
  bestFor(worker: WorkerRecord): ReadyClass | undefined {
    let best: ReadyClass | undefined;
    for (const candidate of worker.assistant ? this.openTo(worker) : bestOfOwn(worker)) {
      if (best === undefined || outranks(candidate.head, best.head)) best = candidate;
    }
    return best;
  }

  private *openTo(assistant: WorkerRecord): Generator<ReadyClass> {
    for (const readyClass of this.classes) if (isEligible(assistant, readyClass)) yield readyClass;
  }

  /** Classes that need any of the resources that this one needs. */
  *rivalsOf(readyClass: ReadyClass): Generator<ReadyClass> {
    for (const name of readyClass.resources.names) yield* this.needing(name);
  }

  /** Classes that need the resource. */
  needing(name: string): Iterable<ReadyClass> {
    return this.byResource.get(name) ?? [];
  }

  /** Resources that some ready task needs. */
  neededResources(): Iterable<string> {
    return this.byResource.keys();
  }

  private classOf(membership: Membership, resources: ResourceSet): ReadyClass {
    const known = membership.classes.get(resources);
    if (known !== undefined) return known;
    const readyClass = new ReadyClass(membership, resources);
    membership.classes.set(resources, readyClass);
    this.classes.add(readyClass);
    for (const name of resources.names) this.rivals(name).add(readyClass);
    return readyClass;
  }

  private drop(readyClass: ReadyClass): void {
    const { membership, resources } = readyClass;
    membership.classes.delete(resources);
    membership.ranking.remove(readyClass);
    this.classes.delete(readyClass);
    for (const name of resources.names) {
      const rivals = this.rivals(name);
      rivals.delete(readyClass);
      if (rivals.size === 0) this.byResource.delete(name);
    }
  }

  private rivals(name: string): Set<ReadyClass> {
    const classes = this.byResource.get(name) ?? new Set();
    this.byResource.set(name, classes);
    return classes;
  }
}

function* bestOfOwn(worker: WorkerRecord): Generator<ReadyClass> {
  for (const membership of worker.memberships) {
    const best = membership.isRunner(worker) ? membership.ranking.peek() : undefined;
    if (best !== undefined) yield best;
  }
}

export function isEligible(worker: WorkerRecord, { membership }: ReadyClass): boolean {
  return (worker.assistant && !membership.isExclusive) || membership.isRunner(worker);
}
