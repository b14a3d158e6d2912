import type { ConcreteTaskClass, Task } from "@leat/core";

const MAX_LENGTH = 200;

/** The class of a task, with what command lines and ids know of it. */
export function classOf(task: Task): ConcreteTaskClass {
  return task.constructor as unknown as ConcreteTaskClass;
}

/**
 * The display string of a task, fit for one line: cut where it is long, and without control characters, by which a parameter
 * could make up log lines or steer a terminal. Private values are masked.
 */
export function nameOf(task: Task): string {
  const name = withoutControls(displayed(task));
  return name.length > MAX_LENGTH ? `${name.slice(0, MAX_LENGTH)}…` : name;
}

/** A `toString` of a task's own may throw, which is no reason not to speak of the task. */
function displayed(task: Task): string {
  try {
    return String(task);
  } catch {
    return task.id;
  }
}

/** Writes control characters and line separators as escapes: `\n`, `\u001b`. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    if (escaped !== character) return escaped;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
