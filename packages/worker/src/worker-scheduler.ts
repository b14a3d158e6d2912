import type { GetWork, SchedulerApi, WorkReply } from "@leat/scheduler";

/** What a worker asks of its scheduler, which is in this process or behind a network. */
export interface WorkerScheduler
  extends Pick<SchedulerApi, "registerWorker" | "registerBatcher" | "addTasks" | "report" | "updateRun"> {
  /** Whether others use it too, so that it may have work at any time, not only when something of this worker has ended. */
  readonly isShared?: boolean;
  /**
   * Assignments for free slots. A scheduler that waits for work replies without any when nothing is left to wait for, or once
   * `woken` resolves: then the worker has something else to do, and asks again after that.
   *
   * @param stays whether `woken` is worth waiting for although nothing is left at the scheduler. Default false
   */
  getWork(command: GetWork, woken?: Promise<void>, stays?: boolean): Promise<WorkReply>;
}
