import { TaskError } from "@leat/core";
import type { AttemptSpec } from "./runner.ts";
import { nameOf } from "./task-name.ts";

/** A timer of Node cannot be longer (24 days), and would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Stops an attempt when its time is over; `undefined` for one without a limit, or with one of weeks. */
export function startTimer(
  { task, timeoutSeconds }: AttemptSpec,
  stop: (reason: Error) => void,
): NodeJS.Timeout | undefined {
  if (timeoutSeconds === undefined || timeoutSeconds * 1000 > MAX_TIMER_MS) return undefined;
  return setTimeout(() => {
    const message = `${nameOf(task)} took longer than its ${timeoutSeconds} seconds and was ended. Raise timeoutSeconds, or make it faster.`;
    stop(new TaskError("TASK_TIMED_OUT", task.id, message));
  }, timeoutSeconds * 1000);
}
