import type { TaskSpec } from "@leat/scheduler";

/** What a scheduler takes in one request without making others wait. */
const MOST_TASKS = 5000;
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** Cuts a list of tasks into pieces that fit into a request each, in the same order. */
export function* batchesOf(tasks: readonly TaskSpec[]): Generator<readonly TaskSpec[]> {
  let [start, characters] = [0, 0];
  for (const [index, task] of tasks.entries()) {
    const length = JSON.stringify(task).length;
    if (index > start && (index - start >= MOST_TASKS || characters + length > MOST_CHARACTERS)) {
      yield tasks.slice(start, index);
      [start, characters] = [index, 0];
    }
    characters += length;
  }
  if (start < tasks.length) yield tasks.slice(start);
}
