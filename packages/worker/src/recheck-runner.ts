import { memoizedCheck, type Task } from "@leat/core";
import { startAfter } from "./delayed-attempt.ts";
import type { AttemptObserver, AttemptSpec, Runner, RunningAttempt } from "./runner.ts";

/**
 * Looks once more, right before an attempt begins, whether the task is complete: where several workers share a scheduler, one
 * may have done it after another planned. What is forced is not asked.
 */
export class RecheckRunner implements Runner {
  readonly #runner: Runner;
  readonly #isForced: (task: Task) => boolean;

  constructor(runner: Runner, isForced: (task: Task) => boolean) {
    this.#runner = runner;
    this.#isForced = isForced;
  }

  get name(): string {
    return this.#runner.name;
  }

  start(attempt: AttemptSpec, observer: AttemptObserver): RunningAttempt {
    return startAfter(
      async () => this.#isForced(attempt.task) || !(await isComplete(attempt)),
      () => this.#runner.start(attempt, observer),
    );
  }

  close(): Promise<void> {
    return this.#runner.close();
  }
}

async function isComplete({ task, members }: AttemptSpec): Promise<boolean> {
  const check = memoizedCheck();
  const answers = await Promise.all((members ?? [{ task }]).map((member) => check(member.task)));
  return answers.every(Boolean);
}
