import type { ChildProcess } from "node:child_process";
import { Worker } from "node:worker_threads";

/** Ends a child that leads a group, and all that it started, also when the child itself is gone. */
export function kill(child: ChildProcess): void {
  if (child.pid !== undefined) killGroup(child.pid);
  // Where there are no groups, as on Windows, only the child itself can be ended.
  child.kill("SIGKILL");
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

/**
 * Makes this process, which leads a group and has a channel to its parent, end with all that it started when the parent lets
 * go of it or ends, in whatever way. Exit handlers run, as long as the code that is running comes to its end.
 */
export function endWithParent(): void {
  process.on("disconnect", () => {
    process.once("exit", () => killGroup(process.pid));
    process.exit();
  });
  new Worker(WATCH, { eval: true, execArgv: [], workerData: process.ppid }).unref();
}

/**
 * Code in a busy loop never hears that the channel was closed, so a thread of its own looks. It waits a turn, in which the
 * process may end by itself.
 */
const WATCH = `
  const { workerData: parent } = require("node:worker_threads");
  let turns = 0;
  setInterval(() => {
    if (process.ppid !== parent && turns++ > 0) process.kill(-process.pid, "SIGKILL");
  }, 500);
`;
