export { createLogger, LOG_LEVELS, type LogLevel } from "./logger.ts";
export type { Outcome, Outcomes, OutcomeState } from "./outcomes.ts";
export type { Plan, PlannedState, PlannedTask } from "./plan.ts";
export { planTasks, run, RUNNERS, type RunnerName, type RunOptions, type RunResult } from "./run.ts";
export { notFoundMessage } from "./suggest.ts";
export type { RunStatus, Summary } from "./summary.ts";
export { loadTaskModule, type TaskModule } from "./task-module.ts";
export { taskFromTexts } from "./task-recipe.ts";
