export { type GetWorkOptions, HttpScheduler, type HttpSchedulerOptions } from "./http-scheduler.ts";
