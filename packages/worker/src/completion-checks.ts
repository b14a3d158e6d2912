import { type Task, UsageError } from "@leat/core";

/** One task that is asked, or will be, whether it is complete. */
class Check {
  readonly task: Task;
  readonly answer: Promise<boolean>;
  /** Checks that this one waits for. */
  readonly waitsFor = new Set<Check>();
  isSettled = false;
  resolve!: (isComplete: boolean) => void;
  reject!: (error: unknown) => void;

  constructor(task: Task) {
    this.task = task;
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/**
 * Asks each task once whether it is complete, at most `limit` at a time, and keeps the answers. A task that asks about others
 * (a wrapper) gives its place away while it waits, so that it never blocks those that it waits for.
 */
export class CompletionChecks {
  readonly #limit: number;
  readonly #checks = new Map<string, Check>();
  readonly #queue: Check[] = [];
  readonly #unsettled = new Set<Check>();
  #active = 0;
  #isPumping = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether a task is complete. Rejects with what its `complete()` threw; `CYCLE` when wrappers wait for each other. */
  check(task: Task): Promise<boolean> {
    return this.#of(task).answer;
  }

  #of(task: Task): Check {
    const known = this.#checks.get(task.id);
    if (known !== undefined) return known;
    const check = new Check(task);
    this.#checks.set(task.id, check);
    this.#unsettled.add(check);
    this.#queue.push(check);
    this.#pump();
    return check;
  }

  /** Begins waiting checks, later: a chain of wrappers would otherwise call itself as deep as it is long. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    queueMicrotask(() => {
      this.#isPumping = false;
      while (this.#active < this.#limit) {
        const check = this.#queue.pop();
        if (check === undefined) break;
        this.#begin(check);
      }
      if (this.#active === 0) setImmediate(() => this.#refuseCycle());
    });
  }

  #begin(check: Check): void {
    this.#active++;
    const ask = async () => check.task.complete((other) => this.#wait(check, other));
    ask().then(
      (answer) => this.#settle(check, () => check.resolve(strictBoolean(answer, check.task))),
      (error: unknown) => this.#settle(check, () => check.reject(error)),
    );
  }

  #settle(check: Check, settle: () => void): void {
    if (check.waitsFor.size === 0) this.#active--;
    check.isSettled = true;
    this.#unsettled.delete(check);
    try {
      settle();
    } catch (error) {
      check.reject(error);
    }
    this.#pump();
  }

  async #wait(check: Check, other: Task): Promise<boolean> {
    const awaited = this.#of(other);
    if (check.waitsFor.size === 0) this.#active--;
    check.waitsFor.add(awaited);
    try {
      return await awaited.answer;
    } finally {
      if (check.waitsFor.delete(awaited) && check.waitsFor.size === 0 && !check.isSettled) this.#active++;
    }
  }

  /** When all that is left waits, it waits for itself. */
  #refuseCycle(): void {
    if (this.#active > 0 || this.#queue.length > 0 || this.#unsettled.size === 0) return;
    const error = cycleError(this.#findCycle());
    for (const check of this.#unsettled) check.reject(error);
    this.#unsettled.clear();
  }

  #findCycle(): Task[] {
    const path = new Set<Check>();
    let [check] = this.#unsettled;
    while (check !== undefined && !path.has(check)) {
      path.add(check);
      check = [...check.waitsFor].find((awaited) => !awaited.isSettled);
    }
    const tasks = [...path];
    return tasks.slice(check === undefined ? 0 : tasks.indexOf(check)).map((member) => member.task);
  }
}

function strictBoolean(answer: unknown, task: Task): boolean {
  if (typeof answer === "boolean") return answer;
  const message = `complete() of ${task} gives ${String(answer)}. Return true or false.`;
  throw new UsageError("COMPLETE_INVALID", message);
}

const SHOWN_TASKS = 10;

/** @param tasks the members in order: each requires the next, the last requires the first */
export function cycleError(tasks: readonly Task[]): UsageError {
  const shown = tasks.slice(0, SHOWN_TASKS).map(String);
  const hidden = tasks.length - shown.length;
  const path = [...shown, ...(hidden > 0 ? [`… ${hidden} more …`] : []), String(tasks[0])].join(" → ");
  return new UsageError(
    "CYCLE",
    `Tasks require each other in a circle: ${path}. Remove one of these requirements.`,
  );
}
