import type { Param, Task } from "@leat/core";
import { classOf } from "./task-name.ts";

// The numbers of Luigi's execution summary.
const MAX_NAMES = 60;
const MAX_TASK = 200;
const MAX_NAMES_OF_PAIR = 40;
const MAX_TASK_OF_PAIR = 100;
const MAX_LIST = 200;
const SHORT_LIST = 30;
const SHORT_LIST_VALUES = 3;

/**
 * One line for the tasks of one family, as Luigi writes it: `Ok(n=0,1,2)`, `Bar(num=5...199)`, `Mix(a=1...3, b=7)`.
 *
 * @param tasks at least one, sorted by their texts
 */
export function condense(tasks: readonly Task[]): string {
  const [first] = tasks as readonly [Task, ...Task[]];
  const { family, params } = classOf(first);
  const names = Object.keys(params);
  if (names.length === 0) return `${family}()`;
  if (isTooLong(tasks, first, names)) return `${family}(...)`;
  const [only] = names as [string];
  if (names.length === 1) return `${family}(${only}=${valuesOf(tasks, only, params[only] as Param<any>)})`;
  return rangeOf(tasks, first, names) ?? severalTasks(tasks);
}

function isTooLong(tasks: readonly Task[], first: Task, names: readonly string[]): boolean {
  const nameLength = names.join("").length;
  const taskLength = String(first).length;
  if (nameLength > MAX_NAMES || taskLength > MAX_TASK) return true;
  return (
    tasks.length === 2 &&
    names.length > 1 &&
    (nameLength > MAX_NAMES_OF_PAIR || taskLength > MAX_TASK_OF_PAIR)
  );
}

function severalTasks(tasks: readonly Task[]): string {
  if (tasks.length === 1) return `${tasks[0]}`;
  return tasks.length === 2 ? `${tasks[0]} and ${tasks[1]}` : `${tasks[0]} ...`;
}

function valuesOf(tasks: readonly Task[], name: string, param: Param<any>): string {
  const run = contiguous(tasks, name, param);
  if (run !== undefined && run.length > 3) return `${run.first}...${run.last}`;
  let list = "";
  for (const [index, task] of tasks.entries()) {
    const isLast = index === tasks.length - 1;
    const isCut =
      (list.length >= SHORT_LIST && index >= SHORT_LIST_VALUES && !isLast) || list.length > MAX_LIST;
    if (isCut) return `${list}...`;
    list += `${shownValue(task, name, param)},`;
  }
  return list.slice(0, -1);
}

/** All parameters with the one that varies as a range; `undefined` when there is no such one. */
function rangeOf(tasks: readonly Task[], first: Task, names: readonly string[]): string | undefined {
  const { family, params } = classOf(first);
  const shown = (task: Task, name: string) => shownValue(task, name, params[name] as Param<any>);
  const varying = names.filter((name) => new Set(tasks.map((task) => shown(task, name))).size > 1);
  const [varies] = varying;
  if (varies === undefined || varying.length > 1) return undefined;
  const run = contiguous(tasks, varies, params[varies] as Param<any>);
  if (run === undefined || run.length <= 2) return undefined;
  const parts = names.map(
    (name) => `${name}=${name === varies ? `${run.first}...${run.last}` : shown(first, name)}`,
  );
  return `${family}(${parts.join(", ")})`;
}

interface Run {
  readonly first: string;
  readonly last: string;
  readonly length: number;
}

/** The ends of the values when each follows another by the type's successor, without a gap. */
function contiguous(tasks: readonly Task[], name: string, { type, visibility }: Param<any>): Run | undefined {
  if (type.successor === undefined || visibility === "private") return undefined;
  const values = new Map(tasks.map((task) => [type.serialize(valueOf(task, name)), valueOf(task, name)]));
  const followers = new Map<string, string>();
  for (const [text, value] of values) {
    const next: unknown = type.successor(value);
    if (next === undefined) return undefined;
    followers.set(type.serialize(next), text);
  }
  const firsts = [...values.keys()].filter((text) => !followers.has(text));
  const lasts = [...followers].filter(([text]) => !values.has(text)).map(([, text]) => text);
  const [first, last] = [firsts[0], lasts[0]];
  if (firsts.length !== 1 || lasts.length !== 1 || first === undefined || last === undefined)
    return undefined;
  return { first, last, length: values.size };
}

function shownValue(task: Task, name: string, param: Param<any>): string {
  return param.visibility === "private" ? "***" : param.type.serialize(valueOf(task, name));
}

function valueOf(task: Task, name: string): unknown {
  return (task as unknown as Readonly<Record<string, unknown>>)[name];
}
