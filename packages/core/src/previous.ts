import type { CompletionCheck } from "./completion-check.ts";
import { UsageError } from "./errors.ts";
import type { ConcreteTaskClass, Task } from "./task.ts";

/** Which step back is meant where a task has several parameters of time. */
export interface PreviousOptions<T> {
  /** Name of the parameter that steps. Default: the only one of a type that steps back, such as a date. */
  readonly param?: keyof T & string;
}

export interface PreviousCompletedOptions<T> extends PreviousOptions<T> {
  /** Most steps back. Default 10. */
  readonly maxSteps?: number;
  /** How tasks are asked. Default: by their `complete()`. */
  readonly check?: CompletionCheck;
}

/**
 * The task of the day, hour, … before, with all other parameters the same: its date, month, year, hour, minute, second or date
 * interval goes back one step of its grid. As Luigi's `previous`.
 *
 * @throws UsageError `PREVIOUS_UNDEFINED` when no parameter steps, several could, or there is nothing before
 */
export function previous<T extends Task>(task: T, { param }: PreviousOptions<T> = {}): T {
  const type = classOf(task);
  const name = param ?? steppingParam(task, type);
  const value = valuesOf(task)[name];
  const before: unknown = type.params[name]?.type.predecessor?.(value);
  if (before === undefined) throw unclear(task, `its parameter "${name}" has no value before this one`);
  const values = Object.keys(type.params).map((each) => [each, valuesOf(task)[each]]);
  return new type({ ...Object.fromEntries(values), [name]: before }) as T;
}

/**
 * The latest task before this one that is complete; `undefined` when none is within `maxSteps`. As Luigi's
 * `get_previous_completed`.
 *
 * @throws UsageError `PREVIOUS_UNDEFINED` as `previous`
 */
export async function previousCompleted<T extends Task>(
  task: T,
  options: PreviousCompletedOptions<T> = {},
): Promise<T | undefined> {
  const { maxSteps = 10, check = (other) => other.complete() } = options;
  let found = task;
  for (let step = 0; step < maxSteps; step++) {
    found = previous(found, options);
    if (await check(found)) return found;
  }
  return undefined;
}

function steppingParam(task: Task, { params }: ConcreteTaskClass): string {
  const stepping = Object.keys(params).filter((name) => params[name]?.type.predecessor !== undefined);
  if (stepping.length === 1) return stepping[0] as string;
  if (stepping.length === 0) throw unclear(task, "it has no parameter of a date or a time");
  const names = stepping.join(" and ");
  throw unclear(task, `its parameters ${names} could step. Name one, as in { param: "${stepping[0]}" }`);
}

function classOf(task: Task): ConcreteTaskClass {
  return task.constructor as unknown as ConcreteTaskClass;
}

function valuesOf(task: Task): Readonly<Record<string, unknown>> {
  return task as unknown as Readonly<Record<string, unknown>>;
}

function unclear(task: Task, reason: string): UsageError {
  return new UsageError("PREVIOUS_UNDEFINED", `There is no task previous to ${task}: ${reason}.`);
}
