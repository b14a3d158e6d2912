import { LeatError } from "@leat/core";
import type { ReportReply } from "@leat/scheduler";
import type { Announcements } from "./announcements.ts";
import type { Attempt } from "./attempt.ts";
import { systemClock } from "./clock.ts";
import { inShort } from "./errors.ts";
import { isLost, leaseLost } from "./lease.ts";
import { isUnmetNeed } from "./need-errors.ts";
import type { Outcomes } from "./outcomes.ts";
import { delayAfter, isWorthRetrying } from "./retries.ts";
import type { RunGraph } from "./run-graph.ts";
import { NEVER_RETRIED } from "./task-spec.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** An attempt that has ended. */
export interface Settled {
  readonly attempt: Attempt;
  readonly seconds: number;
  /** Why the attempt failed; `undefined` when it succeeded. */
  readonly error: Error | undefined;
}

/** What the scheduler made of a report. */
type Answer = Pick<ReportReply, "accepted" | "status" | "retryAt">;

/** Whether there will be another attempt in this run. */
export type Ending = "over" | "retried";

export interface ReportsOptions {
  readonly options: WorkerOptions;
  readonly graph: RunGraph;
  readonly outcomes: Outcomes;
  readonly announce: Announcements;
}

/** Says how attempts ended: to the scheduler, then, as that takes it, to the outcomes of the run and its listeners. */
export class Reports {
  readonly #worker: WorkerOptions;
  readonly #graph: RunGraph;
  readonly #outcomes: Outcomes;
  readonly #announce: Announcements;

  constructor({ options, graph, outcomes, announce }: ReportsOptions) {
    this.#worker = options;
    this.#graph = graph;
    this.#outcomes = outcomes;
    this.#announce = announce;
  }

  /** @param waited whether it ended while it waited, when the scheduler knows of no attempt */
  async report(settled: Settled, waited: boolean): Promise<Ending> {
    const { attempt, error, seconds } = settled;
    const reply = waited ? await this.#reportWaiting(settled) : await this.#reportRunning(settled);
    if (isLost(error, reply)) return this.#lost(attempt, error);
    if (error === undefined) return this.#succeeded(attempt, seconds);
    if (isUnmetNeed(error)) return this.#heldUp(attempt, error);
    return this.#failed(attempt, error, reply);
  }

  async #reportRunning({ attempt, error }: Settled): Promise<Answer> {
    const { id: worker, scheduler } = this.#worker;
    const ended = { worker, taskId: attempt.task.id, token: attempt.token };
    if (error === undefined) return scheduler.report({ ...ended, outcome: "DONE" });
    const failed = { ...ended, explanation: inShort(error) };
    // That a run was cancelled says nothing about the task: others may have it.
    if (isAbort(error)) return scheduler.report({ ...failed, outcome: "PENDING" });
    if (isUnmetNeed(error)) {
      return scheduler.report({ ...failed, outcome: "PENDING", newDeps: this.#openNeeds(attempt) });
    }
    if (!this.#isWorthRetrying(attempt, error)) await this.#forbidRetry(attempt);
    return scheduler.report({ ...failed, outcome: "FAILED" });
  }

  /** The scheduler holds no attempt to report on: it is told what became of the task. */
  async #reportWaiting({ attempt, error }: Settled): Promise<Answer> {
    const { id: worker, scheduler } = this.#worker;
    const taskId = attempt.task.id;
    const answer = { accepted: true, status: "DONE", retryAt: null } as const;
    if (error === undefined) {
      await scheduler.addTasks({ worker, tasks: [{ taskId, status: "DONE" }] });
      return answer;
    }
    if (isAbort(error)) return { ...answer, status: "PENDING" };
    if (isUnmetNeed(error)) {
      await scheduler.report({ worker, taskId, token: attempt.token, outcome: "PENDING", suspended: false });
      return { ...answer, status: "PENDING" };
    }
    if (!this.#isWorthRetrying(attempt, error)) await this.#forbidRetry(attempt);
    // It is retried as soon as it is time, whatever the attempt before was waiting for.
    const deps = this.#graph.tasks.get(taskId)?.requires ?? [];
    const explanation = inShort(error);
    await scheduler.addTasks({ worker, tasks: [{ taskId, status: "FAILED", deps, explanation }] });
    return { ...answer, status: "FAILED", retryAt: this.#retryAt(attempt, error) };
  }

  #openNeeds({ members }: Attempt): string[] {
    const needed = members.flatMap(({ id }) => this.#graph.requirementsOf(id));
    return needed.filter((id) => !this.#outcomes.isDone(id));
  }

  /** As the scheduler has it, which does not say when it is told of a failure in this way. */
  #retryAt(attempt: Attempt, error: Error): number | null {
    const policy = attempt.task.retry ?? this.#worker.retry;
    const isRetried = policy !== undefined && attempt.number <= policy.count;
    if (!isRetried || !this.#isWorthRetrying(attempt, error)) return null;
    return this.#now + delayAfter(policy, attempt.number) * 1000;
  }

  get #now(): number {
    return (this.#worker.clock ?? systemClock).now();
  }

  #isWorthRetrying({ task }: Attempt, error: Error): boolean {
    return isWorthRetrying(task, task.retry ?? this.#worker.retry, error, this.#worker.log);
  }

  async #forbidRetry({ members }: Attempt): Promise<void> {
    const { id: worker, scheduler } = this.#worker;
    const tasks = members.map(({ id }) => ({ taskId: id, retry: NEVER_RETRIED }));
    await scheduler.addTasks({ worker, tasks });
  }

  #succeeded({ members }: Attempt, seconds: number): Ending {
    for (const task of members) {
      this.#outcomes.succeeded(task.id, seconds);
      this.#announce.succeeded(task, seconds);
    }
    return "over";
  }

  #failed({ members, number }: Attempt, error: Error, { status, retryAt }: Answer): Ending {
    const willRetry = status === "FAILED" && retryAt !== null;
    for (const task of members) {
      this.#outcomes.failed(task.id, error, willRetry);
      this.#announce.failed(task, error);
      if (willRetry) this.#announce.retrying(task, error, number, Math.max(0, retryAt - this.#now) / 1000);
    }
    return willRetry ? "retried" : "over";
  }

  #heldUp({ members }: Attempt, error: Error): Ending {
    for (const task of members) {
      this.#outcomes.heldUp(task.id, error);
      this.#announce.heldUp(task, error);
    }
    return "over";
  }

  #lost({ members }: Attempt, error: Error | undefined): Ending {
    for (const task of members) this.#announce.lost(task, error ?? leaseLost(task));
    return "over";
  }
}

function isAbort(error: Error): boolean {
  return LeatError.is(error) && error.code === "TASK_ABORTED";
}
