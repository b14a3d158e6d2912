import type { Task } from "@leat/core";
import { Breather } from "./breather.ts";
import { Check, findCycle, strictBoolean, type Waiter } from "./check.ts";
import { cycleError } from "./cycle.ts";
import { Fifo } from "./fifo.ts";

/** Hears whether the tasks are complete that it asked for. */
export interface CheckListener {
  answered(task: Task, isComplete: boolean): void;
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
  readonly #checks = new Map<string, Check>();
  /** Checks to begin, and settled ones that the listener has not heard of. */
  readonly #queue = new Fifo<Check>();
  readonly #breather = new Breather();
  /** Checks under way that do not wait for others. */
  #active = 0;
  #unsettled = 0;
  #isPumping = false;
  #isCycleSuspected = false;
  #isStopped = false;

  constructor(limit: number, listener: CheckListener) {
    this.#limit = limit;
    this.#listener = listener;
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
      else void this.#begin(check);
      if (this.#breather.isDue) return void this.#breather.rest().then(() => this.#pumpOn());
    }
    this.#isPumping = false;
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

  async #begin(check: Check): Promise<void> {
    const { task } = check;
    this.#active++;
    try {
      const answer: unknown = await task.complete((other) => this.#wait(check, other));
      check.answer = strictBoolean(answer, task);
    } catch (error) {
      check.error = error;
    }
    this.#settle(check);
  }

  #settle(check: Check): void {
    if (!check.isWaiting) this.#active--;
    check.isSettled = true;
    this.#unsettled--;
    for (const waiter of check.waiters ?? []) this.#resume(waiter, check);
    check.waiters = undefined;
    if (check.isWanted) this.#tell(check);
    this.#pump();
  }

  #tell({ task, answer, error }: Check): void {
    if (answer === undefined) this.#listener.unanswered(task, error);
    else this.#listener.answered(task, answer);
  }

  /** What a task gets that asks about another. */
  async #wait(asking: Check, other: Task): Promise<boolean> {
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
    const isIdle = this.#active === 0 && this.#queue.peek() === undefined;
    return isIdle && this.#unsettled > 0 && !this.#isStopped;
  }

  #refuseCycle(): void {
    const waiting = [...this.#checks.values()].filter((check) => !check.isSettled);
    const error = cycleError(findCycle(waiting[0]));
    for (const check of waiting) if (check.isWanted) this.#listener.unanswered(check.task, error);
  }
}
