export type * from "./api.ts";
export { SchedulerError, type SchedulerErrorCode } from "./errors.ts";
export { LocalScheduler } from "./local-scheduler.ts";
export { type Applied, Scheduler } from "./scheduler.ts";
export type { SnapshotRecord } from "./snapshot.ts";
export type { UpstreamStatus } from "./upstream.ts";
export type {
  AttemptNaming,
  AttemptView,
  HasWork,
  ResourceView,
  TaskNaming,
  TaskView,
  WorkerView,
} from "./views.ts";
