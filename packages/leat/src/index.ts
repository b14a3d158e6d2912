export * from "@leat/core";
export { run, type RunOptions, type RunResult, type RunStatus } from "@leat/worker";
export { loadConfiguration } from "./configuration.ts";
