const TARGET = Symbol.for("leat.target");

/** A result that exists or not: a file, an object in a store, a marker row. */
export abstract class Target {
  /** True for a target of any copy of this package. */
  static isTarget(value: unknown): value is Target {
    return typeof value === "object" && value !== null && TARGET in value;
  }

  /** @internal */
  get [TARGET](): true {
    return true;
  }

  /**
   * Whether it is there. `false` means that it is not; when that cannot be told (no permission, no connection) it rejects
   * with a TargetError, never answers `false`.
   */
  abstract exists(options?: { readonly signal?: AbortSignal }): Promise<boolean>;

  /**
   * Why it is not there, when `exists` says so, as the end of a sentence: `is 3 hours old, older than its limit of 1 hour`.
   * `undefined` where there is nothing.
   */
  absence?(options?: { readonly signal?: AbortSignal }): Promise<string | undefined>;

  /** Takes it away, a directory with all that is in it when `recursive`; tells whether it was there. Not every target can. */
  remove?(options?: { readonly recursive?: boolean; readonly signal?: AbortSignal }): Promise<boolean>;

  /** Its most natural name, such as a path or a table, without credentials. */
  abstract toString(): string;
}
