import { type CompletionCheck, flattenRequirements, type Task } from "leat";

/** Whether all that a task requires is complete. */
export async function areComplete(
  task: Task,
  check: CompletionCheck = (other) => other.complete(),
): Promise<boolean> {
  const answers = await Promise.all(flattenRequirements(task.requires(), task).map(check));
  return answers.every(Boolean);
}
