import { memoizedCheck } from "@leat/core";
import {
  type AttemptObserver,
  type AttemptSpec,
  type Runner,
  type RunningAttempt,
  settledAttempt,
} from "./runner.ts";

/**
 * Looks once more, right before an attempt begins, whether the task is complete: where several workers share a scheduler, one
 * may have done it after another planned.
 */
export class RecheckRunner implements Runner {
  readonly #runner: Runner;

  constructor(runner: Runner) {
    this.#runner = runner;
  }

  get name(): string {
    return this.#runner.name;
  }

  start(attempt: AttemptSpec, observer: AttemptObserver): RunningAttempt {
    let running = settledAttempt(Promise.resolve());
    let stopped: Error | undefined;
    const begin = async () => {
      if (await isComplete(attempt)) return;
      if (stopped !== undefined) throw stopped;
      running = this.#runner.start(attempt, observer);
      return running.result;
    };
    return {
      result: begin(),
      stop: (reason) => {
        stopped = reason;
        running.stop(reason);
      },
      message: (messageId, content) => running.message(messageId, content),
    };
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
