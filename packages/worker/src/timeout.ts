import { TaskError } from "@leat/core";
import type { AttemptSpec } from "./runner.ts";

/** Stops an attempt when its time is over; `undefined` for one without a limit. */
export function startTimer(attempt: AttemptSpec, stop: (reason: Error) => void): NodeJS.Timeout | undefined {
  const { task, timeoutSeconds } = attempt;
  if (timeoutSeconds === undefined) return undefined;
  const message = `${task} took longer than its ${timeoutSeconds} seconds and was ended. Raise timeoutSeconds, or make it faster.`;
  return setTimeout(() => stop(new TaskError("TASK_TIMED_OUT", task.id, message)), timeoutSeconds * 1000);
}
