import { listenToClass } from "./class-listeners.ts";
import { absencesOf, type CompletionCheck } from "./completion-check.ts";
import { UsageError } from "./errors.ts";
import type { EventBus, RunEventName } from "./events.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import type {
  AnyTaskClass,
  ClassEvent,
  FromArgs,
  InputOf,
  Outputs,
  ParamArgs,
  ParamShape,
  RequiredArgs,
  Requirements,
  ReservedNames,
  TaskClass,
} from "./task-types.ts";
import type { RunContext } from "./run-context.ts";
import { flattenOutputs, flattenRequirements, mapRequirements } from "./requirements.ts";
import { taskId } from "./task-id.ts";
import { refuseReserved, refuseUnknown, sharedParams, valueOf } from "./task-params.ts";

const TASK = Symbol.for("leat.task");

/** A task class that can be made: what a registry or a command line holds. */
export interface ConcreteTaskClass {
  /** Takes parameters by name; it is `any` because each class has its own. */
  new (args?: any): Task;
  readonly params: ParamShape;
  readonly family: string;
  readonly maxBatchSize: number;
  /** Of given tasks of this class, those that are complete. */
  bulkComplete?(tasks: readonly Task[]): Promise<Iterable<Task>> | Iterable<Task>;
}

/**
 * A unit of work: it requires other tasks, makes its output, and is complete when the output exists.
 *
 * Declare parameters with `Task.with({ … })` and extend the result. Instances are values: two with the same `id` are the
 * same work, however often they are made. `requires`, `output` and `complete` must be pure: they are called many times, also
 * in other processes.
 */
export abstract class Task {
  static readonly params: {} = {};

  /** Put before the class name in the family: `etl` makes `etl.TopSongs`. Inherited. Default none. */
  static readonly namespace: string = "";

  /**
   * The name of the kind of task, by which command lines, ids and schedulers know it.
   *
   * @throws UsageError `TASK_UNNAMED`
   */
  static get family(): string {
    if (this.name === "" || this.name === "default") throw unnamed();
    return this.namespace === "" ? this.name : `${this.namespace}.${this.name}`;
  }

  /**
   * Declares parameters. The result has them as typed constructor arguments and read-only properties, besides those of the
   * class it is called on; a name that was declared before takes the new declaration and moves to the end.
   *
   * @throws UsageError `PARAMETER_DECLARATION_INVALID` for a name that is no identifier or that the class has a member of
   */
  static with<Base extends AnyTaskClass & { readonly params: ParamShape }, const P extends ParamShape>(
    this: Base,
    params: P & { readonly [K in ReservedNames<Base>]?: never },
  ): TaskClass<Base, P> {
    for (const name in params) refuseReserved(name, this);
    const kept = Object.entries(this.params).filter(([name]) => !Object.hasOwn(params, name));
    abstract class Declared extends (this as unknown as typeof Task) {
      static override readonly params: ParamShape = Object.freeze({ ...Object.fromEntries(kept), ...params });
    }
    return Declared as unknown as TaskClass<Base, P>;
  }

  /**
   * Most tasks of this class that run together as one. Tasks can when their class has parameters with a `batch` method and they
   * are alike in all others: one task is made, with the combined values, and run in place of all. Default: no limit.
   */
  static readonly maxBatchSize: number = Infinity;

  /**
   * Of given tasks of this class, those that are complete: planning asks it, where a class has it, once for many tasks instead
   * of `complete()` of each. It must agree with that.
   */
  static bulkComplete?(tasks: readonly Task[]): Promise<Iterable<Task>> | Iterable<Task>;

  /**
   * Makes a task of this class that has the parameters of another one: those that both declare, unless `overrides` gives them.
   *
   * @throws UsageError `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`, `PARAMETER_INVALID`
   */
  static from<P extends ParamShape, I extends Task>(
    this: { new (args: never): I; readonly params: P },
    // Neither `Task` here nor `any` above: in `requires() { return Plays.from(this); }` what a task requires is not known yet.
    source: Pick<Task, "id"> & RequiredArgs<P>,
    overrides?: Partial<ParamArgs<P>>,
  ): I;
  static from<P extends ParamShape, I extends Task, S extends Task>(
    this: { new (args: never): I; readonly params: P },
    source: S,
    ...overrides: FromArgs<S, P>
  ): I;
  static from(this: ConcreteTaskClass, source: object, overrides?: object): Task {
    return new this({ ...sharedParams(source as Task, this.params), ...overrides });
  }

  /** Listens to what happens to tasks of this class and its subclasses, in every run; the result ends it. */
  static on<C extends AnyTaskClass, N extends RunEventName>(
    this: C,
    name: N,
    listener: (event: ClassEvent<C, N>) => void | Promise<void>,
  ): () => void {
    return listenToClass(this, name, listener);
  }

  /** True for a task of any copy of this package. */
  static isTask(value: unknown): value is Task {
    return typeof value === "object" && value !== null && TASK in value;
  }

  /** Identity: family, readable summary and hash of the significant public parameters, as Luigi computes it. */
  declare readonly id: string;

  /** @throws UsageError `PARAMETER_MISSING`, `PARAMETER_UNKNOWN`, `PARAMETER_INVALID` */
  constructor(args: { readonly [name: string]: never } = {}) {
    const { family, params } = new.target as unknown as ConcreteTaskClass;
    refuseUnknown(family, params, args);
    for (const name in params) {
      const param = params[name] as ParamShape[string];
      const value = valueOf(param, (args as Record<string, unknown>)[name], family, name);
      // What prints or copies all properties of a task must not come upon secrets.
      Object.defineProperty(this, name, { value, enumerable: param.visibility !== "private" });
    }
    // A property of its own: what compares tasks by their properties would take all dates for equal, as those have none.
    Object.defineProperty(this, "id", COMPUTED_ID);
  }

  /** @internal */
  get [TASK](): true {
    return true;
  }

  /** What must be complete before this runs. Default: nothing. */
  requires(): Requirements {
    return undefined;
  }

  /** What this makes. A task is complete when all of it exists. */
  abstract output(): Outputs;

  /** Makes the output. Each attempt starts from the beginning; what it throws is the reason of the failure. */
  abstract run(context: RunContext): Promise<void> | void;

  /**
   * Takes away what would keep `run()` from doing its work again. It is called when the task is forced, complete or not, before
   * anything is run; what it throws refuses the whole run. Default: nothing, as files are written anew.
   */
  forget(): Promise<void> | void {
    // By default nothing stands in the way.
  }

  /** The outputs of what this requires, in the same shape. */
  input(): InputOf<ReturnType<this["requires"]>> {
    return mapRequirements(this.requires(), (task) => task.output()) as InputOf<ReturnType<this["requires"]>>;
  }

  /**
   * Whether nothing is left to do. Default: all outputs exist; false where there is no output, so that such a task runs
   * every time. An error means that it cannot be told, and the task is not run.
   */
  async complete(check?: CompletionCheck, _events?: EventBus): Promise<boolean> {
    const outputs = flattenOutputs(this.output(), this);
    const found = await Promise.all(outputs.map((output) => output.exists()));
    if (found.length > 0 && found.every(Boolean)) return true;
    check?.lacking?.(await absencesOf(outputs.filter((_, index) => found[index] === false)));
    return false;
  }

  /** Whether all that this requires is complete: for a `complete()` of one's own, which hands on the check that it was given. */
  async requirementsComplete(check: CompletionCheck = (task) => task.complete()): Promise<boolean> {
    const required = flattenRequirements(this.requires(), this);
    const found = await Promise.all(required.map((task) => check(task)));
    return found.every(Boolean);
  }

  /** Among tasks that can run, those with a higher number go first; what they require inherits it. Default 0. */
  get priority(): number {
    return 0;
  }

  /** Units needed of shared resources while running, by name. A resource without a configured limit has 1 unit. */
  get resources(): Readonly<Record<string, number>> {
    return {};
  }

  /** Longest time that one attempt may take, in seconds; `undefined` means the worker's own limit. */
  get timeoutSeconds(): number | undefined {
    return undefined;
  }

  /** How a failure is answered within a run; `undefined` means by the policy of the run, which does not try again by itself. */
  get retry(): RetryPolicy | undefined {
    return undefined;
  }

  /** True for a task that is not to be run now. What requires it waits; what it requires itself runs. */
  get disabled(): boolean {
    return false;
  }

  /** Addresses of those who want to hear of failures. */
  get owners(): readonly string[] {
    return [];
  }

  /** Whether operators may send messages to the running task; `onMessage` of the context takes them. */
  get acceptsMessages(): boolean {
    return false;
  }

  /** Called after an attempt that made the outputs, where it ran. What it throws is logged and changes nothing. */
  onSuccess(_context: RunContext): Promise<void> | void {
    // By default a success is only reported.
  }

  /** Called after an attempt that failed, where it ran, unless its process died. What it throws is logged and changes nothing. */
  onFailure(_error: Error, _context: RunContext): Promise<void> | void {
    // By default a failure is only reported.
  }

  /** True for a task that somebody else completes: it is waited for, never run. */
  get isExternal(): boolean {
    return false;
  }

  /** `family(name=value, …)` with the significant parameters; private values are masked. */
  toString(): string {
    const { family, params } = classOf(this);
    const shown = Object.entries(params)
      .filter(([, param]) => param.significant)
      .map(
        ([name, param]) => `${name}=${param.visibility === "private" ? "***" : textOf(this, name, param)}`,
      );
    return `${family}(${shown.join(", ")})`;
  }

  /** What `console.log` shows. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** Computes the id when it is asked for: many tasks are made only to ask for their output. */
const COMPUTED_ID: PropertyDescriptor & ThisType<Task> = {
  get() {
    const value = identify(this);
    Object.defineProperty(this, "id", { value, enumerable: true, configurable: false });
    return value;
  },
  enumerable: true,
  configurable: true,
};

function identify(task: Task): string {
  const { family, params } = classOf(task);
  const texts: Record<string, string> = {};
  for (const name in params) {
    const param = params[name] as ParamShape[string];
    if (param.identifies) texts[name] = textOf(task, name, param);
  }
  return taskId(family, texts);
}

function classOf(task: Task): ConcreteTaskClass {
  return task.constructor as unknown as ConcreteTaskClass;
}

function textOf(task: Task, name: string, param: ParamShape[string]): string {
  return param.type.serialize((task as unknown as Record<string, unknown>)[name]);
}

// Tasks of two classes without a name would share their ids, and one would pass for the other.
function unnamed(): UsageError {
  return new UsageError(
    "TASK_UNNAMED",
    "A task class has no name, so its tasks have no identity. Name the class, also where it is the default export.",
  );
}
