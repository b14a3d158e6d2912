import { statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type ConcreteTaskClass, Task, UsageError, WrapperTask } from "@leat/core";
import { loadError } from "./module-error.ts";
import { notFoundMessage } from "./suggest.ts";
import { isTypeScript, supportTypeScript } from "./typescript.ts";

/** A module with tasks: those that it exports are found by their family. */
export interface TaskModule {
  readonly url: string;
  readonly classes: ReadonlyMap<string, ConcreteTaskClass>;
  /** @throws UsageError `TASK_NOT_FOUND`, `TASK_AMBIGUOUS` */
  get(family: string): ConcreteTaskClass;
}

/**
 * Loads a module of tasks. TypeScript needs no build step.
 *
 * @param location a path relative to the working directory, or a `file:` URL
 * @throws UsageError `MODULE_NOT_FOUND`; `MODULE_INVALID` with what its code threw as the cause
 */
export async function loadTaskModule(location: string): Promise<TaskModule> {
  const url = urlOf(location);
  if (isTypeScript(url)) await supportTypeScript();
  try {
    return taskModule(location, url, (await import(url)) as Readonly<Record<string, unknown>>);
  } catch (cause) {
    throw loadError(location, url, cause);
  }
}

const EXTENSIONS = [".ts", ".mts", ".js", ".mjs"];

function urlOf(location: string): string {
  const path = location.startsWith("file:") ? fileURLToPath(location) : resolve(location);
  if (isFile(path)) return pathToFileURL(path).href;
  const extension = EXTENSIONS.find((candidate) => isFile(path + candidate));
  const cure =
    extension === undefined
      ? `Give the path of a .ts or .js file that exports tasks, relative to ${process.cwd()}.`
      : `Did you mean ${location}${extension}?`;
  throw new UsageError("MODULE_NOT_FOUND", `There is no module ${location}. ${cure}`);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** The tasks among the exports of a module. */
export function taskModule(
  location: string,
  url: string,
  exports: Readonly<Record<string, unknown>>,
): TaskModule {
  const exported = new Set(Object.values(exports).filter(isTaskClass));
  const classes = new Map<string, ConcreteTaskClass>();
  const ambiguous = new Set<string>();
  for (const type of exported) {
    if (!isConcrete(type)) continue;
    if (classes.has(type.family)) ambiguous.add(type.family);
    classes.set(type.family, type);
  }
  const get = (family: string): ConcreteTaskClass => {
    if (ambiguous.has(family)) throw ambiguousTask(family, location);
    const found = classes.get(family);
    if (found !== undefined) return found;
    throw [...exported].some((type) => type.family === family)
      ? abstractTask(family)
      : unknownTask(family, [...classes.keys()], location);
  };
  return { url, classes, get };
}

function isTaskClass(value: unknown): value is ConcreteTaskClass {
  return typeof value === "function" && Task.isTask(value.prototype);
}

/** An abstract class lacks methods that every task has; the language itself forgets which classes are abstract. */
function isConcrete(type: ConcreteTaskClass): boolean {
  const { run, output } = type.prototype as { run?: unknown; output?: unknown };
  // A module may hand on all that it imports.
  const isBase = (type as unknown) === WrapperTask;
  return typeof run === "function" && typeof output === "function" && !isBase;
}

function unknownTask(family: string, known: readonly string[], location: string): UsageError {
  const message =
    known.length === 0
      ? `The module ${location} exports no tasks. Put "export" before their classes.`
      : `${notFoundMessage("task", family, known)} A task needs "export" before its class.`;
  return new UsageError("TASK_NOT_FOUND", message);
}

function abstractTask(family: string): UsageError {
  const message = `${family} is abstract: it lacks output() or run(). Add them, or run a task that extends it.`;
  return new UsageError("TASK_NOT_FOUND", message);
}

function ambiguousTask(family: string, location: string): UsageError {
  const message = `The module ${location} exports two tasks with the name ${family}. Give one of them a namespace or another name.`;
  return new UsageError("TASK_AMBIGUOUS", message);
}
