import type { TaskNaming } from "@leat/scheduler";

/** The name of a task for people: as its worker gave it, or the family with its public parameters. */
export function taskLabel(task: TaskNaming): string {
  if (task.label !== undefined) return task.label;
  const params = publicNames(task).map((name) => `${name}=${task.params[name]}`);
  return `${task.family}(${params.join(", ")})`;
}

/** Parameters that everybody may see, by name in alphabetical order. */
export function publicParams(task: Omit<TaskNaming, "family">): { readonly [name: string]: string } {
  return Object.fromEntries(publicNames(task).map((name) => [name, task.params[name] as string]));
}

function publicNames({ params, paramVisibilities }: Omit<TaskNaming, "family">): string[] {
  const names = Object.keys(params);
  const shown =
    paramVisibilities === undefined ? names : names.filter((name) => (paramVisibilities[name] ?? 0) === 0);
  return shown.sort();
}
