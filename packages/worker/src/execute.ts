import { flattenOutputs, type RunContext, type Task, Task as TaskBase, TaskError } from "@leat/core";

const SHOWN_TARGETS = 5;

/**
 * Runs a task and makes sure of its outputs.
 *
 * @throws TaskError `TASK_INCOMPLETE` when it returned and is not complete
 */
export async function execute(task: Task, context: RunContext): Promise<void> {
  await task.run(context);
  context.signal.throwIfAborted();
  if (await task.complete()) return;
  const missing = await missingOutputs(task);
  if (missing === undefined) {
    context.log.warn(
      `${task} has no output, so it runs every time. Give it an output, or a complete() of its own.`,
    );
    return;
  }
  throw new TaskError("TASK_INCOMPLETE", task.id, `${task} ran to its end, but ${missing}`);
}

/** What is not there, as the end of a sentence; `undefined` for a task that has nothing by which to tell. */
async function missingOutputs(task: Task): Promise<string | undefined> {
  const outputs = flattenOutputs(task.output(), task);
  if (outputs.length === 0) {
    const hasOwnRule = task.complete !== TaskBase.prototype.complete;
    return hasOwnRule ? "complete() still says false. Make complete() true after run()." : undefined;
  }
  const found = await Promise.all(outputs.map((output) => output.exists()));
  const missing = outputs.filter((_, index) => found[index] === false).map(String);
  if (missing.length === 0) return "complete() says false while all outputs exist. Make the two agree.";
  const hidden = missing.length - SHOWN_TARGETS;
  const names = missing.slice(0, SHOWN_TARGETS).join(", ") + (hidden > 0 ? ` and ${hidden} more` : "");
  return `it did not make ${names}. Make run() write ${missing.length === 1 ? "it" : "them"}, or correct output().`;
}
