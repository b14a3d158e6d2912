export { Temporal } from "temporal-polyfill";
export { byPosition } from "./by-position.ts";
export { canonicalKey, looseName } from "./config-names.ts";
export { ConfigTask } from "./config-task.ts";
export {
  Configuration,
  configurationInForce,
  useConfiguration,
  type ConfigEntry,
  type ConfigLayer,
  type ConfigSections,
  type ConfigSyntax,
  type ConfigurationInForce,
  type ConfigValue,
} from "./configuration.ts";
export { memoizedCheck, type Absence, type CompletionCheck } from "./completion-check.ts";
export { DateInterval, type DateIntervalKind } from "./date-interval.ts";
export {
  LeatError,
  messageOf,
  TargetError,
  TaskError,
  UsageError,
  type LeatErrorOptions,
  type TargetErrorCode,
  type TaskErrorCode,
  type UsageErrorCode,
} from "./errors.ts";
export {
  EventBus,
  type RangeMeasured,
  type RunEventListener,
  type RunEventName,
  type RunEvents,
} from "./events.ts";
export { ExternalTask } from "./external-task.ts";
export { externalize } from "./externalize.ts";
export {
  FileSystem,
  type FileStat,
  type FileSystemCapabilities,
  type ListOptions,
  type MkdirOptions,
  type OperationOptions,
  type ReadOptions,
  type RemoveOptions,
  type WriteOptions,
} from "./file-system.ts";
export type { FileWriter } from "./file-writer.ts";
export { publishTogether, type FileSet, type StagedFiles } from "./file-set.ts";
export {
  FileTarget,
  type FileSource,
  type FileTargetOptions,
  type TransferOptions,
} from "./file-target.ts";
export { onTransfer, type TransferListener, type TransferProgress } from "./file-transfer.ts";
export { bytes, compose, gzip, text, type Format, type GzipOptions } from "./format.ts";
export { incompleteRemoval } from "./incomplete-removal.ts";
export { copies, inherits, requires } from "./inherits.ts";
export { LocalFileSystem, type Durability } from "./local-file-system.ts";
export { LocalTarget, type LocalTargetOptions } from "./local-target.ts";
export { MemoryFileSystem } from "./memory-file-system.ts";
export { MemoryTarget, type MemoryTargetOptions } from "./memory-target.ts";
export type { Json } from "./json-text.ts";
export { NETWORK_ERRORS, type TargetErrorRow } from "./network-errors.ts";
export { Param, type ParamOptions, type ParamType, type ParseContext, type Visibility } from "./param.ts";
export { paramBuilder, type ParamBuilder } from "./param-builder.ts";
export * as p from "./params.ts";
export type { Frozen, SchemaParamOptions } from "./params-collections.ts";
export type { DateParamOptions, MonthParamOptions, YearParamOptions } from "./params-dates.ts";
export type { PathParamOptions } from "./params-path.ts";
export type { Bounds, NumericalParamOptions } from "./params-scalars.ts";
export type { DateHourParamOptions, DateMinuteParamOptions, DateSecondParamOptions } from "./params-times.ts";
export { sweepOrphans, type SweepOptions, type SweptOrphans } from "./orphans.ts";
export { PooledReadable } from "./pooled-readable.ts";
export {
  closePlugins,
  defineConfig,
  pluginsInForce,
  targetAt,
  usePlugins,
  type LeatConfig,
  type Plugin,
  type PluginsInForce,
} from "./plugin.ts";
export {
  previous,
  previousCompleted,
  type PreviousCompletedOptions,
  type PreviousOptions,
} from "./previous.ts";
export type { Schema, StandardSchema } from "./schema.ts";
export { flattenOutputs, flattenRequirements, mapRequirements } from "./requirements.ts";
export { removeOutputs, type RemovedOutputs } from "./remove-outputs.ts";
export type { RetryPolicy } from "./retry-policy.ts";
export type { LogFields, Logger, MessageHandler, RunContext } from "./run-context.ts";
export { standaloneContext } from "./standalone-context.ts";
export { Target } from "./target.ts";
export { Task, type ConcreteTaskClass } from "./task.ts";
export { isTemporaryPath } from "./temporary-name.ts";
export { taskId } from "./task-id.ts";
export type {
  AnyTaskClass,
  ClassEvent,
  FromArgs,
  InputOf,
  Outputs,
  ParamArgs,
  ParamShape,
  ParamValues,
  Producing,
  Requirements,
  ReservedNames,
  TaskClass,
} from "./task-types.ts";
export { WrapperTask } from "./wrapper-task.ts";
