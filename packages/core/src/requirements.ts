import { describeValue } from "./describe-value.ts";
import { UsageError } from "./errors.ts";
import { isPlainObject } from "./json-text.ts";
import { Target } from "./target.ts";
import { Task } from "./task.ts";
import type { Outputs, Requirements } from "./task-types.ts";

/**
 * The tasks of a requirement structure, in order, each once for every place it stands in.
 *
 * @param owner the task that requires them, for messages
 * @throws UsageError `DEPENDENCY_INVALID` for anything that is not a task
 */
export function flattenRequirements(requirements: Requirements, owner: Task): Task[] {
  return flatten(
    requirements,
    (value) => Task.isTask(value),
    (found) => invalidRequirement(found, owner),
  );
}

/**
 * The targets of an output structure, in order.
 *
 * @throws UsageError `OUTPUT_INVALID` for anything that is not a target
 */
export function flattenOutputs(outputs: Outputs, owner: Task): Target[] {
  return flatten(
    outputs,
    (value) => Target.isTarget(value),
    (found) => {
      const message = `output() of ${owner} gives ${describeValue(found)}, which is not a target. Give a target such as new LocalTarget(path).`;
      return new UsageError("OUTPUT_INVALID", message);
    },
  );
}

/** The same structure with `map(task)` in the place of each task. */
export function mapRequirements(requirements: Requirements, map: (task: Task) => unknown): unknown {
  if (requirements === undefined) return undefined;
  if (Task.isTask(requirements)) return map(requirements);
  if (Array.isArray(requirements)) return requirements.map((item) => mapRequirements(item, map));
  return Object.fromEntries(
    Object.entries(requirements).map(([name, item]) => [name, mapRequirements(item as Requirements, map)]),
  );
}

function flatten<T>(
  root: unknown,
  isLeaf: (value: unknown) => value is T,
  invalid: (value: unknown) => Error,
): T[] {
  if (isLeaf(root)) return [root];
  const found: T[] = [];
  const visit = (value: unknown): void => {
    if (isLeaf(value)) found.push(value);
    else if (value === undefined || value === null) return;
    else if (Array.isArray(value)) value.forEach(visit);
    else if (isPlainObject(value)) Object.values(value).forEach(visit);
    else throw invalid(value);
  };
  visit(root);
  return found;
}

function invalidRequirement(found: unknown, owner: Task): UsageError {
  const cure = Target.isTarget(found)
    ? "Wrap a target that already exists in an ExternalTask and require that."
    : "Give tasks, or lists and objects of tasks.";
  const message = `requires() of ${owner} gives ${describeValue(found)}, which is not a task. ${cure}`;
  return new UsageError("DEPENDENCY_INVALID", message);
}
