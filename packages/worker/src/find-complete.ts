import { memoizedCheck, type Task } from "@leat/core";

/** Checks under way at a time. */
const CHECKS = 64;

/** Those of the tasks that are complete now. What cannot be told is told to `onError`, and is none of them. */
export async function findComplete(
  tasks: readonly Task[],
  onError: (task: Task, error: unknown) => void = () => undefined,
): Promise<ReadonlySet<Task>> {
  const check = memoizedCheck();
  const complete = new Set<Task>();
  for (let start = 0; start < tasks.length; start += CHECKS) {
    await Promise.all(tasks.slice(start, start + CHECKS).map((task) => look(task)));
  }
  return complete;

  async function look(task: Task): Promise<void> {
    try {
      if (await check(task)) complete.add(task);
    } catch (error) {
      onError(task, error);
    }
  }
}
