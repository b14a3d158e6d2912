export {
  type AttemptLog,
  type GetWorkOptions,
  HttpScheduler,
  type HttpSchedulerOptions,
  type OutageListener,
} from "./http-scheduler.ts";
