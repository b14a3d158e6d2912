const LEAT_ERROR = Symbol.for("leat.error");

/** What the caller of Leat can mend: code, parameters, command line, configuration. */
export type UsageErrorCode =
  | "COMMAND_UNKNOWN"
  | "COMPLETE_INVALID"
  | "CONFIG_INVALID"
  | "CONFIG_NOT_FOUND"
  | "CYCLE"
  | "DEPENDENCY_INVALID"
  | "FLAG_INVALID"
  | "FLAG_UNKNOWN"
  | "FORMAT_INVALID"
  | "MODULE_NOT_FOUND"
  | "NEED_CHANGED"
  | "NEED_INVALID"
  | "MODULE_INVALID"
  | "OPTION_INVALID"
  | "OUTPUT_INVALID"
  | "PARAMETER_DECLARATION_INVALID"
  | "PARAMETER_INVALID"
  | "PARAMETER_MISSING"
  | "PARAMETER_UNKNOWN"
  | "PATH_INVALID"
  | "PREVIOUS_UNDEFINED"
  | "PLUGIN_INVALID"
  | "PROGRAM_INVALID"
  | "SCHEME_UNKNOWN"
  | "TASK_AMBIGUOUS"
  | "TASK_NOT_FOUND"
  | "TASK_NOT_PORTABLE"
  | "TASK_UNNAMED"
  | "WRITER_BUSY"
  | "WRITER_ENDED";

/** What a store answered. */
export type TargetErrorCode =
  | "TARGET_CONFLICT"
  | "TARGET_EXISTS"
  | "TARGET_FORBIDDEN"
  | "TARGET_FULL"
  | "TARGET_INVALID_DATA"
  | "TARGET_IS_DIRECTORY"
  | "TARGET_NOT_DIRECTORY"
  | "TARGET_NOT_EMPTY"
  | "TARGET_NOT_FOUND"
  | "TARGET_TIMEOUT"
  | "TARGET_UNAVAILABLE"
  | "TARGET_UNSUPPORTED";

/** What an attempt at a task ended with. */
export type TaskErrorCode =
  | "TASK_ABORTED"
  | "TASK_EXTERNAL"
  | "TASK_INCOMPLETE"
  | "TASK_NEED_UNMET"
  | "TASK_LEASE_LOST"
  | "TASK_PROCESS_DIED"
  | "TASK_REQUIREMENT_MISSING"
  | "TASK_TIMED_OUT";

export interface LeatErrorOptions {
  /** The error underneath, as the driver or the task threw it. */
  readonly cause?: unknown;
  /** Whether the same call may succeed later without any change. Default false. */
  readonly retryable?: boolean;
  /** Facts for programs. Never credentials. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** Base of every error that Leat throws. Match `code`; messages may change, codes do not within a major version. */
export class LeatError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, string | number | boolean>>;

  constructor(code: string, message: string, options: LeatErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
    Object.defineProperty(this, LEAT_ERROR, { value: true });
  }

  /** True for an error of any copy of this package. */
  static is(value: unknown): value is LeatError {
    return value instanceof Error && LEAT_ERROR in value;
  }
}

/** The caller can mend it: code, parameters, command line, configuration. */
export class UsageError extends LeatError {
  declare readonly code: UsageErrorCode;
  constructor(code: UsageErrorCode, message: string, options?: LeatErrorOptions) {
    super(code, message, options);
  }
}

/** A store could not do what it was asked. */
export class TargetError extends LeatError {
  declare readonly code: TargetErrorCode;
  constructor(code: TargetErrorCode, message: string, options?: LeatErrorOptions) {
    super(code, message, options);
  }
}

/** An attempt at a task failed. */
export class TaskError extends LeatError {
  declare readonly code: TaskErrorCode;
  readonly taskId: string;
  constructor(code: TaskErrorCode, taskId: string, message: string, options: LeatErrorOptions = {}) {
    super(code, message, { ...options, details: { ...options.details, taskId } });
    this.taskId = taskId;
  }
}

/** The message of anything thrown, also of what is not an error. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
