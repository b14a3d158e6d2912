/** Writes log lines of one attempt or of the run. `fields` are facts for programs; never credentials. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** What the worker gives to one attempt of `run`. */
export interface RunContext {
  /** Aborted when the attempt must stop: it took too long, or the run was cancelled. Its reason is the error to throw. */
  readonly signal: AbortSignal;
  /** Log of this attempt. */
  readonly log: Logger;
  /** Reports how far the attempt is, from 0 to 1, and optionally what it does now. */
  progress(fraction: number, message?: string): void;
}
