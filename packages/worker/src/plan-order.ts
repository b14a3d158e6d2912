import type { Task } from "@leat/core";
import { cycleError } from "./cycle.ts";
import type { PlannedTask } from "./plan.ts";

interface Frame {
  readonly planned: PlannedTask;
  readonly requires: readonly string[];
  /** Requirements looked at so far. */
  done: number;
}

/**
 * Depth first, requirements before dependants: a pipeline that was begun is finished before the next one begins. The same
 * graph always gives the same order, whichever check was answered first.
 *
 * @param requirementsOf those to follow; ids that are not among the found tasks are left out
 * @throws UsageError `CYCLE`
 */
export function inOrder(
  requested: readonly string[],
  found: ReadonlyMap<string, PlannedTask>,
  requirementsOf: (id: string) => readonly string[] = (id) => (found.get(id) as PlannedTask).requires,
): Map<string, PlannedTask> {
  const ordered = new Map<string, PlannedTask>();
  // A stack of its own: a chain of tasks may be longer than the call stack.
  const stack: Frame[] = [];
  const onStack = new Set<string>();
  const enter = (id: string): void => {
    const planned = found.get(id);
    if (planned === undefined || ordered.has(id)) return;
    if (onStack.has(id)) throw cycleError(cycleAt(id, stack));
    onStack.add(id);
    stack.push({ planned, requires: requirementsOf(id), done: 0 });
  };
  for (const root of requested) {
    enter(root);
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const { task } = frame.planned;
      const next = frame.requires[frame.done++];
      if (next !== undefined) enter(next);
      else {
        stack.pop();
        onStack.delete(task.id);
        ordered.set(task.id, frame.planned);
      }
    }
  }
  return ordered;
}

function cycleAt(id: string, stack: readonly Frame[]): Task[] {
  const tasks = stack.map((frame) => frame.planned.task);
  return tasks.slice(tasks.findIndex((task) => task.id === id));
}
