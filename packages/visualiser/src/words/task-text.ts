import type { TaskView } from "../api/types.ts";

type Named = Pick<TaskView, "taskId" | "family" | "params" | "paramVisibilities" | "label">;

/** Parameters that everybody may see, as `name=value`. */
export function paramText({
  params,
  paramVisibilities = {},
}: Pick<Named, "params" | "paramVisibilities">): string {
  return Object.entries(params)
    .filter(([name]) => (paramVisibilities[name] ?? 0) === 0)
    .map(([name, value]) => `${name}=${value}`)
    .join(", ");
}

/** What a task is called where there is one line for it. */
export function taskTitle({ label, family, taskId }: Pick<Named, "label" | "family" | "taskId">): string {
  return label ?? (family === "" ? taskId : family);
}

/** The command that runs the task without a scheduler, to be pasted into a shell. */
export function rerunCommand({
  module,
  family,
  params,
}: Pick<TaskView, "module" | "family" | "params">): string {
  const flags = Object.entries(params).map(([name, value]) => `--${toFlag(name)} ${quote(value)}`);
  return ["leat run", quote(module === "" ? "MODULE" : module), quote(family), ...flags].join(" ");
}

function toFlag(name: string): string {
  return name.replaceAll("_", "-").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
