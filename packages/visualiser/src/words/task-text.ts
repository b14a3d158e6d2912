import type { TaskView } from "../api/types.ts";
import { percentDecoded } from "./format.ts";

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

/** What a task needs of what is shared, e.g. `database: 1, tape: 2`. */
export function resourceText(resources: TaskView["resources"]): string {
  return Object.entries(resources)
    .map(([name, amount]) => `${name}: ${amount}`)
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
  return ["leat run", quote(module === "" ? "MODULE" : modulePath(module)), quote(family), ...flags].join(
    " ",
  );
}

/** Workers name modules by URL; people name files by path. */
export function modulePath(module: string): string {
  if (!module.startsWith("file:///") || !URL.canParse(module)) return module;
  const path = percentDecoded(new URL(module).pathname);
  return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
}

function toFlag(name: string): string {
  return name.replaceAll("_", "-").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
