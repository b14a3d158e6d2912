import type { RunningAttempt } from "./runner.ts";

/** An attempt that begins once `gate` resolves. With `false` there is nothing to do; what it throws is why it failed. */
export function startAfter(gate: () => Promise<boolean>, start: () => RunningAttempt): RunningAttempt {
  let running: RunningAttempt | undefined;
  let stopped: Error | undefined;
  const begin = async () => {
    if (!(await gate())) return;
    if (stopped !== undefined) throw stopped;
    running = start();
    return running.result;
  };
  return {
    result: begin(),
    stop: (reason) => {
      stopped = reason;
      running?.stop(reason);
    },
    message: (messageId, content) => running?.message(messageId, content),
  };
}
