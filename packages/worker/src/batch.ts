import { type ConcreteTaskClass, type Task, UsageError } from "@leat/core";
import { classOf, nameOf } from "./task-name.ts";

/** How tasks of a class run together. */
export interface Batching {
  /** Parameters in which they may differ. */
  readonly batchedParams: readonly string[];
  /** Absent means no limit. */
  readonly maxBatchSize?: number;
}

const known = new WeakMap<object, Batching | null>();

/** `undefined` for a class whose tasks run alone: none of its parameters can combine values, or it says so. */
export function batchingOf(type: ConcreteTaskClass): Batching | undefined {
  const found = known.get(type);
  if (found !== undefined) return found ?? undefined;
  const { params, maxBatchSize } = type;
  const batchedParams = Object.keys(params).filter((name) => params[name]?.batch !== undefined);
  const limit = maxBatchSize === Infinity ? {} : { maxBatchSize };
  const batching = batchedParams.length > 0 && maxBatchSize > 1 ? { batchedParams, ...limit } : null;
  known.set(type, batching);
  return batching ?? undefined;
}

/** The task that runs in place of several: the first of them, with the combined values of all in the batched parameters. */
export function combine(members: readonly Task[]): Task {
  const first = members[0] as Task;
  const type = classOf(first);
  const valueOf = (task: Task, name: string): unknown => (task as unknown as Record<string, unknown>)[name];
  const args = Object.entries(type.params).map(([name, { batch }]) => {
    if (batch === undefined) return [name, valueOf(first, name)];
    return [name, batch(members.map((member) => valueOf(member, name)))];
  });
  return new type(Object.fromEntries(args));
}

/** Values that the scheduler compares to find tasks that can run together. */
export function batchSpec(task: Task): {
  readonly family: string;
  readonly params: Readonly<Record<string, string>>;
  readonly batchable: true;
} {
  const { family, params } = classOf(task);
  const values = task as unknown as Readonly<Record<string, unknown>>;
  const texts = Object.entries(params)
    .filter(([, param]) => param.visibility !== "private")
    .map(([name, param]) => [name, param.type.serialize(values[name])]);
  return { family, params: Object.fromEntries(texts) as Record<string, string>, batchable: true };
}

/** @throws UsageError `OPTION_INVALID` for a size that is no whole number of at least 1 */
export function checkBatching(task: Task): void {
  const { maxBatchSize } = classOf(task);
  if (maxBatchSize === Infinity || (Number.isSafeInteger(maxBatchSize) && maxBatchSize > 0)) return;
  const message = `maxBatchSize of ${nameOf(task)} is ${maxBatchSize}. Give a whole number of at least 1, or Infinity.`;
  throw new UsageError("OPTION_INVALID", message);
}
