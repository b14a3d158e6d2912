import { Heap } from "./heap.ts";
import { isEligible, type ReadyClass } from "./ready-index.ts";
import { add, addTo, type Taken } from "./resources.ts";
import type { Attempt } from "./attempt.ts";
import type { State } from "./state.ts";
import { byRank, outranks, type TaskRecord } from "./task-record.ts";
import type { WorkerRecord } from "./worker-record.ts";

/**
 * Chooses the task that the worker runs next.
 *
 * The best ranked task that the worker can run and whose needs are free is taken, unless a better ranked task of
 * another worker waits for the same resources: then they are kept for that one. They are kept only for workers that
 * ask for work and have capacity left, as if all running and ready tasks were dealt out anew in the order of rank.
 */
export function chooseTask(state: State, worker: WorkerRecord): TaskRecord | undefined {
  const best = state.ready.bestFor(worker);
  if (best === undefined) return undefined;
  if (state.resources.fits(best.resources) && !isContended(state, worker, best)) return best.head;
  return new Dealing(state, worker).choose();
}

/** Whether a better ranked task that the worker cannot run waits for one of the resources. */
function isContended(state: State, worker: WorkerRecord, best: ReadyClass): boolean {
  for (const rival of state.ready.rivalsOf(best)) {
    if (outranks(rival.head, best.head) && !isEligible(worker, rival)) return true;
  }
  return false;
}

/** A class and its best task that was not looked at yet; or a running attempt. */
interface Turn {
  task: TaskRecord;
  readonly attempt: Attempt | undefined;
  readonly readyClass: ReadyClass | undefined;
  readonly rest: Iterator<TaskRecord> | undefined;
}

class Turns extends Heap<Turn> {
  protected override before(a: Turn, b: Turn): boolean {
    return outranks(a.task, b.task);
  }
}

/**
 * Deals running and ready tasks out to the asking workers in the order of rank, until one falls to the worker.
 *
 * A class is left as soon as one of its tasks neither fits nor finds a worker with capacity, because then no later
 * one will. So the number of tasks looked at is at most that of classes, attempts and processes together.
 */
class Dealing {
  private readonly state: State;
  private readonly worker: WorkerRecord;
  private readonly turns = new Turns();
  /** What better ranked tasks hold or are to get. */
  private readonly reserved: Taken = new Map();
  private readonly capacity = new Map<WorkerRecord, number>();

  constructor(state: State, worker: WorkerRecord) {
    this.state = state;
    this.worker = worker;
    for (const attempt of state.attempts.values()) {
      this.turns.push({ task: bestOf(attempt), attempt, readyClass: undefined, rest: undefined });
    }
    for (const readyClass of state.ready.classes) this.enter(readyClass);
  }

  choose(): TaskRecord | undefined {
    for (let turn = this.turns.pop(); turn !== undefined; turn = this.turns.pop()) {
      if (turn.attempt !== undefined) this.countRunning(turn.attempt);
      else if (this.falls(turn)) return turn.task;
    }
    return undefined;
  }

  private enter(readyClass: ReadyClass): void {
    const rest = readyClass.inOrder();
    const task = rest.next().value as TaskRecord;
    this.turns.push({ task, attempt: undefined, readyClass, rest });
  }

  private countRunning(attempt: Attempt): void {
    const left = this.capacityOf(attempt.worker);
    if (left <= 0) return;
    this.capacity.set(attempt.worker, left - 1);
    attempt.held?.forEach((amount, name) => add(this.reserved, name, amount));
  }

  /** Whether the task falls to the worker. If not, its needs may be reserved, and its class goes on or is left. */
  private falls(turn: Turn): boolean {
    const readyClass = turn.readyClass as ReadyClass;
    const { resources } = this.state;
    if (!resources.fits(readyClass.resources, this.reserved)) return false;
    const eligible = isEligible(this.worker, readyClass);
    if (eligible && resources.fits(readyClass.resources)) return true;
    if (this.reserve(readyClass, eligible)) this.advance(turn);
    return false;
  }

  private reserve(readyClass: ReadyClass, eligible: boolean): boolean {
    const { runners } = readyClass.membership;
    const taker =
      runners.find((runner) => this.capacityOf(runner) > 0) ??
      (eligible && this.capacityOf(this.worker) > 0 ? this.worker : undefined);
    if (taker === undefined) return false;
    this.capacity.set(taker, this.capacityOf(taker) - 1);
    addTo(this.reserved, readyClass.resources);
    return true;
  }

  private advance(turn: Turn): void {
    const next = turn.rest?.next();
    if (next === undefined || next.done === true) return;
    turn.task = next.value;
    this.turns.push(turn);
  }

  private capacityOf(worker: WorkerRecord): number {
    return this.capacity.get(worker) ?? (worker.isAsking(this.state.now) ? worker.processes : 0);
  }
}

function bestOf(attempt: Attempt): TaskRecord {
  return attempt.tasks.length === 1
    ? (attempt.tasks[0] as TaskRecord)
    : ([...attempt.tasks].sort(byRank)[0] as TaskRecord);
}
