import { LeatError } from "@leat/core";
import { SchedulerError } from "@leat/scheduler";

/** Gives what a scheduler throws to users as an error of Leat, with the same code. */
export async function withLeatErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SchedulerError)) throw error;
    throw new LeatError(error.code, error.message, { cause: error, retryable: error.retryable });
  }
}
