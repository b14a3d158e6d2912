/** How a failed task is tried again within a run. */
export interface RetryPolicy {
  /** Most attempts after the first one. */
  readonly count: number;
  /** Wait after the first failure. Default 0. */
  readonly delaySeconds?: number;
  /** Factor by which the wait grows with each further failure; 1 keeps it constant. Default 2. */
  readonly backoff?: number;
  /** Longest wait. Default 3600 (1 hour). */
  readonly maxDelaySeconds?: number;
  /**
   * Part of the wait, from 0 to 1, that is left to chance, so that tasks that failed together do not all come back together:
   * 0.5 waits between half of the time and all of it. Default 0.
   */
  readonly jitter?: number;
  /** Whether a failure with this error is worth another attempt. Default: every one, except when the run was cancelled. */
  readonly when?: (error: Error) => boolean;
}
