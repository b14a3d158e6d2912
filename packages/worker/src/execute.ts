import { flattenOutputs, type RunContext, type Task, TaskError } from "@leat/core";
import { strictBoolean } from "./check.ts";
import { explain, toError } from "./errors.ts";
import { isUnmetNeed } from "./need-errors.ts";
import { hasOwnRule } from "./own-rule.ts";
import { nameOf } from "./task-name.ts";

const SHOWN_TARGETS = 5;

/**
 * Runs a task, makes sure of its outputs and tells it of the outcome.
 *
 * @param members the tasks in place of which it runs, when it is a batch: theirs are the outputs that must be there
 * @throws TaskError `TASK_INCOMPLETE` when it returned and is not complete
 */
export async function execute(
  task: Task,
  context: RunContext,
  members: readonly Task[] = [task],
): Promise<void> {
  try {
    await task.run(context);
    for (const member of members) await verify(member, context);
  } catch (thrown) {
    const error = toError(thrown);
    // What waits for others has not failed.
    if (!isUnmetNeed(error)) await tell("onFailure", () => task.onFailure(error, context), context);
    throw thrown;
  }
  await tell("onSuccess", () => task.onSuccess(context), context);
}

async function verify(task: Task, context: RunContext): Promise<void> {
  if (strictBoolean(await task.complete(), task)) return;
  const missing = await missingOutputs(task);
  if (missing !== undefined) {
    throw new TaskError("TASK_INCOMPLETE", task.id, `${nameOf(task)} ran to its end, but ${missing}`);
  }
  context.log.warn("It has no output, so it runs every time. Give it an output, or a complete() of its own.");
}

/** The outcome stands, whatever a task does when it hears of it. */
async function tell(name: string, call: () => Promise<void> | void, { log }: RunContext): Promise<void> {
  try {
    await call();
  } catch (thrown) {
    log.error(`${name}() failed, which changes nothing about the outcome: ${explain(toError(thrown))}`);
  }
}

/** What is not there, as the end of a sentence; `undefined` for a task that has nothing by which to tell. */
async function missingOutputs(task: Task): Promise<string | undefined> {
  const outputs = flattenOutputs(task.output(), task);
  if (outputs.length === 0) {
    return hasOwnRule(task) ? "complete() still says false. Make complete() true after run()." : undefined;
  }
  const found = await Promise.all(outputs.map((output) => output.exists()));
  const missing = outputs.filter((_, index) => found[index] === false).map(String);
  if (missing.length === 0) return "complete() says false while all outputs exist. Make the two agree.";
  const hidden = missing.length - SHOWN_TARGETS;
  const names = missing.slice(0, SHOWN_TARGETS).join(", ") + (hidden > 0 ? ` and ${hidden} more` : "");
  return `it did not make ${names}. Make run() write ${missing.length === 1 ? "it" : "them"}, or correct output().`;
}
