import { flattenOutputs, removeOutputs, type Target, type Task, UsageError } from "@leat/core";
import { nameOf } from "@leat/worker";
import type { Program } from "./command.ts";
import { isRemovalConfirmed } from "./confirm.ts";
import { type Flag, switchFlag } from "./flags.ts";
import { print } from "./output.ts";
import { warnOf } from "./remarks.ts";
import { readTaskCommand, taskCommandFlags, type TaskCommandShape } from "./task-command.ts";
import { taskGraph } from "./task-graph.ts";

const FLAGS: readonly Flag[] = [
  {
    name: "upstream",
    description: "Also the outputs of all that the task requires, but not of external tasks.",
  },
  { name: "yes", description: "Remove without asking." },
];

const SHAPE: TaskCommandShape = { name: "clean", ownFlags: FLAGS };

/** `leat clean MODULE TASK`: removes outputs, so that the next run makes them again. */
export const clean: Program = { flags: taskCommandFlags(SHAPE), execute };

async function execute(args: readonly string[]): Promise<number> {
  const command = await readTaskCommand(SHAPE, args);
  if (command === undefined) return 0;
  const { task, flags } = command;
  warnOf(command.remarks);
  if (task.isExternal) throw notOurs(task);
  const dirty = await withOutputs(switchFlag(flags, "upstream") ? await upstreamOf(task) : [task]);
  if (dirty.length === 0) return say("There is nothing to remove.");
  for (const { owner, outputs } of dirty)
    say([nameOf(owner), ...outputs.map((output) => `  ${output}`)].join("\n"));
  if (!switchFlag(flags, "yes") && !(await isRemovalConfirmed("clean"))) return say("Nothing was removed.");
  return removeAll(dirty.map(({ owner }) => owner));
}

function notOurs(task: Task): UsageError {
  const message = `${nameOf(task)} is external: something outside Leat makes its outputs. Remove them there.`;
  return new UsageError("FLAG_INVALID", message);
}

interface Dirty {
  readonly owner: Task;
  readonly outputs: readonly Target[];
}

async function upstreamOf(task: Task): Promise<Task[]> {
  return Array.from((await taskGraph(task)).values(), (node) => node.task).filter(
    ({ isExternal }) => !isExternal,
  );
}

/** Tasks of which some output is there. */
async function withOutputs(tasks: readonly Task[]): Promise<Dirty[]> {
  const dirty: Dirty[] = [];
  for (const owner of tasks) {
    const targets = flattenOutputs(owner.output(), owner);
    const isThere = await Promise.all(targets.map((target) => target.exists()));
    const outputs = targets.filter((_, index) => isThere[index]);
    if (outputs.length > 0) dirty.push({ owner, outputs });
  }
  return dirty;
}

async function removeAll(tasks: readonly Task[]): Promise<number> {
  let count = 0;
  let exitCode = 0;
  for (const task of tasks) {
    const { removed, kept } = await removeOutputs(task);
    count += removed.length;
    if (kept.length === 0) continue;
    exitCode = KEPT;
    process.stderr.write(
      `leat: cannot remove ${kept.join(", ")}: its store does not say how. Remove it there.\n`,
    );
  }
  say(`Removed ${count}.`);
  return exitCode;
}

/** Exit code when something is still there. */
const KEPT = 1;

function say(text: string): 0 {
  print(`${text}\n`);
  return 0;
}
