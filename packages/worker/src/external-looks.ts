import { messageOf, type RetryPolicy, type Task } from "@leat/core";
import type { Clock } from "./clock.ts";
import { findComplete } from "./find-complete.ts";
import type { RunLogger } from "./logger.ts";
import type { PlannedTask } from "./plan.ts";
import { delayAfter } from "./retries.ts";
import { nameOf } from "./task-name.ts";

export interface ExternalLooksOptions {
  /** Time between two looks at a task that has no policy of its own; `undefined`: none is looked at again. */
  readonly delaySeconds: number | undefined;
  readonly clock: Clock;
  readonly log: RunLogger;
  /** There is something to take, or a task was given up. */
  readonly onNews: () => void;
}

interface Awaited {
  readonly task: Task;
  readonly policy: RetryPolicy;
  /** How often it was looked at in vain, not counting the plan. */
  looks: number;
  dueAt: number;
}

/** External tasks that were not there when they were planned, and are looked at again from time to time. */
export class ExternalLooks {
  readonly #options: ExternalLooksOptions;
  readonly #awaited = new Map<string, Awaited>();
  #found: Task[] = [];
  #hasNews = false;
  #isLooking = false;
  #disarm: () => void = () => undefined;

  constructor(options: ExternalLooksOptions) {
    this.#options = options;
  }

  /** Whether any task is waited for. */
  get isWaiting(): boolean {
    return this.#awaited.size > 0;
  }

  get hasNews(): boolean {
    return this.#hasNews;
  }

  has(taskId: string): boolean {
    return this.#awaited.has(taskId);
  }

  /** Waits for those of the tasks that are missing. */
  watch(tasks: readonly PlannedTask[]): void {
    const { delaySeconds, clock } = this.#options;
    if (delaySeconds === undefined) return;
    for (const { task, state } of tasks) {
      if (state !== "missing") continue;
      const policy = task.retry ?? { count: Infinity, delaySeconds, backoff: 1 };
      const awaited = { task, policy, looks: 0, dueAt: clock.now() + delayAfter(policy, 1) * 1000 };
      if (policy.count > 0) this.#awaited.set(task.id, awaited);
    }
    this.#arm();
  }

  /** The tasks that appeared since the last call. */
  take(): readonly Task[] {
    const found = this.#found;
    this.#found = [];
    this.#hasNews = false;
    return found;
  }

  /** Looks no more. */
  close(): void {
    this.#awaited.clear();
    this.#disarm();
  }

  #arm(): void {
    this.#disarm();
    if (this.#isLooking || this.#awaited.size === 0) return;
    let next = Infinity;
    for (const { dueAt } of this.#awaited.values()) next = Math.min(next, dueAt);
    this.#disarm = this.#options.clock.schedule(next, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { clock, log } = this.#options;
    const due = [...this.#awaited.values()].filter(({ dueAt }) => dueAt <= clock.now());
    this.#isLooking = true;
    const complete = await findComplete(
      due.map(({ task }) => task),
      (task, error) => log.warn(`Cannot tell whether ${nameOf(task)} is there: ${messageOf(error)}`),
    );
    this.#isLooking = false;
    // It may have been closed meanwhile.
    for (const each of due) if (this.#awaited.get(each.task.id) === each) this.#judge(each, complete);
    this.#arm();
    if (this.#hasNews) this.#options.onNews();
  }

  #judge(awaited: Awaited, complete: ReadonlySet<Task>): void {
    const { clock, log } = this.#options;
    const { task, policy } = awaited;
    awaited.looks++;
    if (complete.has(task)) {
      this.#found.push(task);
    } else if (awaited.looks < policy.count) {
      awaited.dueAt = clock.now() + delayAfter(policy, awaited.looks + 1) * 1000;
      return;
    } else {
      log.warn(`${nameOf(task)} is still not there, after ${awaited.looks + 1} looks.`);
    }
    this.#awaited.delete(task.id);
    this.#hasNews = true;
  }
}
