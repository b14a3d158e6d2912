import {
  type CompletionCheck,
  type ConcreteTaskClass,
  type FileSystem,
  FileTarget,
  flattenOutputs,
  flattenRequirements,
  LeatError,
  Task,
  WrapperTask,
} from "@leat/core";
import { findByListing } from "./listing.ts";

/**
 * Ids of those tasks that are complete: by `bulkComplete` of their class; else, when their outputs are files, by listing
 * directories; else by asking each.
 *
 * @param tasks all of the class `type`
 */
export async function completeInBulk(
  type: ConcreteTaskClass,
  tasks: readonly Task[],
  check: CompletionCheck,
): Promise<ReadonlySet<string>> {
  if (type.bulkComplete !== undefined) return idsOf(await type.bulkComplete(tasks));
  return (await completeByListing(tasks)) ?? completeOneByOne(tasks, check);
}

function idsOf(tasks: Iterable<Task>): Set<string> {
  return new Set(Array.from(tasks, ({ id }) => id));
}

/** Ids of those tasks that are complete. One that cannot tell is taken for incomplete: whoever requires it will hear why. */
export async function completeOneByOne(
  tasks: readonly Task[],
  check: CompletionCheck,
): Promise<ReadonlySet<string>> {
  const answers = await Promise.all(tasks.map((task) => check(task).catch(falseUnlessCycle)));
  return idsOf(tasks.filter((_, index) => answers[index]));
}

function falseUnlessCycle(error: unknown): boolean {
  if (LeatError.is(error) && error.code === "CYCLE") throw error;
  return false;
}

/** Ids of those tasks whose files are all there; `undefined` when that says nothing about the tasks, or costs too much. */
async function completeByListing(tasks: readonly Task[]): Promise<ReadonlySet<string> | undefined> {
  const filesOfTasks = new Map<string, readonly FileTarget[]>();
  for (const task of tasks) {
    const files = filesOf(task);
    if (files === undefined) return undefined;
    filesOfTasks.set(task.id, files);
  }
  const present = await presentFiles([...filesOfTasks.values()].flat());
  if (present === undefined) return undefined;
  return idsOf(tasks.filter((task) => filesOfTasks.get(task.id)?.every((file) => present.has(file))));
}

/** The files that a task, or what a wrapper stands for, is complete by; `undefined` when it is not by files alone. */
function filesOf(task: Task): readonly FileTarget[] | undefined {
  if (WrapperTask.isPlain(task)) return filesOfAll(flattenRequirements(task.requires(), task));
  if (task.complete !== Task.prototype.complete) return undefined;
  const outputs = flattenOutputs(task.output(), task);
  return outputs.length > 0 && outputs.every(isPlainFile) ? outputs : undefined;
}

function filesOfAll(tasks: readonly Task[]): readonly FileTarget[] | undefined {
  const files = tasks.map(filesOf);
  return files.every((some) => some !== undefined) ? files.flat() : undefined;
}

/** Whether a target is there exactly when a file is. */
function isPlainFile(target: unknown): target is FileTarget {
  const isFile = target instanceof FileTarget && target.exists === FileTarget.prototype.exists;
  return isFile && target.maxAgeSeconds === undefined;
}

async function presentFiles(files: readonly FileTarget[]): Promise<ReadonlySet<FileTarget> | undefined> {
  const present = new Set<FileTarget>();
  for (const [fileSystem, group] of byFileSystem(files)) {
    const found = await findByListing(fileSystem, [...new Set(group.map(({ path }) => path))]);
    if (found === undefined) return undefined;
    for (const file of group) if (found.has(file.path)) present.add(file);
  }
  return present;
}

function byFileSystem(files: readonly FileTarget[]): Map<FileSystem, FileTarget[]> {
  const groups = new Map<FileSystem, FileTarget[]>();
  for (const file of files) {
    const known = groups.has(file.fileSystem)
      ? file.fileSystem
      : [...groups.keys()].find((other) => other.sharesFilesWith(file.fileSystem));
    const group = groups.get(known ?? file.fileSystem) ?? [];
    groups.set(known ?? file.fileSystem, group);
    group.push(file);
  }
  return groups;
}
