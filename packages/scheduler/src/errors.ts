/**
 * - `INVALID_COMMAND`: a command has a wrong shape or value; nothing changed.
 * - `SCHEDULER_FORBIDDEN`: the scheduler does not accept the token, or the token may not do this.
 * - `SCHEDULER_PROTOCOL`: what answered is no leatd, or one that does not understand this client.
 * - `SCHEDULER_UNTRUSTED`: the certificate of the scheduler is not accepted.
 * - `SCHEDULER_UNAVAILABLE`: no scheduler answered before the deadline. The command may have taken effect.
 */
export type SchedulerErrorCode =
  | "INVALID_COMMAND"
  | "SCHEDULER_FORBIDDEN"
  | "SCHEDULER_PROTOCOL"
  | "SCHEDULER_UNAVAILABLE"
  | "SCHEDULER_UNTRUSTED";

/** A scheduler refuses a call, or cannot be reached. Match on `code`: messages may change. */
export class SchedulerError extends Error {
  override readonly name = "SchedulerError";
  readonly code: SchedulerErrorCode;

  constructor(code: SchedulerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same call may succeed later without any change. */
  get retryable(): boolean {
    return this.code === "SCHEDULER_UNAVAILABLE";
  }
}
