export { assist, type AssistOptions } from "./assist.ts";
export type { SharedSchedulerOptions } from "./remote-options.ts";
export { type Clock, systemClock } from "./clock.ts";
export { failureOf } from "./errors.ts";
export { createLogger, LOG_LEVELS, type LogLevel, type RunLogger } from "./logger.ts";
export type { Outcome, Outcomes, OutcomeState } from "./outcomes.ts";
export type { Plan, PlannedState, PlannedTask } from "./plan.ts";
export { type Lacking, type PlanReason, reasonOf } from "./plan-reason.ts";
export {
  type PlanOptions,
  planTasks,
  run,
  RUNNERS,
  type RunnerName,
  type RunOptions,
  type RunResult,
} from "./run.ts";
export { loadPlugins } from "./plugins.ts";
export { nearNames, notFoundMessage } from "./suggest.ts";
export type { ExitCodes, RunStatus, Summary } from "./summary.ts";
export { loadTaskModule, type TaskModule } from "./task-module.ts";
export { classOf, nameOf, withoutControls } from "./task-name.ts";
export { taskFromTexts } from "./task-recipe.ts";
