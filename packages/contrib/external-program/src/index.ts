export { ExternalProgramTask } from "./external-program-task.ts";
export { ProgramError, type ProgramErrorCode } from "./program-error.ts";
export { type ProgramOptions, type ProgramResult, runProgram } from "./run-program.ts";
