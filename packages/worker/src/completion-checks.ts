import type { Absence, CompletionCheck, EventBus, Task } from "@leat/core";
import { Breather } from "./breather.ts";
import { type BulkCheckedClass, bulkClassOf, completeAmong } from "./bulk-check.ts";
import { Check, findCycle, strictBoolean, type Waiter } from "./check.ts";
import { cycleError } from "./cycle.ts";
import { Fifo } from "./fifo.ts";
import { refuseNamesake } from "./namesake.ts";

/** Hears whether the tasks are complete that it asked for. */
export interface CheckListener {
  answered(task: Task, isComplete: boolean, lacking: readonly Absence[]): void;
  /** It cannot be told: `complete()` threw, or waits for itself (`CYCLE`). */
  unanswered(task: Task, error: unknown): void;
}

/**
 * Asks each task once whether it is complete, at most `limit` at a time, and keeps the answers. A task that asks about others
 * (a wrapper) gives its place away while it waits, so that it never blocks those that it waits for.
 */
export class CompletionChecks {
  readonly #limit: number;
  readonly #listener: CheckListener;
  readonly #events: EventBus;
  readonly #checks = new Map<string, Check>();
  /** Checks to begin, and settled ones that the listener has not heard of. */
  readonly #queue = new Fifo<Check>();
  /** Checks that are asked together, when no more of them can come. */
  readonly #bulk = new Map<BulkCheckedClass, Check[]>();
  readonly #breather = new Breather();
  /** Checks under way that do not wait for others. */
  #active = 0;
  #unsettled = 0;
  #isPumping = false;
  #isCycleSuspected = false;
  #isBulkSuspected = false;
  #isStopped = false;

  constructor(limit: number, listener: CheckListener, events: EventBus) {
    this.#limit = limit;
    this.#listener = listener;
    this.#events = events;
  }

  /** Refuses a task for which another one would pass that was asked before. @throws UsageError `TASK_AMBIGUOUS` */
  admit(task: Task): void {
    const known = this.#checks.get(task.id);
    if (known !== undefined) refuseNamesake(known.task, task);
  }

  /** The listener will hear whether the task is complete. */
  ask(task: Task): void {
    const check = this.#checkOf(task);
    check.isWanted = true;
    // Telling it from here would call back and forth as deep as a chain of tasks is long.
    if (check.isSettled) this.#queue.push(check);
    this.#pump();
  }

  /** Begins no more checks. */
  stop(): void {
    this.#isStopped = true;
    this.#queue.clear();
    this.#bulk.clear();
  }

  #checkOf(task: Task): Check {
    const known = this.#checks.get(task.id);
    if (known !== undefined) return known;
    const check = new Check(task);
    this.#checks.set(task.id, check);
    this.#unsettled++;
    if (!this.#isStopped) this.#queue.push(check);
    return check;
  }

  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    for (let check = this.#next(); check !== undefined; check = this.#next()) {
      this.#queue.drop();
      if (check.isSettled) this.#tell(check);
      else this.#begin(check);
      if (this.#breather.isDue) return void this.#breather.rest().then(() => this.#pumpOn());
    }
    this.#isPumping = false;
    this.#suspectBulk();
    this.#suspectCycle();
  }

  #pumpOn(): void {
    this.#isPumping = false;
    this.#pump();
  }

  /** What can be done now. */
  #next(): Check | undefined {
    const check = this.#queue.peek();
    return check !== undefined && (check.isSettled || this.#active < this.#limit) ? check : undefined;
  }

  #begin(check: Check): void {
    const type = bulkClassOf(check.task);
    if (type === undefined) return void this.#ask(check);
    const checks = this.#bulk.get(type) ?? [];
    this.#bulk.set(type, checks);
    checks.push(check);
  }

  async #ask(check: Check): Promise<void> {
    const { task } = check;
    this.#active++;
    try {
      const answer: unknown = await task.complete(this.#questionsOf(check), this.#events);
      check.answer = strictBoolean(answer, task);
    } catch (error) {
      check.error = error;
    }
    if (!check.isWaiting) this.#active--;
    this.#settle(check);
    this.#pump();
  }

  /** What a task gets to ask about others, and to say what it lacks. */
  #questionsOf(check: Check): CompletionCheck {
    const ask = (other: Task): Promise<boolean> => this.#wait(check, other);
    ask.lacking = (targets: readonly Absence[]) => void (check.lacking = targets);
    return ask;
  }

  /** While others are asked, their answers may lead to more tasks of the same class. */
  #suspectBulk(): void {
    if (!this.#isBulkDue || this.#isBulkSuspected) return;
    this.#isBulkSuspected = true;
    // Those who ask, and those that have their answers, go on in between.
    setImmediate(() => {
      this.#isBulkSuspected = false;
      if (this.#isBulkDue) this.#beginBulk();
    });
  }

  get #isBulkDue(): boolean {
    return this.#bulk.size > 0 && this.#active === 0 && this.#queue.peek() === undefined;
  }

  #beginBulk(): void {
    const groups = [...this.#bulk];
    this.#bulk.clear();
    for (const [type, checks] of groups) void this.#askTogether(type, checks);
  }

  async #askTogether(type: BulkCheckedClass, checks: readonly Check[]): Promise<void> {
    this.#active++;
    const tasks = checks.map(({ task }) => task);
    try {
      const complete = await completeAmong(type, tasks);
      for (const check of checks) check.answer = complete.has(check.task.id);
    } catch (error) {
      for (const check of checks) check.error = error;
    }
    for (const check of checks) this.#settle(check);
    // Not before: what the answers lead to is asked together as well.
    this.#active--;
    this.#pump();
  }

  #settle(check: Check): void {
    check.isSettled = true;
    this.#unsettled--;
    for (const waiter of check.waiters ?? []) this.#resume(waiter, check);
    check.waiters = undefined;
    if (check.isWanted) this.#tell(check);
  }

  #tell({ task, answer, error, lacking }: Check): void {
    if (answer === undefined) this.#listener.unanswered(task, error);
    else this.#listener.answered(task, answer, lacking);
  }

  /** What a task gets that asks about another. */
  async #wait(asking: Check, other: Task): Promise<boolean> {
    this.admit(other);
    const check = this.#checkOf(other);
    if (!check.isSettled) {
      if (!asking.isWaiting && !asking.isSettled) this.#active--;
      (asking.waitsFor ??= new Set()).add(check);
      const settled = new Promise<void>((resume) => (check.waiters ??= []).push({ check: asking, resume }));
      this.#pump();
      await settled;
    }
    if (check.answer === undefined) throw check.error;
    return check.answer;
  }

  #resume({ check, resume }: Waiter, awaited: Check): void {
    const wasLast = check.waitsFor?.delete(awaited) === true && check.waitsFor.size === 0;
    if (wasLast && !check.isSettled) this.#active++;
    resume();
  }

  /** When all that is left waits, it waits for itself. */
  #suspectCycle(): void {
    if (!this.#isStuck() || this.#isCycleSuspected) return;
    this.#isCycleSuspected = true;
    // Tasks that have their answers go on in between.
    setImmediate(() => {
      this.#isCycleSuspected = false;
      if (this.#isStuck()) this.#refuseCycle();
    });
  }

  #isStuck(): boolean {
    const isIdle = this.#active === 0 && this.#queue.peek() === undefined && this.#bulk.size === 0;
    return isIdle && this.#unsettled > 0 && !this.#isStopped;
  }

  #refuseCycle(): void {
    const waiting = [...this.#checks.values()].filter((check) => !check.isSettled);
    const error = cycleError(findCycle(waiting[0]));
    for (const check of waiting) if (check.isWanted) this.#listener.unanswered(check.task, error);
  }
}
