import { existsSync } from "node:fs";
import { extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type ConcreteTaskClass, Task, UsageError } from "@leat/core";
import { notFoundMessage } from "./suggest.ts";

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
  if (/\.[cm]?tsx?$/.test(new URL(url).pathname)) await supportTypeScript();
  try {
    return taskModule(url, (await import(url)) as Readonly<Record<string, unknown>>);
  } catch (cause) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new UsageError("MODULE_INVALID", `Cannot load the module ${location}: ${reason}`, { cause });
  }
}

function urlOf(location: string): string {
  if (location.startsWith("file:")) return location;
  const path = resolve(location);
  if (existsSync(path) && extname(path) !== "") return pathToFileURL(path).href;
  const cure = `Give the path of a .ts or .js file that exports tasks, relative to ${process.cwd()}.`;
  throw new UsageError("MODULE_NOT_FOUND", `There is no module ${location}. ${cure}`);
}

let typeScript: Promise<unknown> | undefined;

/** Node 20 reads no TypeScript by itself, and newer ones only what they can erase. */
function supportTypeScript(): Promise<unknown> {
  typeScript ??= import("tsx/esm/api").then((tsx) => tsx.register());
  return typeScript;
}

/** The tasks among the exports of a module. */
export function taskModule(url: string, exports: Readonly<Record<string, unknown>>): TaskModule {
  const classes = new Map<string, ConcreteTaskClass>();
  const ambiguous = new Set<string>();
  for (const exported of Object.values(exports)) {
    if (!isConcreteTaskClass(exported)) continue;
    const known = classes.get(exported.family);
    if (known !== undefined && known !== exported) ambiguous.add(exported.family);
    classes.set(exported.family, exported);
  }
  const get = (family: string): ConcreteTaskClass => {
    if (ambiguous.has(family)) throw ambiguousTask(family, url);
    const found = classes.get(family);
    if (found === undefined) throw unknownTask(family, classes, url);
    return found;
  };
  return { url, classes, get };
}

/** An abstract class lacks methods that every task has; the language itself forgets which classes are abstract. */
function isConcreteTaskClass(value: unknown): value is ConcreteTaskClass {
  if (typeof value !== "function" || !Task.isTask(value.prototype)) return false;
  const { run, output } = value.prototype as { run?: unknown; output?: unknown };
  return typeof run === "function" && typeof output === "function";
}

function unknownTask(family: string, classes: ReadonlyMap<string, unknown>, url: string): UsageError {
  if (classes.size === 0) {
    return new UsageError(
      "TASK_NOT_FOUND",
      `The module ${url} exports no tasks. Put "export" before their classes.`,
    );
  }
  return new UsageError("TASK_NOT_FOUND", notFoundMessage("task", family, [...classes.keys()]));
}

function ambiguousTask(family: string, url: string): UsageError {
  const message = `The module ${url} exports two tasks with the name ${family}. Give one of them a namespace or another name.`;
  return new UsageError("TASK_AMBIGUOUS", message);
}
