import type { WorkReply } from "@leat/scheduler";
import type { SharedOptions } from "./remote-options.ts";

type KeepAlive = Pick<SharedOptions, "keepAlive" | "countUniques" | "countLastScheduled" | "maxIdleSeconds">;

/**
 * Whether a worker that runs nothing and was given nothing has anything left to wait for. As Luigi's worker, it does not stay
 * for tasks that wait for something else than another worker, unless it is told to; other than that one, it stays while
 * others run its own tasks or go on with what those need, and while the scheduler is paused.
 *
 * @param stays whether it waits for something that the scheduler does not know of
 */
export function isOver(
  reply: WorkReply,
  options: KeepAlive,
  { idleSeconds, stays }: { readonly idleSeconds: number; readonly stays: boolean },
): boolean {
  if (reply.workerState === "disabled") return true;
  const { runningElsewhere, suspendedElsewhere = [], paused, pending } = reply;
  if (runningElsewhere.length + suspendedElsewhere.length > 0 || (paused && pending > 0)) return false;
  if (idleSeconds > options.maxIdleSeconds) return true;
  return !stays && (!options.keepAlive || relevant(reply, options) === 0);
}

function relevant(reply: WorkReply, { countUniques, countLastScheduled }: KeepAlive): number {
  if (countLastScheduled) return reply.pendingLastScheduled;
  return countUniques ? reply.uniquePending : reply.pending;
}
