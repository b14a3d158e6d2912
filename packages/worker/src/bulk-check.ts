import { type ConcreteTaskClass, Task, UsageError } from "@leat/core";
import { classOf } from "./task-name.ts";

/** A class that tells of many of its tasks at once whether they are complete. */
export type BulkCheckedClass = ConcreteTaskClass & Required<Pick<ConcreteTaskClass, "bulkComplete">>;

/** The class of a task, if it tells of many at once. */
export function bulkClassOf(task: Task): BulkCheckedClass | undefined {
  const type = classOf(task);
  return type.bulkComplete === undefined ? undefined : (type as BulkCheckedClass);
}

/**
 * Ids of the complete ones among tasks of a class.
 *
 * @throws UsageError `COMPLETE_INVALID` when the class gives something else than tasks
 */
export async function completeAmong(
  type: BulkCheckedClass,
  tasks: readonly Task[],
): Promise<ReadonlySet<string>> {
  const found: unknown = await type.bulkComplete(tasks);
  const ids = new Set<string>();
  for (const task of iterated(found, type)) {
    if (!Task.isTask(task)) throw invalid(type, task);
    ids.add(task.id);
  }
  return ids;
}

function iterated(value: unknown, type: BulkCheckedClass): Iterable<unknown> {
  if (typeof value === "object" && value !== null && Symbol.iterator in value)
    return value as Iterable<unknown>;
  throw invalid(type, value);
}

function invalid({ family }: BulkCheckedClass, value: unknown): UsageError {
  const message = `bulkComplete() of ${family} gives ${String(value)}. Return those of the given tasks that are complete.`;
  return new UsageError("COMPLETE_INVALID", message);
}
