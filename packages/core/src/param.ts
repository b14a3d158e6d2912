import { describeValue } from "./describe-value.ts";
import { messageOf, UsageError } from "./errors.ts";
import type { ConcreteTaskClass } from "./task.ts";

/**
 * Who sees a parameter's value. `public`: everyone, and it is part of the task id. `hidden`: it leaves the worker, but is
 * neither shown nor part of the id. `private`: it never leaves the worker. As Luigi's `ParameterVisibility`.
 */
export type Visibility = "public" | "hidden" | "private";

/** Where `parse` may look things up that a text only names. */
export interface ParseContext {
  /** @throws UsageError `TASK_NOT_FOUND`, `TASK_AMBIGUOUS` */
  taskClass(family: string): ConcreteTaskClass;
}

/** How a kind of value is read, written and checked. A parameter type of your own is one object of this shape. */
export interface ParamType<T> {
  /** Name of the kind, for help and messages: `date`. */
  readonly name: string;
  /** What is accepted, to end a sentence with: `a date such as 2026-11-20`. */
  readonly expects: string;
  /** All texts that are accepted, for a type that has few: completion offers them. */
  readonly choices?: readonly string[];
  /** Reads text from a command line or a configuration file. Throws for text that it does not accept. */
  parse(text: string, context: ParseContext): T;
  /** Writes a value so that `parse` reads it back. Task ids are made of this text. */
  serialize(value: T): string;
  /**
   * Checks a value from any source and brings it to its canonical form, which it accepts again unchanged. Throws for a value
   * that it does not accept.
   */
  normalize(value: unknown): T;
  /** The value after this one, for types that have an order: summaries fold runs of values, ranges walk them. */
  successor?(value: T): T | undefined;
  /** The value before this one, for dates and times: what `previous` steps by. */
  predecessor?(value: T): T | undefined;
}

export interface ParamOptions<T> {
  /** Value when none is given. Without it the parameter must be given. */
  readonly default?: T;
  /** One sentence for `--help`. */
  readonly description?: string;
  /** Whether the value is part of the task's identity. Default true. */
  readonly significant?: boolean;
  /** Who sees the value. Default `public`. */
  readonly visibility?: Visibility;
  /** Combines the values of several waiting tasks into one, so that they can run as one batch. */
  readonly batch?: (values: readonly T[]) => T;
}

/** One declared parameter: a type of value and how this task uses it. `D` says whether it has a default. */
export class Param<T, D extends boolean = boolean> {
  readonly type: ParamType<T>;
  readonly hasDefault: D;
  /** `undefined` when the parameter must be given. */
  declare readonly default: T | undefined;
  readonly description: string;
  readonly significant: boolean;
  readonly visibility: Visibility;
  readonly batch: ((values: readonly T[]) => T) | undefined;

  /** @throws UsageError `PARAMETER_DECLARATION_INVALID` for a default that the type does not accept */
  constructor(type: ParamType<T>, options: ParamOptions<T> = {}) {
    this.type = type;
    this.hasDefault = (options.default !== undefined) as D;
    const value = options.default === undefined ? undefined : acceptedDefault(type, options);
    // Not enumerable, so that what prints a parameter does not print a secret.
    Object.defineProperty(this, "default", { value });
    this.description = options.description ?? "";
    this.significant = options.significant ?? true;
    this.visibility = options.visibility ?? "public";
    this.batch = options.batch;
  }

  /** Whether the value is part of the task id. */
  get identifies(): boolean {
    return this.significant && this.visibility === "public";
  }

  /** Reads text; `label` names the parameter in the `PARAMETER_INVALID` error. */
  parse(text: string, label: string, context: ParseContext = WITHOUT_TASKS): T {
    try {
      return this.type.normalize(this.type.parse(text, context));
    } catch (error) {
      throw invalid(this, label, JSON.stringify(text), error);
    }
  }

  /** Checks a value given in code; `label` names the parameter in the `PARAMETER_INVALID` error. */
  check(value: unknown, label: string): T {
    try {
      return this.type.normalize(value);
    } catch (error) {
      throw invalid(this, label, describeValue(value), error);
    }
  }

  /** Reads the texts of several tasks that run as one and combines their values. Throws as `parse` does. */
  parseBatch(texts: readonly string[], label: string, context?: ParseContext): T {
    if (this.batch === undefined || texts.length === 0) {
      const reason = this.batch === undefined ? "it declares no `batch`" : "no values were given";
      throw new UsageError("PARAMETER_INVALID", `Parameter ${label} cannot combine values: ${reason}.`);
    }
    return this.check(this.batch(texts.map((text) => this.parse(text, label, context))), label);
  }
}

const WITHOUT_TASKS: ParseContext = {
  taskClass(family) {
    throw new UsageError("TASK_NOT_FOUND", `no tasks are known here, so ${family} cannot be looked up`);
  },
};

function invalid(param: Param<any>, label: string, shown: string, cause: unknown): UsageError {
  const expected = `Give ${param.type.expects}.`;
  // The reason may quote the value, so a private parameter keeps that to itself as well.
  if (param.visibility === "private") {
    return new UsageError("PARAMETER_INVALID", `Parameter ${label} does not accept (private). ${expected}`);
  }
  const reason = messageOf(cause);
  const because = reason === "" ? "" : `: ${reason}`;
  const message = `Parameter ${label} does not accept ${shown}${because}. ${expected}`;
  return new UsageError("PARAMETER_INVALID", message, { cause });
}

function acceptedDefault<T>(type: ParamType<T>, options: ParamOptions<T>): T {
  try {
    return type.normalize(options.default);
  } catch (cause) {
    const isPrivate = options.visibility === "private";
    const shown = isPrivate ? "" : `, ${describeValue(options.default)}: ${messageOf(cause)}`;
    const message = `A ${type.name} parameter does not accept its default${shown}. Give ${type.expects}.`;
    throw new UsageError("PARAMETER_DECLARATION_INVALID", message, isPrivate ? {} : { cause });
  }
}
