import type { TaskView } from "@leat/scheduler";

/** The name of a task for people: as its worker gave it, or the family with its public parameters. */
export function taskLabel(task: Pick<TaskView, "label" | "family" | "params" | "paramVisibilities">): string {
  if (task.label !== undefined) return task.label;
  const params = Object.entries(publicParams(task)).map(([name, value]) => `${name}=${value}`);
  return `${task.family}(${params.join(", ")})`;
}

/** Parameters that everybody may see, by name in alphabetical order. */
export function publicParams({
  params,
  paramVisibilities = {},
}: Pick<TaskView, "params" | "paramVisibilities">): { readonly [name: string]: string } {
  const shown = Object.entries(params).filter(([name]) => (paramVisibilities[name] ?? 0) === 0);
  return Object.fromEntries(shown.sort(([a], [b]) => (a < b ? -1 : 1)));
}
