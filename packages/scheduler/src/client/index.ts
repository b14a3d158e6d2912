export {
  type AttemptLog,
  type GetWorkOptions,
  HttpScheduler,
  type HttpSchedulerOptions,
} from "./http-scheduler.ts";
